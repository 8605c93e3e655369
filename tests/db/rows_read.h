/* The server's own count of the rows that it read. */
#ifndef TESTS_ROWS_READ_H
#define TESTS_ROWS_READ_H

#include "database.h"

/*
 * Rows of tables read on the database's own connection since the last call: all reads but those
 * of temporary tables, which the server has written before. The counting's own are left out.
 * A server that looks up gathered statistics (use_stat_tables) counts those rows as well, for each
 * table that it opens anew; conf/mariadb's does not.
 */
int64_t rows_read(struct database *database);
/* Rows that the engine has looked at with a condition pushed to it, on that connection so far. */
int64_t rows_pushed(struct database *database);

#endif
