/*
 * Error codes of the server and of the client library, as outcomes. Codes are those
 * of MariaDB's and MySQL's error references; 8002, 8022 and 9007 are TiDB's conflicts.
 */
#include "db_priv.h"

#include <stdio.h>

#include "log.h"

enum { LOST = 1, RETRY = 2, TIMED_OUT = 4, WAITED = 8 };

static const struct code {
	unsigned code;
	enum err err;
	unsigned flags;
} codes[] = {
	{1062, ERR_TAKEN, 0},             /* duplicate entry */
	{1146, ERR_NOT_FOUND, 0},         /* no such table: before the first migration */
	{1586, ERR_TAKEN, 0},             /* the same, with the key's name */
	{1060, ERR_TAKEN, 0},             /* a column of this name is there */
	{1061, ERR_TAKEN, 0},             /* a key of this name */
	{1091, ERR_TAKEN, 0},             /* what is to be dropped is not there */
	{1213, ERR_BUSY, RETRY},          /* deadlock; Galera: certification */
	{1205, ERR_BUSY, RETRY | WAITED}, /* lock wait */
	{1020, ERR_BUSY, RETRY},          /* record changed under snapshot isolation */
	{3572, ERR_BUSY, RETRY},          /* NOWAIT */
	{8002, ERR_BUSY, RETRY},          /* TiDB write conflict */
	{8022, ERR_BUSY, RETRY},          /* TiDB commit failed, undone */
	{9007, ERR_BUSY, RETRY},          /* TiDB write conflict */
	{1969, ERR_BUSY, TIMED_OUT},      /* MariaDB max_statement_time */
	{3024, ERR_BUSY, TIMED_OUT},      /* MySQL max_execution_time */
	{1317, ERR_BUSY, 0},              /* KILL QUERY */
	{2002, ERR_BUSY, LOST | RETRY},   /* cannot connect: socket */
	{2003, ERR_BUSY, LOST | RETRY},   /* cannot connect: host */
	{2006, ERR_BUSY, LOST | RETRY},   /* gone away */
	{2013, ERR_BUSY, LOST | RETRY},   /* lost while waiting for the answer */
	{2055, ERR_BUSY, LOST | RETRY},   /* the same, with the system's error */
	{2027, ERR_BUSY, LOST | RETRY},   /* malformed packet */
	{2026, ERR_BUSY, LOST | RETRY},   /* TLS error */
	{1040, ERR_BUSY, LOST | RETRY},   /* too many connections */
	{1047, ERR_BUSY, LOST | RETRY},   /* Galera: node not ready */
	{1053, ERR_BUSY, LOST | RETRY},   /* shutdown under way */
	{1077, ERR_BUSY, LOST | RETRY},   /* the same, normal shutdown */
	{1079, ERR_BUSY, LOST | RETRY},   /* the same, done */
	{1152, ERR_BUSY, LOST | RETRY},   /* connection aborted */
	{1927, ERR_BUSY, LOST | RETRY},   /* KILL CONNECTION */
	{4031, ERR_BUSY, LOST | RETRY},   /* MySQL: cut after inactivity */
	{1290, ERR_BUSY, LOST | RETRY},   /* read-only node */
	{1836, ERR_BUSY, LOST | RETRY},   /* read-only node */
};

static const struct code *find_code(unsigned code)
{
	static const struct code bug = {0, ERR_INTERNAL, 0};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code)
			return &codes[i];
	}
	return &bug;
}

/* "Duplicate entry '1-x' for key 'card.barcode'": MySQL names the table too. */
static void read_taken_key(struct db *db, const char *message)
{
	const char *key = strstr(message, " for key '"), *next = key, *dot;
	size_t len;

	while (next) {
		key = next;
		next = strstr(key + 1, " for key '");
	}
	if (!key)
		return;
	key += strlen(" for key '");
	dot = strchr(key, '.');
	key = dot ? dot + 1 : key;
	len = strcspn(key, "'");
	snprintf(db->taken_key, sizeof(db->taken_key), "%.*s", (int)len, key);
}

void db_clear(struct db *db)
{
	db->timed_out = db->waited = db->may_retry = db->lost = false;
	db->taken_key[0] = db->message[0] = '\0';
}

enum err db_failed(struct db *db, unsigned code, const char *message, const char *what)
{
	const struct code *found = find_code(code);

	db_clear(db);
	db->stats.errors++;
	db->lost = found->flags & LOST;
	db->may_retry = found->flags & RETRY;
	db->timed_out = found->flags & TIMED_OUT;
	db->waited = found->flags & WAITED;
	db->ready = db->ready && !db->lost;
	snprintf(db->message, sizeof(db->message), "%u: %s", code, message);
	if (found->err == ERR_TAKEN)
		read_taken_key(db, message);
	else if (found->err != ERR_NOT_FOUND)
		log_event(found->err == ERR_INTERNAL ? LOG_ERROR_ : LOG_WARN_, "database error",
			  (struct log_pair[]){{"code", NULL, code}, {"statement", what, 0}, {0}});
	return found->err;
}

const char *db_taken_key(const struct db *db)
{
	return db->taken_key;
}

bool db_timed_out(const struct db *db)
{
	return db->timed_out;
}

bool db_lock_waited(const struct db *db)
{
	return db->waited;
}

bool db_may_retry(const struct db *db)
{
	return db->may_retry;
}

enum err db_again(struct db *db)
{
	db_clear(db);
	db->may_retry = true;
	return ERR_BUSY;
}

const char *db_message(const struct db *db)
{
	return db->message;
}
