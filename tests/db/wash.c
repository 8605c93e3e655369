#include "wash.h"

#include <assert.h>
#include <stdio.h>

#include "db.h"
#include "stmt_gen.h"
#include "text.h"

struct uuid wash_card(struct scene *scene, const char *number)
{
	struct card_in in = {.row = {.barcode = str_of(number),
				     .code = str_of(number),
				     .name = STR("card"),
				     .active = true}};
	struct id_out out;
	enum err err = scene_run(scene, &op_card_add, &in, &out);
	assert(err == ERR_OK);
	return out.id;
}

struct uuid wash_holder(struct scene *scene, const char *name, int64_t born)
{
	static int n;
	struct person_in in = {.row = {.name = str_of(name), .birthdate = {born}}};
	struct id_out out;
	char *login = arena_alloc(scene->ctx.arena, 16);
	snprintf(login, 16, "holder%d", n++);
	in.row.login = str_of(login);
	enum err err = scene_run(scene, &op_person_add, &in, &out);
	assert(err == ERR_OK);
	return out.id;
}

void wash_attach(struct scene *scene, struct uuid card, struct uuid holder)
{
	struct card_in in = {.row = {.id = card, .person_id = holder}};
	struct nothing out;
	sent_set(&in.sent, offsetof(struct card_in, row.person_id));
	enum err err = scene_run(scene, &op_card_change, &in, &out);
	assert(err == ERR_OK);
}

static void put_hex(char *out, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", ((const unsigned char *)bytes)[i]);
}

void wash_plate(struct scene *scene, struct uuid holder, const char *plate)
{
	static int n = 1;
	struct str key = text_plate(scene->ctx.arena, str_of(plate), 256);
	char hex[128], sql[512], id[33] = {0};
	put_hex(hex, key.at, key.len);
	put_hex(id, &holder, sizeof holder);
	snprintf(sql, sizeof sql,
		 "INSERT INTO vehicle (organisation_id, id, serial, live, person_id, plate, "
		 "plate_key, created_at, updated_at) VALUES (1, UNHEX(LPAD('%d', 32, '0')), %d, 1, "
		 "x'%s', 'p', "
		 "x'%s', 0, 0)",
		 n, n, id, hex);
	n++;
	deck_sql(scene, sql, holder);
}

void wash_till(struct scene *scene, int64_t number)
{
	struct till_row row = {
		.organisation_id = SCENE_ORGANISATION, .number = number, .name = STR("till")};
	enum err err = sql_till_put(scene->on.db, &row, NULL);
	assert(err == ERR_OK);
}

struct sale_in wash_sale(struct scene *scene, const char *number, const char *payment,
			 int64_t price, size_t options)
{
	struct sale_item *items = arena_array(scene->ctx.arena, struct sale_item, options + 1);
	for (size_t i = 0; i <= options; i++)
		items[i] = (struct sale_item){
			.article_number = i ? STR("option") : STR("wash"),
			.quantity = {100},
			.price = {i ? 100 : price},
		};
	return (struct sale_in){.key = {.card_number = str_of(number)},
				.items = {items, options + 1},
				.payment_method = str_of(payment)};
}

struct charge_in wash_charge(const char *number, int64_t amount)
{
	return (struct charge_in){.key = {.card_number = str_of(number)}, .amount = {amount}};
}

enum err wash_sell(struct scene *scene, const struct sale_in *in, struct sale_out *out)
{
	return scene_run(scene, &op_sale, in, out);
}

int64_t wash_put(struct scene *scene, const char *number, int64_t amount)
{
	struct charge_in in = wash_charge(number, amount);
	struct charge_out out;
	enum err err = scene_run(scene, &op_charge, &in, &out);
	assert(err == ERR_OK);
	return out.credit.minor;
}

struct card_information_out wash_see(struct scene *scene, const char *number)
{
	struct card_information_in in = {.key = {.card_number = str_of(number)}};
	struct card_information_out out;
	enum err err = scene_run(scene, &op_card_information, &in, &out);
	assert(err == ERR_OK);
	return out;
}
