/* A bounded number of composed statements stays prepared; the least used goes first. */
#include "db_priv.h"

#include <stdlib.h>

static void kept_free(struct db_kept *kept)
{
	if (kept->stmt)
		mysql_stmt_close(kept->stmt);
	free(kept->text);
	*kept = (struct db_kept){0};
}

void db_kept_close(struct db *db)
{
	for (size_t i = 0; i < DB_KEPT_MAX; i++)
		kept_free(&db->kept[i]);
}

static struct db_kept *find(struct db *db, const char *text)
{
	for (size_t i = 0; i < DB_KEPT_MAX; i++) {
		if (db->kept[i].text && strcmp(db->kept[i].text, text) == 0)
			return &db->kept[i];
	}
	return NULL;
}

static struct db_kept *least_used(struct db *db)
{
	struct db_kept *least = &db->kept[0];

	for (size_t i = 1; i < DB_KEPT_MAX; i++) {
		if (db->kept[i].used < least->used)
			least = &db->kept[i];
	}
	return least;
}

MYSQL_STMT *db_kept_get(struct db *db, const struct stmt_def *def, enum err *err_r)
{
	struct db_kept *kept = find(db, def->text);

	*err_r = ERR_OK;
	if (!kept) {
		MYSQL_STMT *stmt = db_prepare(db, def, err_r);

		if (!stmt)
			return NULL;
		kept = least_used(db);
		kept_free(kept);
		kept->stmt = stmt;
		kept->text = strdup(def->text);
		if (!kept->text)
			abort();
	}
	kept->used = ++db->kept_uses;
	return kept->stmt;
}
