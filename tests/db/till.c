#include "till.h"

#include <assert.h>
#include <stdio.h>

#include "card.h"
#include "uuid.h"

union any_out {
	struct id_out id;
	struct refund_out refund;
	char room[512];
};

struct uuid till_run(struct scene *scene, const struct operation *operation, const void *in)
{
	union any_out out;
	enum err err = scene_run(scene, operation, in, &out);
	if (err != ERR_OK)
		fprintf(stderr, "%s: %s\n", operation->name, reason_text(scene->ctx.detail.reason));
	assert(err == ERR_OK);
	return out.id.id;
}

enum err till_try(struct scene *scene, const struct operation *operation, const void *in)
{
	union any_out out;
	return scene_run(scene, operation, in, &out);
}

struct uuid till_card(struct scene *scene, int64_t points, bool active)
{
	static int n;
	struct card_in in = {.balance = {points}};
	char *barcode = arena_alloc(scene->ctx.arena, 16);
	snprintf(barcode, 16, "till%d", n++);
	in.row.barcode = str_of(barcode);
	in.row.code = STR("1");
	in.row.active = active;
	in.row.name = in.row.description = in.row.blocked_description = in.row.phone =
		in.row.email = in.row.image = in.row.activation_shop_id = STR("");
	return till_run(scene, &op_card_add, &in);
}

struct posting_in till_posting(const struct uuid *card, enum posting_type type, int64_t sum)
{
	struct posting_in in = {.card_id = *card,
				.type = type,
				.sum = {sum},
				.author = STR("till"),
				.description = STR(""),
				.doc_id = STR(""),
				.kkm_id = STR(""),
				.shop_id = STR(""),
				.discount_id = STR("")};
	sent_set(&in.sent, offsetof(struct posting_in, author));
	return in;
}

struct refund_in till_refund(const struct uuid *entry, int64_t sum)
{
	struct refund_in in = {.id = *entry, .sum = {sum}, .doc_id = STR("")};
	sent_set(&in.sent, offsetof(struct refund_in, sum));
	return in;
}

struct hold_in till_hold(const struct uuid *card, int64_t sum)
{
	return (struct hold_in){.card_id = *card, .sum = {sum}, .doc_id = STR("")};
}

struct capture_in till_capture(const struct uuid *hold, int64_t sum)
{
	struct capture_in in = {.id = *hold, .sum = {sum}};
	sent_set(&in.sent, offsetof(struct capture_in, sum));
	return in;
}

struct uuid till_post(struct scene *scene, const struct uuid *card, enum posting_type type,
		      int64_t sum)
{
	struct posting_in in = till_posting(card, type, sum);
	return till_run(scene, &op_transaction_add, &in);
}

long long till_number(const struct scene *scene, const char *expression, const struct uuid *card)
{
	char text[512], id[UUID_TEXT_LEN + 1];
	size_t n = 0;
	for (size_t i = 0; i < sizeof card->byte; i++)
		n += (size_t)snprintf(id + n, 3, "%02x", card->byte[i]);
	snprintf(text, sizeof text, "SELECT %s = x'%s'", expression, id);
	return scene_number(scene, text);
}
