/* The check of a prepared statement against its declaration; logs what does not fit. */
#ifndef STORE_DB_CHECK_H
#define STORE_DB_CHECK_H

#include "db_priv.h"

bool db_stmt_fits(MYSQL_STMT *stmt, const struct stmt_def *def);

#endif
