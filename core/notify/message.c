/* Messages: taken from the outbox, brought on their way, ended. */
#include <string.h>

#include "db.h"
#include "letter.h"
#include "log.h"
#include "notifier_priv.h"
#include "one_time_code.h"
#include "spool.h"
#include "stmt_gen.h"
#include "tx.h"

#define AT_ONCE        32
#define SPOOL_LEASE_MS 3000

/* What is taken together; `rows` are set when it is committed. */
struct taking {
	struct notifier *notifier;
	int64_t now_ms, most;
	struct list rows; /* struct message_row */
};

static bool by_network(const struct config *config, int64_t channel)
{
	return channel == MESSAGE_EMAIL ? str_eq(config->mail, STR("smtp"))
					: str_eq(config->sms, STR("http"));
}

static enum err take(void *arg)
{
	struct taking *taking = arg;
	struct notifier *n = taking->notifier;
	struct message_due_in due = {{taking->now_ms}, taking->most};
	enum err err = sql_message_due(n->db, &n->arena, &due, &taking->rows);
	const struct message_row *row = taking->rows.rows;

	for (size_t i = 0; !err && i < taking->rows.n; i++) {
		bool far = by_network(n->config, row[i].channel);
		int64_t lease_ms = far ? notifier_lease_ms(n) : SPOOL_LEASE_MS;
		struct message_take_in in = {
			{taking->now_ms + lease_ms}, row[i].organisation_id, row[i].id};
		err = sql_message_take(n->db, &in, NULL);
	}
	return err;
}

static void log_message(enum log_level level, const char *event, const struct job *job,
			const char *fault)
{
	log_event(
		level, event,
		(struct log_pair[]){{"organisation_id", NULL, job->organisation_id},
				    {"channel", job->channel == MESSAGE_EMAIL ? "email" : "sms", 0},
				    {"tries", NULL, job->tries},
				    {fault ? "fault" : NULL, fault, 0},
				    {0}});
}

static enum err end(struct notifier *n, const struct job *job, enum outbox_state state,
		    const char *fault)
{
	struct message_end_in in = {state,   {notifier_now_ms(n)}, str_of(fault),
				    STR(""), job->organisation_id, job->id};

	return sql_message_end(n->db, &in, NULL);
}

static enum err again(struct notifier *n, const struct job *job, int64_t wait_ms, const char *fault)
{
	struct message_again_in in = {
		{notifier_now_ms(n) + wait_ms}, str_of(fault), job->organisation_id, job->id};

	return sql_message_again(n->db, &in, NULL);
}

/* What is not noted here is taken again when its lease is over. */
void message_done(struct notifier *notifier, const struct job *job, const struct outcome *outcome)
{
	int64_t wait_ms = notifier_wait_ms(notifier, job->tries);
	enum err err;

	notifier->ended = true;
	if (outcome->good) {
		log_message(LOG_INFO_, "message sent", job, NULL);
		err = end(notifier, job, OUTBOX_SENT, "");
	} else if (notifier_now_ms(notifier) + wait_ms < job->expires_ms) {
		log_message(LOG_WARN_, "message not sent yet", job, outcome->fault);
		err = again(notifier, job, wait_ms, outcome->fault);
	} else {
		log_message(LOG_ERROR_, "message not sent", job, outcome->fault);
		err = end(notifier, job, OUTBOX_DEAD, outcome->fault);
	}
	if (err)
		log_message(LOG_WARN_, "outcome not noted", job, err_text(err));
}

static void mail(struct notifier *n, const struct job *job, const struct message_row *row)
{
	const struct config *config = n->config;
	struct buf text;

	buf_init(&text, &n->arena, 1024);
	letter_mail(&text, row, config->smtp_from, notifier_now_ms(n));
	struct mailing mailing = {.url = config->smtp_url,
				  .from = config->smtp_from,
				  .to = row->recipient,
				  .user = config->smtp_user,
				  .password = str_of(n->smtp_password),
				  .text = buf_done(&text),
				  .starttls = str_eq(config->smtp_tls, STR("required"))};
	carrier_mail(n->carrier, job, &mailing, config->notify_timeout_s);
}

static void text(struct notifier *n, const struct job *job, const struct message_row *row)
{
	const struct config *config = n->config;
	struct buf url, body;

	buf_init(&url, &n->arena, 512);
	buf_init(&body, &n->arena, 512);
	letter_sms(&url, config->sms_url, row);
	letter_sms(&body, config->sms_body, row);
	struct call call = {.url = buf_done(&url),
			    .user = config->sms_user,
			    .password = str_of(n->sms_password)};
	if (config->sms_body.len > 0)
		call.body = buf_done(&body);
	carrier_call(n->carrier, job, &call, config->notify_timeout_s);
}

static void spool(struct notifier *n, const struct job *job, const struct message_row *row)
{
	int fault = spool_write(n->config->spool.at, row);

	message_done(n, job, &(struct outcome){fault == 0, 0, fault ? strerror(fault) : ""});
}

static void bring(struct notifier *n, const struct message_row *row)
{
	struct job job = {.kind = JOB_MESSAGE,
			  .organisation_id = row->organisation_id,
			  .id = row->id,
			  .channel = row->channel,
			  .tries = row->tries + 1,
			  .expires_ms = row->expires_at.ms};

	if (row->expires_at.ms <= notifier_now_ms(n))
		message_done(n, &job, &(struct outcome){false, 0, "too late"});
	else if (!letter_address_is_good(row->recipient))
		(void)end(n, &job, OUTBOX_DEAD, "no address");
	else if (!by_network(n->config, row->channel))
		spool(n, &job, row);
	else if (row->channel == MESSAGE_EMAIL)
		mail(n, &job, row);
	else
		text(n, &job, row);
}

void messages_pump(struct notifier *notifier)
{
	struct taking taking = {.notifier = notifier, .now_ms = notifier_now_ms(notifier)};
	struct tx_work work = {.run = take, .arg = &taking};
	size_t busy = carrier_busy(notifier->carrier, JOB_MESSAGE, NULL);

	if (busy >= AT_ONCE)
		return;
	taking.most = (int64_t)(AT_ONCE - busy);
	if (tx_run(notifier->db, &notifier->arena, &work) != ERR_OK)
		return;
	const struct message_row *row = taking.rows.rows;
	for (size_t i = 0; i < taking.rows.n; i++)
		bring(notifier, &row[i]);
}
