/*
 * What a worker keeps between requests: its database connection, the keys, and the
 * bounded caches of settings, revocations and serial numbers. Opened after fork,
 * before the first request; every request starts from a copy of its ctx.
 */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include "ctx.h"

struct session;

/*
 * In the master, before any fork: memory that all workers share for places in long lists
 * (store/place.h). Without it everything works, deep pages slower. False: no memory.
 */
bool session_share(void);
void session_unshare(void);

/* Opens keys and caches; connects to nothing yet. NULL with what is wrong in error[]. `config` and
 * `arena` are borrowed. */
struct session *session_open(const struct config *config, struct arena *arena,
			     const struct clock *clock, char *error, size_t error_size);
void session_close(struct session **session);

/* What every request starts from. */
struct ctx session_ctx(const struct session *session);
/*
 * Who brings this token: fills ctx->principal and ctx->settings. UNAUTHENTICATED with the
 * reason in ctx->detail; BUSY when the database is away.
 */
enum err session_identify(struct session *session, struct ctx *ctx, struct str token);
/*
 * Who enters with this login and password (or its MD5 in lower-case hexadecimal), throttled as
 * sign-in is; a pair found good is remembered for a minute. Else as session_identify.
 */
enum err session_enter(struct session *session, struct ctx *ctx, struct str login,
		       struct str secret);
/* This host's clock and the database's may differ by so much. */
#define CLOCK_OFF_MAX_MS 2000

/* The database answers, its schema is the one this program was built for, and a key signs;
 * CONFLICT: the clocks are further apart. */
enum err session_ready(struct session *session);
/* What the database cost since the last call. */
struct session_cost {
	int64_t calls, errors, retries;
	int64_t us; /* waited for it */
};
struct session_cost session_cost(struct session *session);
/*
 * How late the jobs beside the workers are, in seconds: notifier and burn. At most every ten
 * seconds the database is asked; false when it was not.
 */
struct session_lag {
	int64_t outbox_s, burn_s;
};
bool session_lag(struct session *session, struct session_lag *lag_r);
/* Between requests, about once a second: keeps the connection and the caches warm. */
void session_idle(struct session *session);
/* Connection, schema and every statement, for --check: the fault in words, NULL when none. */
const char *session_check(struct session *session);

#endif
