#include "mutation.h"

#include <assert.h>
#include <string.h>

#include "batch.h"
#include "db.h"
#include "journal.h"
#include "json.h"
#include "serial.h"
#include "settings.h"
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
	bool guarded;   /* the row with the key is in, to be finished */
	bool written;   /* the journal row is in and committed */
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
	m->journal.entries = (struct buf){0};
	m->ctx->journal = &m->journal;
}

static struct mutation *mutation_of(struct ctx *ctx)
{
	assert(ctx->journal);
	return (struct mutation *)(void *)((char *)ctx->journal -
					   offsetof(struct mutation, journal));
}

/* The row goes in first: whoever brings the same key waits for it, then finds it. */
void mutation_open(struct ctx *ctx, struct batch *batch)
{
	struct mutation *m = mutation_of(ctx);
	struct journal_row row = journal_row(m);
	assert(batch->n == 0 && !m->guarded);
	if (!has_key(ctx))
		return;
	batch_journal_insert(batch, &row);
	m->guarded = true;
}

/* Another request with this key is under way, or was faster. */
static enum err guard_failed(struct mutation *m, enum err err)
{
	if (err == ERR_TAKEN)
		m->lost_race = true;
	if (err == ERR_BUSY && db_lock_waited(m->ctx->db))
		return ctx_fail(m->ctx, ERR_RUNNING, NULL, REASON_KEY_RUNNING);
	return err == ERR_TAKEN ? ERR_RUNNING : err;
}

enum err mutation_ask(struct ctx *ctx, struct batch *batch)
{
	struct mutation *m = mutation_of(ctx);
	enum err err = batch->n > 0 ? batch_run(batch) : ERR_OK;
	return err != ERR_OK && m->guarded && batch->failed == 0 ? guard_failed(m, err) : err;
}

static enum err guard_insert(struct mutation *m)
{
	struct batch batch;
	batch_init(&batch, m->ctx->db, m->ctx->arena);
	mutation_open(m->ctx, &batch);
	return mutation_ask(m->ctx, &batch);
}

static void put_journal(struct mutation *m, struct batch *batch)
{
	struct journal_row row = journal_row(m);
	row.status = m->answer->status;
	row.changes = journal_changes_done(&m->journal);
	row.entries = journal_entries_done(&m->journal);
	if (has_key(m->ctx))
		row.answer = m->answer->body;
	if (!m->guarded) {
		batch_journal_insert(batch, &row);
		return;
	}
	struct journal_finish_in finish = {row.status,  row.answer,  row.object_id,
					   row.changes, row.entries, row.organisation_id,
					   row.id};
	batch_journal_finish(batch, &finish);
}

/* What has happened is an event, and goes to the organisation's webhooks. */
static void put_event(const struct mutation *m, struct batch *batch, enum err outcome)
{
	const struct ctx *ctx = m->ctx;
	struct delivery_announce_in in = {m->journal.id, ctx_now(ctx), ctx_organisation(ctx)};
	if (outcome == ERR_OK && !ctx->replayed && ctx->settings && ctx->settings->has_webhooks)
		batch_delivery_announce(batch, &in);
}

static enum err close_with(struct mutation *m, struct batch *batch, enum err outcome)
{
	m->make_answer(m->arg, outcome, m->out, m->answer);
	m->answer->replayed = m->ctx->replayed;
	if (!m->ctx->replayed || has_key(m->ctx))
		put_journal(m, batch);
	put_event(m, batch, outcome);
	if (batch->n > 0)
		batch_commit(batch);
	m->written = true;
	return batch_run(batch);
}

enum err mutation_close(struct ctx *ctx, struct batch *batch)
{
	return close_with(mutation_of(ctx), batch, ERR_OK);
}

static enum err close_alone(struct mutation *m, enum err outcome)
{
	struct batch batch;
	batch_init(&batch, m->ctx->db, m->ctx->arena);
	return close_with(m, &batch, outcome);
}

static void mutation_reset(struct mutation *m)
{
	memset(m->answer, 0, sizeof *m->answer);
	memset(m->ctx->posted, 0, sizeof m->ctx->posted);
	m->ctx->replayed = false;
	m->guarded = m->written = false;
	journal_open(m);
}

static enum err mutation_try(void *arg)
{
	struct mutation *m = arg;
	memset(m->out, 0, m->operation->out_size);
	m->ctx->detail = (struct err_detail){0};
	mutation_reset(m);
	enum err err = m->operation->joins ? ERR_OK : guard_insert(m);
	if (err == ERR_OK)
		err = m->operation->run(m->ctx, m->in, m->out);
	return err == ERR_OK && !m->written ? close_alone(m, ERR_OK) : err;
}

/* A refusal whose effects are rolled back is kept in a transaction of its own. */
static enum err refusal_write(void *arg)
{
	struct mutation *m = arg;
	mutation_reset(m);
	m->ctx->detail = m->refusal_detail;
	enum err err = close_alone(m, m->refusal);
	return err == ERR_TAKEN || err == ERR_BUSY ? guard_failed(m, err) : err;
}

/* A row is there: the transaction's own, or the fence of a settling whose reply was lost too. */
static enum err settled_by(struct mutation *m, const struct journal_row *fence, bool *committed_r)
{
	struct journal_operation_in in = {fence->organisation_id, fence->id};
	struct journal_operation_row row;
	enum err err = sql_journal_operation(m->ctx->db, m->ctx->arena, &in, &row);
	if (err == ERR_OK)
		*committed_r = !str_eq(row.operation, fence->operation);
	return err;
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
	if (err == ERR_TAKEN)
		return settled_by(m, &fence, committed_r);
	*committed_r = false;
	return err;
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
	if (m->ctx->settings_changed)
		settings_tell();
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
	int64_t most = operation->serials_most ? operation->serials_most(in) : 1;
	enum err err = serial_reserve(ctx, operation->serials, most);
	if (err != ERR_OK)
		return err;
	err = run_in_tx(&m, mutation_try);
	if (err == ERR_TAKEN && strcmp(db_taken_key(ctx->db), "serial") == 0) {
		/* a card file has brought numbers of a block that was handed out before */
		serial_forget(ctx, operation->serials);
		err = serial_reserve(ctx, operation->serials, most);
		if (err == ERR_OK)
			err = run_in_tx(&m, mutation_try);
	}
	return err == ERR_OK || !has_key(ctx) ? err : refuse(&m, err);
}
