/*
 * The process that stays: it keeps the socket and the workers, obeys signals and
 * the service manager. It parses no request and opens no database connection.
 *
 * SIGTERM, SIGINT   no new connection; workers serve what is queued and leave
 * SIGHUP            reload, then each worker is replaced once its successor is ready
 * SIGCHLD           a worker ended: another is started, with back-off when it died early
 */
#ifndef FCGI_MASTER_H
#define FCGI_MASTER_H

#include <stdbool.h>
#include <stdint.h>

#include "listener.h"
#include "pool.h"

struct master_settings {
	struct pool_settings pool;
	int64_t shutdown_s; /* from SIGTERM to SIGKILL */
};

struct master {
	const struct service *service;
	struct listener *listener;
	struct master_settings settings;
	/*
	 * Reads the configuration again: false, having said why in the log, keeps everything as
	 * it is; else the settings from now on. What it changes, workers started later see.
	 */
	bool (*reload)(void *arg, struct master_settings *settings_r);
	void *arg;
};

/* Before anything that must not be interrupted: from here on signals wait for master_run. */
void master_block_signals(void);
/* Until told to stop; returns the exit status. */
int master_run(struct master *master);

#endif
