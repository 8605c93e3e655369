/* Deliveries: events taken for each webhook in turn, brought on their way, settled. */
#include "db.h"
#include "event.h"
#include "log.h"
#include "notifier_priv.h"
#include "one_time_code.h"
#include "stmt_gen.h"
#include "tx.h"
#include "uuid.h"

#define AT_ONCE      128
#define AT_ONCE_EACH 4 /* of one webhook: a slow one takes no place of others */
#define HEADER_MAX   160

struct taking {
	struct notifier *notifier;
	const struct webhook_row *webhook;
	int64_t now_ms, most;
	struct list rows; /* struct delivery_due_row */
};

static enum err take(void *arg)
{
	struct taking *taking = arg;
	struct notifier *n = taking->notifier;
	const struct webhook_row *webhook = taking->webhook;
	struct delivery_due_in due = {
		webhook->organisation_id, webhook->id, {taking->now_ms}, taking->most};
	enum err err = sql_delivery_due(n->db, &n->arena, &due, &taking->rows);
	const struct delivery_due_row *row = taking->rows.rows;

	for (size_t i = 0; !err && i < taking->rows.n; i++) {
		struct delivery_take_in in = {{taking->now_ms + notifier_lease_ms(n)},
					      webhook->organisation_id,
					      webhook->id,
					      row[i].journal_id};
		err = sql_delivery_take(n->db, &in, NULL);
	}
	return err;
}

static void log_delivery(enum log_level level, const char *event, const struct job *job,
			 const char *fault)
{
	char id[UUID_TEXT_LEN + 1] = "", webhook[UUID_TEXT_LEN + 1] = "";

	uuid_format(&job->id, id);
	uuid_format(&job->webhook_id, webhook);
	log_event(level, event,
		  (struct log_pair[]){{"organisation_id", NULL, job->organisation_id},
				      {"webhook", webhook, 0},
				      {"event_id", id, 0},
				      {"tries", NULL, job->tries},
				      {fault ? "fault" : NULL, fault, 0},
				      {0}});
}

static enum err settle(struct notifier *n, const struct job *job, enum outbox_state state,
		       int64_t wait_ms, const struct outcome *outcome)
{
	struct delivery_settle_in in = {.state = state,
					.next_at = {notifier_now_ms(n) + wait_ms},
					.status = outcome->status,
					.fault = str_of(outcome->fault),
					.organisation_id = job->organisation_id,
					.webhook_id = job->webhook_id,
					.journal_id = job->id};

	return sql_delivery_settle(n->db, &in, NULL);
}

void delivery_done(struct notifier *notifier, const struct job *job, const struct outcome *outcome)
{
	enum err err;

	notifier->ended = true;
	if (outcome->good) {
		log_delivery(LOG_INFO_, "event delivered", job, NULL);
		err = settle(notifier, job, OUTBOX_SENT, 0, outcome);
	} else if (job->tries < notifier->config->webhook_tries) {
		log_delivery(LOG_WARN_, "event not delivered yet", job, outcome->fault);
		err = settle(notifier, job, OUTBOX_WAITING, notifier_wait_ms(notifier, job->tries),
			     outcome);
	} else {
		log_delivery(LOG_ERROR_, "event not delivered: dead letter", job, outcome->fault);
		err = settle(notifier, job, OUTBOX_DEAD, 0, outcome);
	}
	if (err)
		log_delivery(LOG_WARN_, "outcome not noted", job, err_text(err));
}

/* "Name: value", or "" when there is no value. */
static const char *header(struct arena *arena, const char *name, struct str value)
{
	struct buf buf;

	buf_init(&buf, arena, HEADER_MAX);
	buf_text(&buf, name);
	buf_text(&buf, ": ");
	buf_str(&buf, value);
	return buf_done(&buf).at;
}

static struct str id_text(struct arena *arena, const struct uuid *id)
{
	char text[UUID_TEXT_LEN];

	uuid_format(id, text);
	return str_dup(arena, (struct str){text, sizeof(text)});
}

static void call(struct notifier *n, const struct webhook_row *webhook, const struct job *job,
		 const struct event_get_row *event)
{
	struct buf body, signature;

	buf_init(&body, &n->arena, event->changes.len + 512);
	buf_init(&signature, &n->arena, HEADER_MAX);
	event_body(&body, job->organisation_id, &job->id, event);
	struct call call = {.url = webhook->url,
			    .body = buf_done(&body),
			    .guarded = str_eq(n->config->webhook_private, STR("refuse")),
			    .https_only = str_eq(n->config->webhook_http, STR("refuse"))};
	event_signature(&signature, webhook->secret, notifier_now_ms(n) / 1000, call.body);
	const char *headers[] = {"Content-Type: application/json",
				 "Expect:",
				 header(&n->arena, "Kartoteka-Event", id_text(&n->arena, &job->id)),
				 header(&n->arena, "Kartoteka-Signature", buf_done(&signature)),
				 event->traceparent.len
					 ? header(&n->arena, "traceparent", event->traceparent)
					 : NULL,
				 NULL};
	call.headers = headers;
	carrier_call(n->carrier, job, &call, n->config->notify_timeout_s);
}

static void bring(struct notifier *n, const struct webhook_row *webhook,
		  const struct delivery_due_row *row)
{
	struct event_get_in in = {webhook->organisation_id, row->journal_id};
	struct job job = {.kind = JOB_DELIVERY,
			  .organisation_id = webhook->organisation_id,
			  .id = row->journal_id,
			  .webhook_id = webhook->id,
			  .tries = row->tries + 1};
	struct outcome gone = {false, 0, "the journal row is gone"};
	struct event_get_row event;
	enum err err = sql_event_get(n->db, &n->arena, &in, &event);

	if (err == ERR_NOT_FOUND)
		(void)settle(n, &job, OUTBOX_DEAD, 0, &gone);
	else if (err == ERR_OK)
		call(n, webhook, &job, &event);
}

static void pump_one(struct notifier *n, const struct webhook_row *webhook, size_t room)
{
	struct taking taking = {.notifier = n, .webhook = webhook, .now_ms = notifier_now_ms(n)};
	struct tx_work work = {.run = take, .arg = &taking};
	size_t mark = arena_mark(&n->arena);

	taking.most = (int64_t)room;
	if (tx_run(n->db, &n->arena, &work) == ERR_OK) {
		const struct delivery_due_row *row = taking.rows.rows;
		for (size_t i = 0; i < taking.rows.n; i++)
			bring(n, webhook, &row[i]);
	}
	arena_reset(&n->arena, mark);
}

void deliveries_pump(struct notifier *notifier)
{
	struct webhook_due_in in = {{notifier_now_ms(notifier)}};
	struct list rows = {0};

	if (sql_webhook_due(notifier->db, &notifier->arena, &in, &rows) != ERR_OK)
		return;
	const struct webhook_row *webhook = rows.rows;
	for (size_t i = 0; i < rows.n; i++) {
		const struct webhook_row *one = &webhook[(notifier->turn + i) % rows.n];
		size_t all = carrier_busy(notifier->carrier, JOB_DELIVERY, NULL);
		size_t own = carrier_busy(notifier->carrier, JOB_DELIVERY, &one->id);
		size_t room = own < AT_ONCE_EACH ? AT_ONCE_EACH - own : 0;
		if (room > AT_ONCE - all)
			room = AT_ONCE - all;
		if (room > 0)
			pump_one(notifier, one, room);
	}
	notifier->turn++;
}
