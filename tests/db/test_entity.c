#include "unit.h"

#include "card.h"
#include "entity.h"
#include "person.h"
#include "scene.h"
#include "select_tables.h"

static struct scene on;

#define OUT_ROW(out, T, i) (((const struct T *)(out).rows.rows)[i])

static struct str text(const char *s)
{
	return str_of(s);
}

#define SET(in, T, m, v)                                                                           \
	do {                                                                                       \
		(in)->row.m = (v);                                                                 \
		sent_set(&(in)->sent, offsetof(struct T, row.m));                                  \
	} while (0)

static struct customer_in customer(const char *name)
{
	struct customer_in in = {.row = {.serial = 0}};

	SET(&in, customer_in, name, text(name));
	return in;
}

static struct entity_write_in write_of(void *rows, size_t n)
{
	struct entity_write_in in = {.rows = {rows, n}};

	sent_set(&in.wanted, offsetof(struct customer_row, total_debt));
	sent_set(&in.wanted, offsetof(struct customer_row, debt_data));
	return in;
}

static enum err insert(struct customer_in *in, struct customer_row *row_r)
{
	struct entity_write_in write = write_of(in, 1);
	struct entity_out out = {.total = 0};
	enum err err = scene_run(&on, &op_customer_insert, &write, &out);

	if (err == ERR_OK) {
		assert_int_equal(out.rows.n, 1);
		*row_r = OUT_ROW(out, customer_row, 0);
	}
	return err;
}

static enum err update(int64_t serial, struct customer_in *in, struct customer_row *row_r)
{
	struct entity_write_in write = write_of(in, 1);
	struct entity_out out = {.total = 0};
	enum err err;

	write.key.serial = serial;
	err = scene_run(&on, &op_customer_update, &write, &out);
	if (err == ERR_OK && out.rows.n == 1)
		*row_r = OUT_ROW(out, customer_row, 0);
	return err == ERR_OK && out.rows.n == 0 ? ERR_NOT_FOUND : err;
}

static struct select_cond filter(const char *name, enum select_cmp cmp,
				 const struct select_value *values, size_t n)
{
	return (struct select_cond){.kind = SELECT_FILTER,
				    .cmp = cmp,
				    .name = name,
				    .values = values,
				    .value_n = n,
				    .path = "conditions.filters[0]"};
}

static enum err select_where(const struct operation *operation, struct select_cond where,
			     struct entity_out *out)
{
	struct entity_select_in in = {.query = {.where = where, .limit = 100, .count = true}};

	return scene_run(&on, operation, &in, out);
}

static int64_t found(const char *name, enum select_cmp cmp, const char *value)
{
	struct select_value v = {.text = text(value)};
	struct entity_out out = {.total = 0};

	assert_int_equal(
		select_where(&op_customer_select, filter(name, cmp, &v, value ? 1 : 0), &out),
		ERR_OK);
	return out.total;
}

static enum err remove_one(int64_t serial, struct entity_remove_out *out)
{
	struct select_value v = {.number = serial};
	struct entity_remove_in in = {filter("serial", SELECT_EQ, &v, 1)};

	return scene_run(&on, &op_customer_remove, &in, out);
}

