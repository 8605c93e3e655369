/*
 * What the program kartoteka-fcgi asks of the request side: one service for the
 * workers, one check, one listing. The process side (main, master, worker) knows
 * no route, dialect or table beyond this page.
 */
#ifndef FCGI_APPLICATION_H
#define FCGI_APPLICATION_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "metrics.h"
#include "service.h"

/*
 * In the master, at start and at every SIGHUP: all that can be checked without a
 * database (route tables, key ring and ledger key files). Keeps `config`, which
 * stays valid until the next successful load. False: what is wrong is in error[],
 * and what an earlier call loaded stays in force. Workers forked later see it.
 */
bool application_load(const struct config *config, char *error, size_t error_size);
/* The service of the workers; static. */
const struct service *application_service(void);
/* Label values of the metrics, from the route table and the list of ledger kinds; static. */
const struct metrics_labels *application_labels(void);
/* In the master, before any fork: what workers share beside the figures. False: no memory. */
bool application_share(void);
void application_unshare(void);
/*
 * --check: what application_load does, then the database: connection, schema
 * version, every prepared statement. Faults on standard error; true when none.
 */
bool application_check(const struct config *config);
/* --routes: one line per route on standard output. */
void application_routes(void);

#endif
