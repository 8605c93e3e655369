/*
 * Figures of all workers in one shared mapping that the master makes before it
 * forks. Every process writes a slot of its own, so counting costs a load and a
 * store; reading sums the slots. A slot keeps its counters when its process dies
 * and another takes it over: sums never fall.
 */
#ifndef FCGI_METRICS_H
#define FCGI_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum metrics_type {
	METRICS_COUNTER,   /* summed over slots */
	METRICS_LEVEL,     /* summed over slots, forgotten when the process dies */
	METRICS_GAUGE,     /* one value, the last one set by any process */
	METRICS_HISTOGRAM, /* of seconds, fixed buckets */
};

/* Sets of label values that a metric may be split by. */
enum metrics_set { METRICS_NONE, METRICS_ROUTE, METRICS_STATUS, METRICS_POSTING, METRICS_SET__MAX };

/* name, type, set of labels, second set (counters only), help */
#define METRICS_LIST(X)                                                                            \
	X(REQUESTS, "http_requests_total", COUNTER, ROUTE, STATUS, "Requests answered.")           \
	X(REQUEST_SECONDS, "http_request_seconds", HISTOGRAM, ROUTE, NONE,                         \
	  "Time from accept to answer.")                                                           \
	X(IN_FLIGHT, "http_requests_in_flight", LEVEL, NONE, NONE, "Requests being served now.")   \
	X(DB_ERRORS, "db_errors_total", COUNTER, NONE, NONE, "Database calls that failed.")        \
	X(DB_RETRIES, "db_retries_total", COUNTER, NONE, NONE, "Transactions that ran again.")     \
	X(POSTINGS, "ledger_postings_total", COUNTER, POSTING, NONE, "Ledger entries written.")    \
	X(BURN_LAG, "burn_lag_seconds", GAUGE, NONE, NONE,                                         \
	  "How long the oldest lot that has ended waits for its entry.")                           \
	X(OUTBOX_LAG, "outbox_lag_seconds", GAUGE, NONE, NONE,                                     \
	  "How long the oldest message or event has been due.")                                    \
	X(WORKERS, "workers", GAUGE, NONE, NONE, "Workers ready to serve.")                        \
	X(WORKER_STARTS, "worker_starts_total", COUNTER, NONE, NONE, "Workers started.")           \
	X(WORKER_DEATHS, "worker_deaths_total", COUNTER, NONE, NONE,                               \
	  "Workers that ended without being told to.")                                             \
	X(WORKER_KILLS, "worker_kills_total", COUNTER, NONE, NONE,                                 \
	  "Workers killed: one request took too long, or shutdown did.")

enum metric {
#define X(name, text, type, first, second, help) METRIC_##name,
	METRICS_LIST(X)
#undef X
		METRIC__MAX
};

/* Values of the label sets, each ready to print: dialect="pos",route="/api/client". Static,
 * borrowed. */
struct metrics_labels {
	struct metrics_values {
		const char *const *pairs;
		size_t n;
	} set[METRICS_SET__MAX];
};

/*
 * Before any fork. NONE and STATUS are filled in here. Until then, and in a
 * program that never calls it, the calls below do nothing. False: no memory.
 */
bool metrics_init(const struct metrics_labels *labels, size_t slots);
void metrics_fini(void);
/* Slot of this process; 0 is the master's and the one of a process that never said. */
void metrics_use_slot(size_t slot);
/* The process that wrote this slot is gone: its levels go back to 0. */
void metrics_reap_slot(size_t slot);

/* Label index of a metric split by one set; 0 when it is not split. An index beyond the set is a
 * bug. */
void metrics_count(enum metric metric, size_t label, uint64_t n);
/* A counter split by two sets. */
void metrics_count_pair(enum metric metric, size_t first, size_t second, uint64_t n);
void metrics_level(enum metric metric, int64_t change);
void metrics_gauge(enum metric metric, int64_t value);
void metrics_observe(enum metric metric, size_t label, int64_t duration_us);

/* Second label index of METRIC_REQUESTS; statuses that are not listed share "other". */
size_t metrics_status(int http_status);

/* Prometheus text exposition format 0.0.4; series that never counted are left out when split by
 * labels. */
void metrics_write(struct buf *buf);

#endif
