/* Reading a card: the server describes the columns of its answer once a connection. */
#include "unit.h"

#include "card.h"
#include "db.h"
#include "deck.h"
#include "stmt.h"
#include "uuid.h"

static struct scene on;

struct of_card {
	struct uuid id;
};

/* A number, for a card where the text asks for one. */
static int64_t ask(const char *text, const struct uuid *card)
{
	static const struct field ins[] = {
		{.wire = "id", .offset = offsetof(struct of_card, id), .type = FT_UUID}};
	static const struct field outs[] = {{.wire = "n", .type = FT_I64, .flags = STORE_NULLABLE}};
	static const struct map in_map = MAP("of card", struct of_card, ins),
				out_map = MAP("n", int64_t, outs);
	struct of_card in = {.id = card ? *card : (struct uuid){{0}}};
	/* Kept apart by its text. */
	const struct stmt_def def = {.name = "ask",
				     .text = text,
				     .in = card ? &in_map : NULL,
				     .out = &out_map,
				     .kind = STMT_MANY};
	struct list rows = {0};

	assert_int_equal(db_many_of(on.ctx.db, on.ctx.arena, &def, &in, &rows), ERR_OK);
	assert_int_equal(rows.n, 1);
	return *(const int64_t *)rows.rows;
}

/* How many answers of the connection came without a description of their columns. */
static int64_t undescribed(void)
{
	return ask(
		"SELECT CAST(variable_value AS SIGNED) AS n FROM information_schema.session_status"
		" WHERE variable_name = 'Resultset_metadata_skipped'",
		NULL);
}

static void test_a_cards_columns_are_described_once(void **state)
{
	static const char *const changing =
		"SELECT o.balance AS n FROM card c LEFT JOIN account o ON o.organisation_id = 1 AND"
		" o.card_id = c.id AND o.unit = 1 WHERE c.organisation_id = 1 AND c.id = ?";
	struct uuid rich = deck_card(&on, (struct card_in){.balance = {500}});
	struct uuid blank = deck_card(&on, (struct card_in){.balance = {0}});
	int64_t before, own;

	(void)state;
	for (int idle = 0; idle < 2; idle++) {
		on.settings.has_idle_levels = idle;
		deck_see(&on, rich), undescribed();
		before = undescribed();
		own = undescribed() - before;
		before += own;
		deck_see(&on, blank), deck_see(&on, rich), deck_see(&on, blank);
		assert_int_equal(undescribed() - before - own, 3);
	}
	ask(changing, &rich);
	before = undescribed();
	ask(changing, &blank), ask(changing, &rich), ask(changing, &blank);
	assert_int_equal(undescribed() - before - own, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cards_columns_are_described_once),
	};
	int failed;

	if (!scene_open(&on, "test_card_columns"))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	scene_close(&on);
	return failed;
}
