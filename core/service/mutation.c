#include "mutation.h"

#include <string.h>

#include "db.h"
#include "journal.h"
#include "json.h"
#include "serial.h"
#include "stmt_gen.h"
#include "tx.h"

struct mutation {
	struct ctx *ctx;
	const struct operation *operation;
	const void *in;
	void *out;
	answer_fn *make_answer;
	void *arg;
	struct answer *answer;
	struct journal journal;
	bool lost_race; /* another request has this key */
	enum err refusal;
	struct err_detail refusal_detail;
};

/* Refusals decided from stored state are answers that stay. */
static bool is_kept(enum err err)
{
	switch (err) {
	case ERR_OK:
	case ERR_TAKEN:
	case ERR_CONFLICT:
	case ERR_INSUFFICIENT:
	case ERR_MISMATCH:
		return true;
	case ERR_INVALID:
	case ERR_UNAUTHENTICATED:
	case ERR_DENIED:
	case ERR_NOT_FOUND:
	case ERR_RUNNING:
	case ERR_STALE:
	case ERR_THROTTLED:
	case ERR_BUSY:
	case ERR_UNCERTAIN:
	case ERR_INTERNAL:
	case ERR__MAX:
		break;
	}
	return false;
}

static bool has_key(const struct ctx *ctx)
{
	return ctx->request.idempotency_key.at != NULL;
}

static struct journal_row journal_row(const struct mutation *m)
{
	const struct ctx *ctx = m->ctx;
	struct journal_row row = {
		.organisation_id = ctx_organisation(ctx),
		.id = m->journal.id,
		.idem_key = ctx->request.idempotency_key,
		.at = ctx_now(ctx),
		.operation = str_of(m->operation->name),
		.subject = ctx->principal.subject,
		.request_id = ctx->request.request_id,
		.traceparent = ctx->request.traceparent,
		.object_id = m->journal.object_id,
		.changes = STR(""),
	};
	if (has_key(ctx))
		row.fingerprint = (struct str){(const char *)ctx->request.fingerprint,
					       sizeof ctx->request.fingerprint};
	return row;
}

static void journal_open(struct mutation *m)
{
	m->journal = (struct journal){.id = ctx_uuid(m->ctx)};
	buf_init(&m->journal.changes, m->ctx->arena, 512);
	buf_char(&m->journal.changes, '{');
	m->ctx->journal = &m->journal;
}

/* The row goes in first: whoever brings the same key waits for it, then finds it. */
static enum err guard_insert(struct mutation *m)
{
	struct journal_row row = journal_row(m);
	enum err err = sql_journal_insert(m->ctx->db, &row, NULL);
	if (err == ERR_TAKEN)
		m->lost_race = true;
	if (err == ERR_BUSY && db_lock_waited(m->ctx->db))
		return ctx_fail(m->ctx, ERR_RUNNING, NULL, REASON_KEY_RUNNING);
	return err == ERR_TAKEN ? ERR_RUNNING : err;
}

static enum err journal_write(struct mutation *m, enum err outcome)
{
	m->make_answer(m->arg, outcome, m->out, m->answer);
	struct journal_row row = journal_row(m);
	row.status = m->answer->status;
	row.changes = journal_changes_done(&m->journal);
	if (!has_key(m->ctx))
		return sql_journal_insert(m->ctx->db, &row, NULL);
	struct journal_finish_in finish = {row.status,  m->answer->body,     row.object_id,
					   row.changes, row.organisation_id, row.id};
	return sql_journal_finish(m->ctx->db, &finish, NULL);
}

static enum err mutation_try(void *arg)
{
	struct mutation *m = arg;
	memset(m->out, 0, m->operation->out_size);
	memset(m->answer, 0, sizeof *m->answer);
	m->ctx->detail = (struct err_detail){0};
	memset(m->ctx->posted, 0, sizeof m->ctx->posted);
	journal_open(m);
	enum err err = has_key(m->ctx) ? guard_insert(m) : ERR_OK;
	if (err == ERR_OK)
		err = m->operation->run(m->ctx, m->in, m->out);
	return err == ERR_OK ? journal_write(m, ERR_OK) : err;
}

/* A refusal whose effects are rolled back is kept in a transaction of its own. */
static enum err refusal_write(void *arg)
{
	struct mutation *m = arg;
	journal_open(m);
	m->ctx->detail = m->refusal_detail;
	enum err err = guard_insert(m);
	return err == ERR_OK ? journal_write(m, m->refusal) : err;
}

/*
 * The commit's reply was lost. A row with the same id either meets the committed
 * one (it waits while that is undecided), or takes its place: then the lost
 * transaction can never commit, however late its packet arrives.
 */
static enum err mutation_settle(void *arg, bool *committed_r)
{
	struct mutation *m = arg;
	struct journal_row fence = journal_row(m);
	fence.idem_key = (struct str){0};
	fence.fingerprint = (struct str){0};
	fence.operation = STR("void");
	fence.changes = STR("{}");
	enum err err = sql_journal_insert(m->ctx->db, &fence, NULL);
	if (err != ERR_OK && err != ERR_TAKEN)
		return err;
	*committed_r = err == ERR_TAKEN;
	return ERR_OK;
}

/* Answers as the first request with this key did; NOT_FOUND when there is none. */
static enum err replay(struct mutation *m)
{
	struct ctx *ctx = m->ctx;
	struct journal_by_key_in in = {ctx_organisation(ctx), ctx->request.idempotency_key};
	struct journal_by_key_row row;
	enum err err = sql_journal_by_key(ctx->db, ctx->arena, &in, &row);
	if (err != ERR_OK)
		return err;
	struct str mine = {(const char *)ctx->request.fingerprint, sizeof ctx->request.fingerprint};
	if (!str_eq(row.fingerprint, mine))
		return ctx_fail(ctx, ERR_MISMATCH, NULL, REASON_KEY_OTHER_REQUEST);
	*m->answer = (struct answer){(int)row.status, row.answer, true};
	return ERR_OK;
}

static enum err run_in_tx(struct mutation *m, enum err (*run)(void *))
{
	struct tx_work work = {run, mutation_settle, m};
	m->lost_race = false;
	enum err err = tx_run(m->ctx->db, m->ctx->arena, &work);
	m->ctx->journal = NULL;
	if (err != ERR_OK)
		memset(m->answer, 0, sizeof *m->answer);
	return err;
}

/* A request with a key did not succeed: keep the refusal, or answer as the first request did. */
static enum err refuse(struct mutation *m, enum err refusal)
{
	enum err err = refusal;
	if (!m->lost_race && is_kept(refusal)) {
		m->refusal = refusal;
		m->refusal_detail = m->ctx->detail;
		err = run_in_tx(m, refusal_write);
	}
	if (err == ERR_OK)
		return refusal;
	if (!m->lost_race)
		return err;
	err = replay(m);
	return err == ERR_NOT_FOUND ? ctx_fail(m->ctx, ERR_RUNNING, NULL, REASON_KEY_RUNNING) : err;
}

enum err mutation_run(struct ctx *ctx, const struct operation *operation, const void *in, void *out,
		      answer_fn *make_answer, void *arg, struct answer *answer_r)
{
	struct mutation m = {.ctx = ctx,
			     .operation = operation,
			     .in = in,
			     .out = out,
			     .make_answer = make_answer,
			     .arg = arg,
			     .answer = answer_r};
	enum err err = serial_reserve(ctx, operation->serials);
	if (err != ERR_OK)
		return err;
	err = run_in_tx(&m, mutation_try);
	return err == ERR_OK || !has_key(ctx) ? err : refuse(&m, err);
}
