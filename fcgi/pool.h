/*
 * The worker processes: what there is, brought step by step to what there should
 * be. Every cause of change - a death, a new generation after SIGHUP, a worker that
 * has served its share, another number of workers - goes through the same step:
 * start what is missing, start a successor for what is tired, and tell one to leave
 * when there is one ready too many.
 */
#ifndef FCGI_POOL_H
#define FCGI_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "roster.h"
#include "service.h"

/* All that a reload may change. */
struct pool_settings {
	int64_t workers;      /* 1 to ROSTER_WORKERS_MAX */
	int64_t max_requests; /* 0 = a worker is never replaced for its age */
	int64_t body_max;     /* bytes */
	int64_t watchdog_s;   /* longest stay of a worker inside the service */
};

struct child {
	pid_t pid; /* 0 = no process in this slot */
	uint64_t generation;
	int64_t started_us;
	int64_t told_us;       /* first told to leave; 0 = never */
	int64_t told_again_us; /* last told to leave */
	bool ready;            /* seen ready */
	bool settled;          /* has lived long enough to count as sound */
	bool killed;
};

struct pool {
	struct pool_settings settings;
	const struct service *service;
	int listen_fd;
	struct roster *roster;
	uint64_t generation;
	int64_t pause_us;       /* of the back-off; 0 = none */
	int64_t start_after_us; /* no process is started before */
	bool closing;
	struct child child[ROSTER_SLOTS];
};

struct pool_figures {
	int64_t alive, ready, starting, tired, leaving;
};

/* False with errno set when the system refuses. */
bool pool_init(struct pool *pool, const struct service *service, int listen_fd,
	       const struct pool_settings *settings);
void pool_fini(struct pool *pool);

/* Takes in the dead. */
void pool_reap(struct pool *pool);
/* Starts, tells, kills as needed; call after anything that happened, and at pool_next_us. */
void pool_step(struct pool *pool);
/* Monotonic microseconds at which pool_step has something to do by time alone. */
int64_t pool_next_us(const struct pool *pool);
/* Every worker of now gets a successor that is started under these settings. */
void pool_renew(struct pool *pool, const struct pool_settings *settings);
/*
 * Starts nothing any more, tells all to leave; it is over when pool_figures says alive +
 * leaving = 0. `drain`: they first serve what is queued on the socket.
 */
void pool_close(struct pool *pool, bool drain);
/* SIGKILL for whoever is left. */
void pool_kill(struct pool *pool);
struct pool_figures pool_figures(const struct pool *pool);
/* True when all workers wanted are ready and of the newest generation. */
bool pool_settled(const struct pool *pool);

#endif
