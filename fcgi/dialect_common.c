/* What several dialects have in common. */
#include "dialect.h"

short outcome_http(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_OK:
		return 200;
	case OUTCOME_INVALID:
		return 400;
	case OUTCOME_UNAUTHENTICATED:
		return 401;
	case OUTCOME_DENIED:
		return 403;
	case OUTCOME_NOT_FOUND:
	case OUTCOME_NO_ROUTE:
		return 404;
	case OUTCOME_BAD_METHOD:
		return 405;
	case OUTCOME_TAKEN:
	case OUTCOME_CONFLICT:
	case OUTCOME_INSUFFICIENT:
	case OUTCOME_RUNNING:
		return 409;
	case OUTCOME_STALE:
		return 412;
	case OUTCOME_TOO_LARGE:
		return 413;
	case OUTCOME_BAD_MEDIA:
		return 415;
	case OUTCOME_MISMATCH:
		return 422;
	case OUTCOME_THROTTLED:
		return 429;
	case OUTCOME_BUSY:
	case OUTCOME_UNCERTAIN:
		return 503;
	case OUTCOME_INTERNAL:
	case OUTCOME__MAX:
		break;
	}
	return 500;
}

struct dialect_status dialect_http_status(enum outcome outcome, enum reason reason)
{
	(void)reason;
	return (struct dialect_status){outcome_http(outcome), 0};
}

void dialect_open_object(struct buf *buf, size_t language)
{
	(void)language;
	buf_char(buf, '{');
}

void dialect_close_object(struct buf *buf)
{
	buf_char(buf, '}');
}

void dialect_open_nothing(struct buf *buf, size_t language)
{
	(void)buf;
	(void)language;
}

void dialect_close_nothing(struct buf *buf)
{
	(void)buf;
}
