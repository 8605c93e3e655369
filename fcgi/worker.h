/*
 * The life of a worker process: libfcgi, signals, one request after the other.
 *
 * What it takes care of, so that no service needs to (seen in libfcgi 2.4.2):
 * - A SIGTERM just before accept() is lost on OS_Accept. Here signals are blocked but in
 *   the wait on a non-blocking listening socket.
 * - nginx's keep-alive glues a worker to one idle connection and starves the others:
 *   keepConnection is forced to 0 after every accept.
 * - FCGX_Init replaces handlers, ignored signals too: it runs before ours are set.
 * - It waits for the web server to close the connection after each answer: only done when
 *   input is left unread.
 * - Body and parameters are read without looking at EINTR: no signal interrupts them.
 */
#ifndef FCGI_WORKER_H
#define FCGI_WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "roster.h"
#include "service.h"

struct worker_settings {
	int64_t max_requests; /* after about as many it asks for a successor; 0 = never */
	int64_t body_max;     /* bytes */
};

/*
 * Runs in the child right after fork, all signals blocked, until the master says leave or
 * is gone. Returns the exit status. `slot` is its slot of the roster.
 */
int worker_run(const struct service *service, const struct worker_settings *settings, int listen_fd,
	       struct roster *roster, size_t slot, pid_t master);

#endif
