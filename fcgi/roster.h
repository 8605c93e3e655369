/*
 * What master and workers tell each other: one shared mapping, made before any
 * fork, with a slot for every worker process that is alive. Each member has one
 * writer, named below.
 */
#ifndef FCGI_ROSTER_H
#define FCGI_ROSTER_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most workers that may be asked for. */
#define ROSTER_WORKERS_MAX 1024
/* While a pool is rolled, each worker may have a successor. Slot 0 is the master's. */
#define ROSTER_SLOTS (1 + 2 * ROSTER_WORKERS_MAX)

struct roster_slot {
	/* Worker: open() succeeded, it serves. */
	alignas(64) atomic_bool ready;
	/* Worker: it has taken its first request. */
	atomic_bool served;
	/* Worker: it has served its share and wants a successor; it goes on until told to leave. */
	atomic_bool tired;
	/* Master: finish the request at hand and leave. A SIGTERM follows, to end a wait. */
	atomic_bool leave;
	/* Worker: monotonic microseconds since which it has been inside the service; 0 = it waits.
	 */
	_Atomic int64_t busy_since_us;
};

struct roster {
	/* Master: nobody comes after these workers; what is queued on the socket is theirs to
	 * serve. */
	atomic_bool draining;
	int wake_fd; /* eventfd: a worker adds 1 when something in its slot should be looked at */
	struct roster_slot slot[ROSTER_SLOTS];
};

/* NULL with errno set when the system refuses. */
struct roster *roster_open(void);
void roster_close(struct roster **roster);
/* Worker: makes the master look. Master: forgets the calls so far. */
void roster_wake(const struct roster *roster);
void roster_woken(const struct roster *roster);
/* Before a process takes a slot. */
void roster_clear(struct roster_slot *slot);

#endif
