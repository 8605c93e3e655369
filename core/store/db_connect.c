/* Connecting: options, session, back-off. */
#include "db_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "config.h"
#include "log.h"

#define BACKOFF_MIN_US                                                                             \
	10000 /* within the pauses of tx_run, so that one bad connect is no refusal */
#define BACKOFF_MAX_US 1000000
#define IDLE_PING_US   30000000
#define TIME_IS_UP     1969 /* as a MariaDB says it of one statement */
#define ANSWER_SPARE_S 5    /* beyond statement time and lock wait, before the client gives up */

/* Strings of struct config are NUL-terminated. */
struct db_options db_options_of(const struct config *config)
{
	static const struct {
		const char *name;
		enum db_tls tls;
	} tls[] = {{"off", DB_TLS_OFF}, {"required", DB_TLS_REQUIRED}, {"verify", DB_TLS_VERIFY}};
	struct db_options options = {
		.socket = config->db_socket.at,
		.host = config->db_host.at,
		.name = config->db_name.at,
		.user = config->db_user.at,
		.password_file = config->db_password_file.at,
		.tls = DB_TLS_VERIFY,
		.port = (int)config->db_port,
		.connect_timeout_s = (int)config->db_connect_timeout_s,
		.statement_timeout_ms = (int)config->db_statement_timeout_ms,
		.lock_wait_s = (int)config->db_lock_wait_s,
	};

	for (size_t i = 0; i < sizeof(tls) / sizeof(tls[0]); i++) {
		if (str_eq(config->db_tls, str_of(tls[i].name)))
			options.tls = tls[i].tls;
	}
	return options;
}

struct db *db_open(const struct db_options *options)
{
	struct db *db = calloc(1, sizeof(*db));

	if (!db)
		abort();
	db->options = *options;
	return db;
}

void db_disconnect(struct db *db)
{
	db_stmts_close(db);
	if (db->mysql)
		mysql_close(db->mysql);
	db->mysql = NULL;
	db->ready = false;
}

void db_drop(struct db *db)
{
	db_disconnect(db);
	db->retry_at_us = db->backoff_us = 0;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	db_disconnect(*db);
	free((*db)->params);
	free(*db);
	*db = NULL;
}

static bool given(const char *text)
{
	return text && *text;
}

/* Read at each connect, so that a changed password needs no restart. */
static bool read_password(const struct db *db, char *password, size_t size)
{
	FILE *file;
	size_t len;

	password[0] = '\0';
	if (!given(db->options.password_file))
		return true;
	file = fopen(db->options.password_file, "r");
	if (!file)
		return false;
	len = fread(password, 1, size - 1, file);
	password[len] = '\0';
	password[strcspn(password, "\r\n")] = '\0';
	fclose(file);
	return true;
}

