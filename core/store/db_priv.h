/* Inside of core/store/db*.c; the only place that sees the MySQL client. */
#ifndef STORE_DB_PRIV_H
#define STORE_DB_PRIV_H

#include <mysql.h>

#include "db.h"
#include "stmt.h"

/* The two makers of the client disagree on the type; it is one byte with both. */
#ifdef MARIADB_PACKAGE_VERSION
typedef my_bool db_bool;
#else
typedef bool db_bool;
#endif
_Static_assert(sizeof(db_bool) == 1, "db_bool is one byte on both clients");

/* A column's first bytes land in a slot; longer values are fetched again in full. */
#define DB_SLOT_SIZE 1024

/* Statements beside the table that stay prepared, by text. */
#define DB_KEPT_MAX 64

struct db_kept {
	char *text;
	MYSQL_STMT *stmt; /* NULL = free */
	int64_t used;     /* greater = newer */
};

enum db_tx {
	DB_TX_NONE,
	DB_TX_WANTED, /* tx_run has begun, START TRANSACTION is not sent yet */
	DB_TX_OPEN,
	DB_TX_COMMITTED, /* by the last batch */
};

struct db {
	struct db_options options;
	MYSQL *mysql;       /* NULL = not connected */
	MYSQL_STMT **stmts; /* by enum stmt; NULL when bare */
	bool *named;        /* by enum stmt: prepared as sN too, for batches; NULL when bare */
	enum db_tx tx;
	bool ready; /* session set, statements prepared */
	bool lost;  /* the newest failure broke the connection */
	bool timed_out, waited, may_retry;
	char taken_key[65];
	char message[256];
	int64_t retry_at_us, backoff_us, used_at_us;
	struct db_kept kept[DB_KEPT_MAX];
	int64_t kept_uses;
	MYSQL_BIND *params; /* room for the largest statement so far */
	size_t param_cap;
	struct db_stats stats;
	int fault_in;
	enum db_fault fault;
	/* All statements' columns are bound here: one row at a time. */
	unsigned long length[STMT_COLUMNS_MAX];
	db_bool is_null[STMT_COLUMNS_MAX], truncated[STMT_COLUMNS_MAX];
	_Alignas(16) unsigned char slot[STMT_COLUMNS_MAX][DB_SLOT_SIZE];
};

/* A column's value on its way into a struct. */
struct db_cell {
	const char *at;
	size_t len;
	int64_t number; /* FT_BOOL, FT_I64, FT_AMOUNT, FT_MOMENT */
	bool null;
	bool in_arena; /* `at` need not be copied again */
};

/* db_error.c. `what` names the statement in the log. */
enum err db_failed(struct db *db, unsigned code, const char *message, const char *what);
void db_clear(struct db *db);

/* db_connect.c */
void db_disconnect(struct db *db);

/* db_cell.c: false when the value does not fit the field. */
bool db_cell_store(const struct field *field, const struct db_cell *cell, struct arena *arena,
		   void *row);
bool db_cell_is_number(const struct field *field);
bool db_travels_as_null(const struct field *field, const void *member);

/* db_call.c: brackets of every trip to the server: time, count, planted faults. */
struct db_call {
	int64_t begin_us;
	enum db_fault fault;
};
struct db_call db_call_begin(struct db *db);
/* Returns the error code to believe: `code`, or a lost connection when a fault is planted. */
unsigned db_call_end(struct db *db, const struct db_call *call, unsigned code);
/* One text without rows; several statements are not for this. */
enum err db_text(struct db *db, const char *text, size_t len, const char *what);
/* START TRANSACTION, if tx_run waits for it. */
enum err db_tx_open(struct db *db);
/* Keeps what is known about the failure before it. */
void db_rollback(struct db *db);

/* db_stmt.c */
enum err db_prepare_all(struct db *db);
void db_stmts_close(struct db *db);

/* Can a batch say EXECUTE sN USING values? Then each N is prepared once per connection, at its
 * first use: a part of connecting that is put off, so it counts as no call. */
bool db_executes_by_name(const struct db *db);
enum err db_prepare_named(struct db *db, unsigned stmt);

/* NULL = *err_r, logged. */
MYSQL_STMT *db_prepare(struct db *db, const struct stmt_def *def, enum err *err_r);

/* db_kept.c: the statement for a text that is not in the table, prepared now if need be. */
MYSQL_STMT *db_kept_get(struct db *db, const struct stmt_def *def, enum err *err_r);
void db_kept_close(struct db *db);

#endif