static void test_what_was_inserted_is_selected(void **state)
{
	struct customer_in in = customer("Jane Doe");
	struct customer_row row;

	(void)state;
	SET(&in, customer_in, email, text("jane.doe@example.com"));
	SET(&in, customer_in, card_code, text("A1B2C3D4"));
	SET(&in, customer_in, credit_allowed, true);
	SET(&in, customer_in, external_id, text("X-1"));
	SET(&in, customer_in, payment_card, text("4111 1111 1111 1234"));
	SET(&in, customer_in, city, text("Казань"));
	assert_int_equal(insert(&in, &row), ERR_OK);
	assert_true(row.serial > 0);
	assert_true(str_eq(row.card_code, text("A1B2C3D4")));
	assert_true(str_eq(row.payment_card, text("**** 1234")));
	assert_int_equal(row.total_debt.minor, 0);
	assert_non_null(strstr(row.debt_data.at, "\"cardId\":\"A1B2C3D4\""));
	assert_int_equal(found("card_code", SELECT_EQ, "a1b2c3d4"), 1);
	assert_int_equal(found("card_code", SELECT_LIKE, "A1B%"), 1);
	assert_int_equal(found("card_code", SELECT_EQ, "A1B2"), 0);
	assert_int_equal(found("email", SELECT_EQ, "JANE.DOE@example.com"), 1);
	assert_int_equal(found("city", SELECT_LIKE, "каз%"), 1);
	assert_int_equal(found("city", SELECT_NULL, NULL), 0);
	assert_int_equal(found("external_id", SELECT_NOT_NULL, NULL), 1);
	assert_int_equal(found("payment_card", SELECT_EQ, "**** 1234"), 1);
	assert_int_equal(scene_number(&on, "SELECT COUNT(*) FROM card WHERE code = 'A1B2C3D4' AND "
					   "barcode = code AND active = 1 AND live = 1"),
			 1);
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
	assert_int_equal(found("card_code", SELECT_EQ, "a1b2c3d4"), 0);
	assert_int_equal(scene_number(&on, "SELECT blocked FROM card WHERE code = 'A1B2C3D4'"), 1);
	assert_int_equal(insert(&in, &row), ERR_OK);
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
}

static const struct refusal {
	const char *member;
	enum err err;
	enum reason reason;
	const char *name, *email, *card, *external, *payment;
	int64_t company;
} refusals[] = {
	{"name", ERR_INVALID, REASON_REQUIRED, "", NULL, NULL, NULL, NULL, 0},
	{"email", ERR_INVALID, REASON_MALFORMED, "n", "no address", NULL, NULL, NULL, 0},
	{"email", ERR_TAKEN, REASON_ALREADY_USED, "n", "First@example.com", NULL, NULL, NULL, 0},
	{"external_id", ERR_TAKEN, REASON_ALREADY_USED, "n", NULL, NULL, "ext1", NULL, 0},
	{"card_code", ERR_CONFLICT, REASON_OTHER_HOLDER, "n", NULL, "Code1", NULL, NULL, 0},
	{"company_serial", ERR_CONFLICT, REASON_NO_SUCH, "n", NULL, NULL, NULL, NULL, 4711},
	{"payment_card", ERR_INVALID, REASON_MALFORMED, "n", NULL, NULL, NULL, "4111x", 0},
};

static void fill(struct customer_in *in, const struct refusal *r)
{
	if (r->email)
		SET(in, customer_in, email, text(r->email));
	if (r->card)
		SET(in, customer_in, card_code, text(r->card));
	if (r->external)
		SET(in, customer_in, external_id, text(r->external));
	if (r->payment)
		SET(in, customer_in, payment_card, text(r->payment));
	if (r->company)
		SET(in, customer_in, company_serial, r->company);
}

/* The second row is refused, and the first goes with it. */
static void test_all_or_nothing(void **state)
{
	const struct refusal first = {
		.email = "first@example.com", .card = "code1", .external = "EXT1"};
	struct customer_in holder = customer("First");
	struct customer_row row;

	(void)state;
	fill(&holder, &first);
	assert_int_equal(insert(&holder, &row), ERR_OK);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct customer_in rows[2] = {customer("Good"), customer(refusals[i].name)};
		struct entity_write_in in = write_of(rows, 2);
		struct entity_out out = {.total = 0};

		fill(&rows[1], &refusals[i]);
		assert_int_equal(scene_run(&on, &op_customer_insert, &in, &out), refusals[i].err);
		assert_true(scene_refused(&on, refusals[i].member, refusals[i].reason));
		assert_int_equal(on.ctx.detail.row, 2);
		assert_int_equal(found("name", SELECT_EQ, "good"), 0);
	}
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
}

