#include <string.h>

#include "arena.h"
#include "codec_xml.h"
#include "json.h"
#include "request.h"
#include "step.h"

static const char *const web_texts[] = {
	[OUTCOME_NO_ROUTE - ERR__MAX] = "no such path",
	[OUTCOME_BAD_METHOD - ERR__MAX] = "method not allowed",
	[OUTCOME_TOO_LARGE - ERR__MAX] = "body too large",
	[OUTCOME_BAD_MEDIA - ERR__MAX] = "media type not supported",
};

const char *outcome_text(enum outcome outcome)
{
	return outcome < (enum outcome)ERR__MAX ? err_text((enum err)outcome)
						: web_texts[outcome - ERR__MAX];
}

/* "row.barcode" is "barcode" to the core. */
static bool is_member(const char *path, const char *member)
{
	const char *dot = strrchr(path, '.');

	return strcmp(path, member) == 0 || (dot && strcmp(dot + 1, member) == 0);
}

/* "fields[2].email": a member of a row of the in-map's list; "fields.email" where it has one row
 * only. */
static struct str row_member(const struct request *request, const struct codec_field *list)
{
	const char *member = request->ctx.detail.member;
	bool one = list->field->flags & F_ROW;
	struct buf path;

	buf_init(&path, request->ctx.arena, 64);
	for (size_t i = 0; (one || request->ctx.detail.row > 0) && i < list->nested->n; i++) {
		if (!is_member(list->nested->fields[i].field->member, member))
			continue;
		buf_str(&path, list->name);
		if (!one)
			buf_printf(&path, "[%lld]", (long long)request->ctx.detail.row - 1);
		buf_char(&path, '.');
		buf_str(&path, list->nested->fields[i].name);
		return buf_done(&path);
	}
	return str_of(member);
}

/* The wire name of a C member, where the in-map of the route has it. */
static struct str wire_name(const struct request *request)
{
	const struct endpoint *endpoint = request->match.endpoint;
	const char *member = request->ctx.detail.member;

	if (!member)
		return STR("");
	if (request->member_is_wire || !endpoint || !endpoint->in)
		return str_of(member);
	for (size_t i = 0; i < endpoint->in->n; i++) {
		if (is_member(endpoint->in->fields[i].field->member, member))
			return endpoint->in->fields[i].name;
	}
	for (size_t i = 0; i < endpoint->in->n; i++) {
		if (endpoint->in->fields[i].field->type == FT_LIST)
			return row_member(request, &endpoint->in->fields[i]);
	}
	return str_of(member);
}

static const char *text_of(const struct request *request, enum outcome outcome)
{
	const struct language *language = &request->dialect->languages[request->language];
	enum reason reason = request->ctx.detail.reason;

	if (reason != REASON_NONE && language->reasons && language->reasons[reason])
		return language->reasons[reason];
	if (reason != REASON_NONE)
		return reason_text(reason);
	if (language->outcomes && language->outcomes[outcome])
		return language->outcomes[outcome];
	return outcome_text(outcome);
}

static struct str message_of(struct request *request, enum outcome outcome, struct str member)
{
	const char *text = text_of(request, outcome), *mark = strstr(text, "%s");
	struct buf message;

	buf_init(&message, request->ctx.arena, 128);
	if (mark) {
		buf_put(&message, text, (size_t)(mark - text));
		buf_str(&message, member.len ? member : STR("request"));
		text = mark + 2;
	}
	buf_text(&message, text);
	return buf_done(&message);
}

/* Seconds after which a repeat makes sense, where the core named none. */
static int retry_after(enum outcome outcome)
{
	switch ((int)outcome) {
	case OUTCOME_BUSY:
	case OUTCOME_UNCERTAIN:
	case OUTCOME_RUNNING:
		return 1;
	case OUTCOME_THROTTLED:
		return 60;
	default:
		return 0;
	}
}

/* What the dialect writes, as XML where that is wanted. */
static struct str error_body(const struct request *request, const struct failure *failure)
{
	const struct json_value *root;
	const char *where;
	struct buf body, xml;

	buf_init(&body, request->ctx.arena, 256);
	request->dialect->write_error(&body, failure);
	if (request->media != MEDIA_XML ||
	    json_parse(request->ctx.arena, buf_done(&body), &root, &where) != REASON_NONE)
		return buf_done(&body);
	buf_init(&xml, request->ctx.arena, 512);
	xml_write_flat(&xml, request->dialect->xml_error, root);
	return buf_done(&xml);
}

void answer_failure(struct request *request, enum outcome outcome, struct answer *answer_r)
{
	struct failure failure = {
		.outcome = outcome,
		.reason = request->ctx.detail.reason,
		.status = request->dialect->status(outcome, request->ctx.detail.reason),
		.member = wire_name(request),
		.request_id = request->ctx.request.request_id,
	};

	failure.message = message_of(request, outcome, failure.member);
	if (request->ctx.detail.retry_after_s == 0)
		request->ctx.detail.retry_after_s = retry_after(outcome);
	answer_r->status = failure.status.http;
	answer_r->body = error_body(request, &failure);
	request->outcome = outcome;
}