/* One setting, two clients; TLS is always stated, since the clients' defaults differ. */
static void set_tls(struct db *db)
{
	bool socket = given(db->options.socket);
	enum db_tls tls = socket ? DB_TLS_OFF : db->options.tls;
#ifdef MARIADB_PACKAGE_VERSION
	db_bool enforce = tls != DB_TLS_OFF, verify = tls == DB_TLS_VERIFY;

	mysql_options(db->mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
	mysql_options(db->mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
#else
	static const unsigned modes[] = {SSL_MODE_DISABLED, SSL_MODE_REQUIRED,
					 SSL_MODE_VERIFY_IDENTITY};

	mysql_options(db->mysql, MYSQL_OPT_SSL_MODE, &modes[tls]);
#endif
}

static void set_options(struct db *db)
{
	unsigned connect_s = (unsigned)db->options.connect_timeout_s;
	unsigned answer_s = (unsigned)(db->options.statement_timeout_ms / 1000 +
				       db->options.lock_wait_s + ANSWER_SPARE_S);

	mysql_options(db->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (connect_s > 0)
		mysql_options(db->mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	if (!db->options.bare) {
		mysql_options(db->mysql, MYSQL_OPT_READ_TIMEOUT, &answer_s);
		mysql_options(db->mysql, MYSQL_OPT_WRITE_TIMEOUT, &answer_s);
	}
	set_tls(db);
}

static enum err dial(struct db *db)
{
	const struct db_options *o = &db->options;
	char password[256];

	db->mysql = mysql_init(NULL);
	if (!db->mysql)
		abort();
	if (!read_password(db, password, sizeof(password)))
		return db_failed(db, 2002, "the password file cannot be read", "connect");
	set_options(db);
	if (mysql_real_connect(db->mysql, given(o->socket) ? "localhost" : o->host, o->user,
			       password, o->name, (unsigned)o->port,
			       given(o->socket) ? o->socket : NULL,
			       CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS))
		return ERR_OK;
	/* Whatever keeps us out, the database is away for the caller. */
	db_failed(db, mysql_errno(db->mysql), mysql_error(db->mysql), "connect");
	return ERR_BUSY;
}

static bool is_mariadb(const struct db *db)
{
	return strstr(mysql_get_server_info(db->mysql), "MariaDB") != NULL;
}

/* Quarters of a time that are left, of the last one a part. */
static int64_t quarters_left(int time_ms, int64_t begun_us)
{
	int64_t quarter_us = (int64_t)time_ms * 1000 / 4;
	int64_t passed_us = begun_us ? clock_monotonic_us() - begun_us : 0;

	return quarter_us > 0 ? 4 - passed_us / quarter_us : 4;
}

static const char *limited_to(const struct db *db, struct arena *arena, const char *text,
			      int64_t time_ms)
{
	struct buf buf;

	buf_init(&buf, arena, strlen(text) + 64);
	if (is_mariadb(db))
		buf_printf(&buf, "SET STATEMENT max_statement_time=%lld.%03lld FOR %s",
			   (long long)time_ms / 1000, (long long)time_ms % 1000, text);
	else
		buf_printf(&buf, "SELECT /*+ MAX_EXECUTION_TIME(%lld) */%s", (long long)time_ms,
			   text + strlen("SELECT"));
	return buf_done(&buf).at;
}

enum err db_limited(struct db *db, struct arena *arena, const char *text, int time_ms,
		    int64_t begun_us, const char **text_r)
{
	int own_ms = db->options.bare ? 0 : db->options.statement_timeout_ms;
	int limit_ms = time_ms > 0 ? time_ms : own_ms;
	int64_t left = quarters_left(limit_ms, begun_us);

	if (left <= 0)
		return db_failed(db, TIME_IS_UP, "the time of all its questions", "select");
	*text_r = text;
	if (db->mysql && (time_ms > 0 || left < 4))
		*text_r = limited_to(db, arena, text, limit_ms * left / 4);
	return ERR_OK;
}

/* A MariaDB limits every statement in seconds, a MySQL only a SELECT in milliseconds. */
static void put_time_limit(const struct db *db, char *text, size_t size)
{
	int limit_ms = db->options.bare ? 0 : db->options.statement_timeout_ms;

	if (is_mariadb(db))
		snprintf(text, size, "max_statement_time = %d.%03d", limit_ms / 1000,
			 limit_ms % 1000);
	else
		snprintf(text, size, "max_execution_time = %d", limit_ms);
}

static enum err set_session(struct db *db)
{
	char text[480], limit[64];
	enum err err;

	put_time_limit(db, limit, sizeof(limit));
	/*
	 * MariaDB forgets on the second execution of a prepared statement that an index has all it
	 * asks for, once another one with another FORCE INDEX has used the table; it then pushes
	 * conditions to InnoDB, and InnoDB copies the whole row, 28 kB of a card, for each it looks
	 * at.
	 */
	snprintf(
		text, sizeof(text),
		"SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', autocommit = 1, "
		"sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
		"optimizer_switch = 'index_condition_pushdown=off', "
		"innodb_lock_wait_timeout = %d, %s",
		db->options.lock_wait_s > 0 ? db->options.lock_wait_s : 1, limit);
	err = db_text(db, text, strlen(text), "session");
	if (err != ERR_OK)
		return err;
	snprintf(text, sizeof(text), "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	return db_text(db, text, strlen(text), "session");
}

static enum err connect_now(struct db *db)
{
	enum err err;

	db_disconnect(db);
	err = dial(db);
	if (err == ERR_OK)
		err = set_session(db);
	if (err == ERR_OK && !db->options.bare)
		err = db_prepare_all(db);
	db->ready = err == ERR_OK;
	if (!db->ready)
		db_disconnect(db);
	return err;
}

static enum err connect_paced(struct db *db)
{
	enum err err;

	if (clock_monotonic_us() < db->retry_at_us)
		return ERR_BUSY;
	err = connect_now(db);
	if (err == ERR_OK) {
		db->backoff_us = 0;
		log_event(LOG_INFO_, "database connected", NULL);
		return ERR_OK;
	}
	db->backoff_us = db->backoff_us ? db->backoff_us * 2 : BACKOFF_MIN_US;
	if (db->backoff_us > BACKOFF_MAX_US)
		db->backoff_us = BACKOFF_MAX_US;
	db->retry_at_us = clock_monotonic_us() + db->backoff_us;
	return err;
}

/* A connection that lay idle is asked before it is trusted with work. */
enum err db_ready(struct db *db)
{
	if (db->ready && db->tx == DB_TX_NONE &&
	    clock_monotonic_us() - db->used_at_us > IDLE_PING_US) {
		db->ready = mysql_ping(db->mysql) == 0;
		db->used_at_us = clock_monotonic_us();
	}
	return db->ready ? ERR_OK : connect_paced(db);
}