static void test_the_primary_card_changes_hands(void **state)
{
	struct customer_in in = customer("Two cards"), change = {.row = {.serial = 0}};
	struct customer_row row;

	(void)state;
	SET(&in, customer_in, card_code, text("P1"));
	assert_int_equal(insert(&in, &row), ERR_OK);
	SET(&change, customer_in, card_code, text("P2"));
	assert_int_equal(update(row.serial, &change, &row), ERR_OK);
	assert_true(str_eq(row.card_code, text("P2")));
	assert_int_equal(found("card_code", SELECT_EQ, "p1"), 0);
	SET(&change, customer_in, card_code, text("P1"));
	assert_int_equal(update(row.serial, &change, &row), ERR_OK);
	assert_true(str_eq(row.card_code, text("P1")));
	SET(&change, customer_in, card_code, text(""));
	assert_int_equal(update(row.serial, &change, &row), ERR_OK);
	assert_int_equal(row.card_code.len, 0);
	assert_int_equal(found("card_code", SELECT_NULL, NULL), 1);
	assert_int_equal(update(row.serial + 1000000, &change, &row), ERR_NOT_FOUND);
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
}

static void test_a_lock_shuts_all_cards(void **state)
{
	struct customer_in in = customer("Locked"), change = {.row = {.serial = 0}};
	struct customer_row row;

	(void)state;
	SET(&in, customer_in, card_code, text("L1"));
	assert_int_equal(insert(&in, &row), ERR_OK);
	SET(&change, customer_in, locked, true);
	SET(&change, customer_in, credit_allowed, true);
	assert_int_equal(update(row.serial, &change, &row), ERR_OK);
	assert_int_equal(scene_number(&on, "SELECT holder_locked + holder_credit FROM card WHERE "
					   "code = 'L1'"),
			 2);
	assert_true(str_eq(row.card_code, text("L1")));
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
}

static void test_a_company_in_use_stays(void **state)
{
	struct company_in company = {.row = {.serial = 0}};
	struct entity_write_in write = write_of(&company, 1);
	struct entity_out out = {.total = 0};
	struct entity_remove_out removed = {.keys = {0}};
	struct customer_in in = customer("Employee");
	struct customer_row row;

	(void)state;
	SET(&company, company_in, name, text("Acme Ltd"));
	assert_int_equal(scene_run(&on, &op_company_insert, &write, &out), ERR_OK);
	int64_t serial = OUT_ROW(out, company_row, 0).serial;
	struct select_value number = {.number = serial};
	struct entity_remove_in remove = {filter("serial", SELECT_EQ, &number, 1)};
	SET(&in, customer_in, company_serial, serial);
	assert_int_equal(insert(&in, &row), ERR_OK);
	assert_int_equal(row.company_serial, serial);
	assert_true(str_eq(row.company_name, text("Acme Ltd")));
	assert_int_equal(found("company_name", SELECT_EQ, "ACME ltd"), 1);
	assert_int_equal(found("company_serial", SELECT_NULL, NULL), 0);
	assert_int_equal(scene_run(&on, &op_company_remove, &remove, &removed), ERR_CONFLICT);
	SET(&in, customer_in, company_serial, 0);
	assert_int_equal(update(row.serial, &in, &row), ERR_OK);
	assert_int_equal(row.company_serial, 0);
	assert_int_equal(scene_run(&on, &op_company_remove, &remove, &removed), ERR_OK);
	assert_int_equal(removed.keys.n, 1);
	assert_int_equal(scene_run(&on, &op_company_remove, &remove, &removed), ERR_OK);
	assert_int_equal(removed.keys.n, 0);
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
}

