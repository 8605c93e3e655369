/*
 * Transfers over the network, many at once in one thread; the only user of libcurl. No
 * redirects, no proxy of the environment, no protocol but the wanted one.
 */
#ifndef NOTIFY_CARRIER_H
#define NOTIFY_CARRIER_H

#include <stdbool.h>

#include "buf.h"
#include "types.h"

enum job_kind { JOB_MESSAGE, JOB_DELIVERY };

/* What a transfer is for; comes back with its outcome. */
struct job {
	enum job_kind kind;
	int64_t organisation_id;
	struct uuid id;         /* message or journal row */
	struct uuid webhook_id; /* JOB_DELIVERY */
	int64_t channel;        /* JOB_MESSAGE */
	int64_t tries;          /* this one counted */
	int64_t expires_ms;     /* JOB_MESSAGE */
};

struct outcome {
	bool good;
	long status;       /* of an HTTP answer or the last line of SMTP; 0 = none came */
	const char *fault; /* in words; "" when good */
};

typedef void carrier_done(void *arg, const struct job *job, const struct outcome *outcome);

/* Texts are copied. */
struct call {
	struct str url;
	const char *const *headers; /* "Name: value", ends with NULL; NULL = none */
	struct str body;            /* at NULL = a GET */
	struct str user, password;  /* HTTP Basic; user empty = none */
	bool guarded;               /* public addresses only */
	bool https_only;
};

struct mailing {
	struct str url, from, to, user, password, text;
	bool starttls; /* must be had */
};

struct carrier;

/*
 * `done` is called from carrier_step. `ca_file` ("" = the system's) says who vouches for a server,
 * which must speak TLS 1.2 or later and bear the name it is called by; borrowed. NULL when libcurl
 * has no memory.
 */
struct carrier *carrier_open(carrier_done *done, void *arg, struct str ca_file);
/* Gives up what is under way, without a call of `done`. */
void carrier_close(struct carrier **carrier);
void carrier_call(struct carrier *carrier, const struct job *job, const struct call *call,
		  int64_t timeout_s);
void carrier_mail(struct carrier *carrier, const struct job *job, const struct mailing *mailing,
		  int64_t timeout_s);
/* Under way: of a kind, and of a webhook (NULL = all). */
size_t carrier_busy(const struct carrier *carrier, enum job_kind kind,
		    const struct uuid *webhook_id);
/* Waits up to wait_ms for bytes, or for `fd` to be readable; moves them, tells what has ended. */
void carrier_step(struct carrier *carrier, int fd, int wait_ms);

#endif
