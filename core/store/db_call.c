/* Trips to the server: counted, timed, and failing on request. */
#include "db_priv.h"

#include "clock.h"

#define CLIENT_LOST 2013

struct db_call db_call_begin(struct db *db)
{
	struct db_call call = {.begin_us = clock_monotonic_us(), .fault = DB_FAULT_NONE};

	db->stats.calls++;
	if (db->fault_in > 0 && --db->fault_in == 0)
		call.fault = db->fault;
	return call;
}

unsigned db_call_end(struct db *db, const struct db_call *call, unsigned code)
{
	db->used_at_us = clock_monotonic_us();
	db->stats.us += db->used_at_us - call->begin_us;
	return call->fault == DB_FAULT_NONE ? code : CLIENT_LOST;
}

void db_fail_after(struct db *db, int n, enum db_fault fault)
{
	db->fault_in = n;
	db->fault = fault;
}

struct db_stats *db_stats(struct db *db)
{
	return &db->stats;
}

enum err db_text(struct db *db, const char *text, size_t len, const char *what)
{
	struct db_call call = db_call_begin(db);
	unsigned code = 0;

	if (call.fault != DB_FAULT_UNSENT && mysql_real_query(db->mysql, text, len) != 0)
		code = mysql_errno(db->mysql);
	code = db_call_end(db, &call, code);
	return code == 0 ? ERR_OK : db_failed(db, code, mysql_error(db->mysql), what);
}

enum err db_command(struct db *db, const char *text)
{
	enum err err = db->tx == DB_TX_NONE ? db_ready(db) : db_tx_open(db);

	return err == ERR_OK ? db_text(db, text, strlen(text), "command") : err;
}

enum err db_tx_open(struct db *db)
{
	static const char begin[] = "START TRANSACTION";
	enum err err;

	if (!db->ready)
		return ERR_BUSY;
	if (db->tx != DB_TX_WANTED)
		return ERR_OK;
	err = db_text(db, begin, sizeof(begin) - 1, "start transaction");
	if (err == ERR_OK)
		db->tx = DB_TX_OPEN;
	return err;
}

void db_rollback(struct db *db)
{
	static const char rollback[] = "ROLLBACK";
	struct db_call call;
	unsigned code = 0;

	if (!db->ready)
		return;
	call = db_call_begin(db);
	if (call.fault != DB_FAULT_UNSENT &&
	    mysql_real_query(db->mysql, rollback, sizeof(rollback) - 1) != 0)
		code = mysql_errno(db->mysql);
	if (db_call_end(db, &call, code) != 0)
		db->ready = false;
}