static void test_a_plate_leads_to_its_customer(void **state)
{
	struct vehicle_in vehicle = {.row = {.serial = 0}};
	struct entity_write_in write = write_of(&vehicle, 1);
	struct entity_out out = {.total = 0};
	struct customer_in in = customer("Driver");
	struct customer_row row;
	struct select_value plate = {.text = STR("АВ123 77")};

	(void)state;
	assert_int_equal(insert(&in, &row), ERR_OK);
	SET(&vehicle, vehicle_in, plate, text("ав-123-77"));
	SET(&vehicle, vehicle_in, customer_serial, row.serial + 1000);
	assert_int_equal(scene_run(&on, &op_vehicle_insert, &write, &out), ERR_CONFLICT);
	SET(&vehicle, vehicle_in, customer_serial, row.serial);
	assert_int_equal(scene_run(&on, &op_vehicle_insert, &write, &out), ERR_OK);
	assert_int_equal(
		select_where(&op_vehicle_select, filter("plate", SELECT_EQ, &plate, 1), &out),
		ERR_OK);
	assert_int_equal(out.total, 1);
	assert_int_equal(OUT_ROW(out, vehicle_view_row, 0).customer_serial, row.serial);
	remove_one(row.serial, &(struct entity_remove_out){.keys = {0}});
	assert_int_equal(
		select_where(&op_vehicle_select, filter("plate", SELECT_EQ, &plate, 1), &out),
		ERR_OK);
	assert_int_equal(out.total, 0);
}

static enum err write_card(const struct operation *operation, int64_t serial,
			   struct card_item_in *in, struct card_item_row *row_r)
{
	struct entity_write_in write = {.key = {.serial = serial}, .rows = {in, 1}};
	struct entity_out out = {.total = 0};
	enum err err = scene_run(&on, operation, &write, &out);

	if (err == ERR_OK && out.rows.n == 1)
		*row_r = OUT_ROW(out, card_item_row, 0);
	return err == ERR_OK && out.rows.n == 0 ? ERR_NOT_FOUND : err;
}

static void test_a_card_is_made_changed_and_removed(void **state)
{
	struct customer_in in = customer("Card holder");
	struct card_item_in card = {.row = {.serial = 0}}, change = card, off = card;
	struct card_item_row row;
	struct customer_row holder;
	struct entity_remove_out removed = {.keys = {0}};

	(void)state;
	assert_int_equal(insert(&in, &holder), ERR_OK);
	SET(&card, card_item_in, code, text("K1"));
	assert_int_equal(write_card(&op_card_item_insert, 0, &card, &row), ERR_INVALID);
	assert_true(scene_refused(&on, "barcode", REASON_REQUIRED));
	SET(&card, card_item_in, barcode, text("K-0001"));
	SET(&card, card_item_in, active, true);
	SET(&card, card_item_in, customer_serial, holder.serial + 1000);
	assert_int_equal(write_card(&op_card_item_insert, 0, &card, &row), ERR_CONFLICT);
	SET(&card, card_item_in, customer_serial, holder.serial);
	assert_int_equal(write_card(&op_card_item_insert, 0, &card, &row), ERR_OK);
	assert_true(row.active && !row.blocked && row.points.minor == 0);
	assert_int_equal(row.customer_serial, holder.serial);
	assert_int_equal(found("card_code", SELECT_EQ, "k1"), 1);
	assert_int_equal(write_card(&op_card_item_insert, 0, &card, &row), ERR_TAKEN);
	SET(&change, card_item_in, blocked, true);
	SET(&change, card_item_in, blocked_description, text("lost"));
	SET(&change, card_item_in, message, text("hello"));
	assert_int_equal(write_card(&op_card_item_update, row.serial, &change, &row), ERR_OK);
	assert_true(row.blocked && row.active && str_eq(row.message, text("hello")));
	assert_true(str_eq(row.blocked_description, text("lost")));
	SET(&off, card_item_in, customer_serial, 0);
	SET(&off, card_item_in, active, false);
	SET(&off, card_item_in, blocked, false);
	assert_int_equal(write_card(&op_card_item_update, row.serial, &off, &row), ERR_OK);
	assert_true(!row.blocked && !row.active && row.customer_serial == 0);
	assert_int_equal(found("card_code", SELECT_EQ, "k1"), 0);
	struct select_value number = {.number = row.serial};
	struct entity_remove_in remove = {filter("serial", SELECT_EQ, &number, 1)};
	assert_int_equal(scene_run(&on, &op_card_item_remove, &remove, &removed), ERR_OK);
	assert_int_equal(removed.keys.n, 1);
	assert_int_equal(write_card(&op_card_item_update, row.serial, &off, &row), ERR_NOT_FOUND);
	remove_one(holder.serial, &removed);
}

