/* Keys of the tables that the demo fills: put aside, and made from sorted rows at the end. */
#include "db.h"
#include "demo_run.h"
#include "keys.h"

#define CARDS_MIN 10000 /* fewer are in before a table is changed */

/* What takes longest begins. */
static const char *const tables[] = {"card",      "person", "entry",  "identifier",
				     "card_word", "lot",    "vehicle"};
#define TABLES ((int64_t)(sizeof(tables) / sizeof(tables[0])))

static struct db *open_bare(struct demo *demo)
{
	struct db_options options = db_options_of(&demo->admin->config);

	options.bare = true;
	return db_open(&options);
}

static enum status keys_err(struct db *db, enum err err)
{
	return err ? admin_fault("keys: %s: %s", err_text(err), db_message(db)) : STATUS_OK;
}

enum status demo_keys_aside(struct demo *demo)
{
	struct arena *arena = &demo->admin->arena;
	struct db *db = open_bare(demo);
	enum err err = ERR_OK;

	demo->keyless = demo->cards >= CARDS_MIN;
	for (int64_t i = 0; !err && demo->keyless && i < TABLES; i++) {
		err = keys_aside(db, arena, tables[i]);
		if (err != ERR_CONFLICT)
			continue;
		demo->keyless = false;
		err = keys_all_back(db, arena);
	}
	enum status status = keys_err(db, err);
	db_close(&db);
	return status;
}

static enum status give_back(struct demo *demo, int64_t part)
{
	struct db *db = open_bare(demo);
	enum status status = keys_err(db, keys_back(db, &demo->admin->arena, tables[part]));

	db_close(&db);
	return status;
}

enum status demo_keys_back(struct demo *demo)
{
	static const struct demo_job job = {.things = "indexed tables",
					    .things_n = TABLES,
					    .part_things = 1,
					    .parts = TABLES,
					    .parts_min = 1,
					    .make = give_back};

	return demo->keyless ? demo_share_out(demo, &job) : STATUS_OK;
}
