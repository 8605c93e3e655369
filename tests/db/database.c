#include "database.h"

#include <limits.h>
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate.h"

#define ARENA_CAP ((size_t)64 << 20)

static MYSQL *dial(const struct database *database, const char *name)
{
	MYSQL *mysql = mysql_init(NULL);

	if (mysql && mysql_real_connect(mysql, "localhost", "root", "", name, 0,
					database->options.socket, 0))
		return mysql;
	fprintf(stderr, "no database: %s\n", mysql ? mysql_error(mysql) : "no memory");
	exit(1);
}

unsigned database_run(const struct database *database, const char *text)
{
	MYSQL *mysql = dial(database, database->options.name);
	unsigned code = mysql_query(mysql, text) != 0 ? mysql_errno(mysql) : 0;

	mysql_close(mysql);
	return code;
}

/* Takes the statement off the front of the rest; NULL after the last. */
static char *next_statement(char **rest)
{
	char *statement = *rest, *end = strstr(statement, ";\n");

	if (!end)
		return NULL;
	*end = '\0';
	*rest = end + 2;
	return statement;
}

unsigned database_script(const struct database *database, const char *path)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	char *rest = text, *statement;
	unsigned code = 0;

	if (!file) {
		perror(path);
		return 1;
	}
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	while (code == 0 && (statement = next_statement(&rest)) != NULL)
		code = database_run(database, statement);
	return code;
}

long long database_number(const struct database *database, const char *text)
{
	MYSQL *mysql = dial(database, database->options.name);
	MYSQL_RES *answer = mysql_query(mysql, text) == 0 ? mysql_store_result(mysql) : NULL;
	MYSQL_ROW row = answer ? mysql_fetch_row(answer) : NULL;
	long long number = row && row[0] ? atoll(row[0]) : -1;

	if (answer)
		mysql_free_result(answer);
	mysql_close(mysql);
	return number;
}

static bool recreate(const struct database *database, const char *name)
{
	MYSQL *mysql = dial(database, NULL);
	char text[128];
	bool good;

	snprintf(text, sizeof(text), "DROP DATABASE IF EXISTS %s", name);
	good = mysql_query(mysql, text) == 0;
	snprintf(text, sizeof(text), "CREATE DATABASE %s", name);
	good = good && mysql_query(mysql, text) == 0;
	mysql_close(mysql);
	return good;
}

/* A deep build folder's run is a link to a short one: addresses hold 107 bytes. */
static const char *socket_path(void)
{
	static char path[PATH_MAX];
	const char *given = getenv("KARTOTEKA_TEST_SOCKET");

	return given ? realpath(given, path) : NULL;
}

bool database_make(struct database *database, const char *name)
{
	*database = (struct database){0};
	database->options = (struct db_options){
		.socket = socket_path(),
		.name = name,
		.user = "root",
		.connect_timeout_s = 60,
		.statement_timeout_ms = 60000,
		.lock_wait_s = 60,
	};
	if (!database->options.socket) {
		fprintf(stderr, "KARTOTEKA_TEST_SOCKET names no socket: run by ctest\n");
		return false;
	}
	database->db = db_open(&database->options);
	return arena_init(&database->arena, ARENA_CAP) && recreate(database, name);
}

bool database_open(struct database *database, const char *name)
{
	struct migrate_step fault;
	const char *message;

	if (!database_make(database, name))
		return false;
	if (migrate_run(&database->options, &database->arena, NULL, &fault, &message) != ERR_OK) {
		fprintf(stderr, "migration %s: %s\n", fault.name, message);
		return false;
	}
	arena_reset(&database->arena, 0);
	return db_ready(database->db) == ERR_OK;
}

void database_close(struct database *database)
{
	db_close(&database->db);
	arena_fini(&database->arena);
	mysql_library_end();
}
