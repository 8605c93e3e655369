/* The Russian-style card API (1C-Rarus Bonus Server): rows and envelope. */
#include "organization.h"

#include "json.h"
#include "route.h"

static struct dialect_status status(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_OK:
		return (struct dialect_status){200, 0};
	case OUTCOME_INVALID:
		return (struct dialect_status){400, 100};
	case OUTCOME_TOO_LARGE:
		return (struct dialect_status){413, 100};
	case OUTCOME_BAD_MEDIA:
		return (struct dialect_status){415, 100};
	case OUTCOME_UNAUTHENTICATED:
		return (struct dialect_status){401, 101};
	case OUTCOME_DENIED:
		return (struct dialect_status){403, 102};
	case OUTCOME_TAKEN:
		return (struct dialect_status){409, 110};
	case OUTCOME_CONFLICT:
		return (struct dialect_status){409, 111};
	case OUTCOME_INSUFFICIENT:
		return (struct dialect_status){409, 112};
	case OUTCOME_NO_ROUTE:
		return (struct dialect_status){404, 113};
	case OUTCOME_NOT_FOUND:
		return (struct dialect_status){404, 114};
	case OUTCOME_MISMATCH:
		return (struct dialect_status){422, 115};
	case OUTCOME_THROTTLED:
		return (struct dialect_status){429, 116};
	case OUTCOME_BUSY:
	case OUTCOME_UNCERTAIN:
		return (struct dialect_status){503, 117};
	case OUTCOME_BAD_METHOD:
		return (struct dialect_status){405, 118};
	case OUTCOME_RUNNING:
		return (struct dialect_status){409, 119};
	case OUTCOME_STALE:
		return (struct dialect_status){412, 120};
	case OUTCOME_INTERNAL:
	case OUTCOME__MAX:
		break;
	}
	return (struct dialect_status){500, 1};
}

static void write_error(struct buf *buf, const struct failure *failure)
{
	struct str message = failure->message;
	struct buf with_id;

	if (failure->outcome == OUTCOME_INTERNAL) {
		buf_init(&with_id, buf->arena, 256);
		buf_str(&with_id, message);
		buf_text(&with_id, " (X-Request-Id: ");
		buf_str(&with_id, failure->request_id);
		buf_char(&with_id, ')');
		message = buf_done(&with_id);
	}
	buf_text(buf, "{\"code\":");
	buf_i64(buf, failure->status.code);
	buf_text(buf, ",\"message\":");
	json_put_string(buf, message);
	buf_char(buf, '}');
}

static void open_envelope(struct buf *buf, size_t language)
{
	buf_str(buf, language == 0 ? STR("{\"code\":0,\"message\":\"Операция выполнена\"")
				   : STR("{\"code\":0,\"message\":\"Operation completed\""));
}

static void close_envelope(struct buf *buf)
{
	buf_char(buf, '}');
}

static const char *const prefixes[] = {"", NULL};

const struct dialect dialect_organization = {
	.name = "organization",
	.prefixes = prefixes,
	.forms = {[FT_BOOL] = &organization_bool,
		  [FT_I64] = &organization_i64,
		  [FT_AMOUNT] = &form_amount,
		  [FT_MOMENT] = &organization_moment,
		  [FT_UUID] = &form_uuid,
		  [FT_STR] = &form_text,
		  [FT_JSON] = &form_json},
	.text_max = 255,
	.languages = organization_languages,
	.n_languages = ORGANIZATION_LANGUAGES,
	.status = status,
	.write_error = write_error,
	.open = open_envelope,
	.close = close_envelope,
	.title = "Cards, groups, holders and levels (1C-Rarus Bonus Server)",
	.envelope_schema = "\"code\":{\"type\":\"integer\",\"const\":0},"
			   "\"message\":{\"type\":\"string\"}",
	.envelope_required = "\"code\",\"message\"",
	.error_schema = "{\"type\":\"object\",\"required\":[\"code\",\"message\"],\"properties\":{"
			"\"code\":{\"type\":\"integer\",\"minimum\":1},"
			"\"message\":{\"type\":\"string\"}}}",
};