static void test_what_cannot_be_asked_names_its_place(void **state)
{
	static const struct {
		const char *name;
		enum select_cmp cmp;
		const char *member;
	} cases[] = {
		{"nothing", SELECT_EQ, "conditions.filters[0].field"},
		{"total_debt", SELECT_EQ, "conditions.filters[0].field"},
		{"name", SELECT_CMPS, "conditions.filters[0].comparator"},
		{"serial", SELECT_LIKE, "conditions.filters[0].comparator"},
		{"name", SELECT_BETWEEN, "conditions.filters[0].value"},
	};
	struct select_value v = {.text = STR("x")};
	struct entity_out out;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(select_where(&op_customer_select,
					      filter(cases[i].name, cases[i].cmp, &v, 1), &out),
				 ERR_INVALID);
		assert_string_equal(on.ctx.detail.member, cases[i].member);
	}
}

static const struct {
	const struct select_table *table;
	const struct operation *select;
} entities[] = {
	{&select_customer, &op_customer_select},
	{&select_company, &op_company_select},
	{&select_vehicle, &op_vehicle_select},
	{&select_card_item, &op_card_item_select},
	{&select_group_item, &op_group_item_select},
	{&select_level_item, &op_level_item_select},
	{&select_transaction, &op_transaction_select},
	{&select_audit, &op_audit_select},
	{&select_series_item, &op_series_item_select},
	{&select_till_item, &op_till_item_select},
	{&select_washing_item, &op_washing_item_select},
	{&select_webhook_item, &op_webhook_item_select},
};

/* Every comparator on every field that can be asked, and every order. */
static void ask_field(const struct operation *select, const struct select_field *field)
{
	static const char id[16];
	const struct select_value v[2] = {{1, {id, field->type == FT_UUID ? 16 : 1}},
					  {2, {id, field->type == FT_UUID ? 16 : 1}}};
	struct select_order order = {.name = field->name, .desc = true};
	struct entity_out out;

	for (enum select_cmp cmp = SELECT_EQ; cmp < SELECT_CMPS; cmp++) {
		struct entity_select_in in = {.query = {.limit = 10, .order = &order}};
		bool null = cmp == SELECT_NULL || cmp == SELECT_NOT_NULL;

		if (cmp == SELECT_PREFIX || (cmp == SELECT_LIKE && field->type != FT_STR))
			continue;
		in.query.order_n = field->flags & SELECT_NO_ORDER ? 0 : 1;
		in.query.where = filter(field->name, cmp, v,
					null                    ? 0
					: cmp == SELECT_BETWEEN ? 2
								: 1);
		if (scene_run(&on, select, &in, &out) != ERR_OK)
			fail_msg("%s.%s, comparator %d: %s", select->name, field->name, cmp,
				 on.ctx.detail.member);
	}
}

static void test_every_field_can_be_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entities); i++)
		for (size_t f = 0; f < entities[i].table->field_n; f++)
			if (!(entities[i].table->fields[f].flags & SELECT_NO_FILTER))
				ask_field(entities[i].select, &entities[i].table->fields[f]);
}

static void test_remove_needs_a_condition(void **state)
{
	struct entity_remove_in in = {.where = {.kind = SELECT_AND}};
	struct entity_remove_out out = {.keys = {0}};

	(void)state;
	assert_int_equal(scene_run(&on, &op_customer_remove, &in, &out), ERR_INVALID);
	assert_true(scene_refused(&on, "where", REASON_REQUIRED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_inserted_is_selected),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_the_primary_card_changes_hands),
		cmocka_unit_test(test_a_lock_shuts_all_cards),
		cmocka_unit_test(test_a_company_in_use_stays),
		cmocka_unit_test(test_a_plate_leads_to_its_customer),
		cmocka_unit_test(test_a_card_is_made_changed_and_removed),
		cmocka_unit_test(test_what_cannot_be_asked_names_its_place),
		cmocka_unit_test(test_every_field_can_be_asked),
		cmocka_unit_test(test_remove_needs_a_condition),
	};
	int failed;

	if (!scene_open(&on, "test_entity"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
