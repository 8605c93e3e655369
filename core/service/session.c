#include "session.h"

#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "db.h"
#include "keyring.h"
#include "migrate.h"
#include "place.h"
#include "revocation.h"
#include "serial.h"
#include "settings.h"
#include "sign_in.h"
#include "stmt_gen.h"
#include "token.h"
#include "verified.h"

#define LAG_EVERY_US INT64_C(10000000)

struct session {
	struct arena *arena;
	struct db *db;
	struct keyring *keyring, *ledger_keys;
	struct token_checker *checker;
	struct revocations *revocations;
	struct verified *verified;
	struct settings_cache *settings;
	struct serials serials;
	struct token_rules rules;
	struct ctx ctx;
	int64_t lag_us; /* monotonic: when it was asked for */
};

static bool keys_open(struct session *session, const struct config *config, char *error,
		      size_t error_size)
{
	session->keyring = keyring_open(config->keyring.at, error, error_size);
	if (!session->keyring)
		return false;
	session->ledger_keys = keyring_open_ledger(config->ledger_keys.at, error, error_size);
	return session->ledger_keys != NULL;
}

bool session_share(void)
{
	return places_init() && settings_share();
}

void session_unshare(void)
{
	settings_unshare();
	places_fini();
}

struct session *session_open(const struct config *config, struct arena *arena,
			     const struct clock *clock, char *error, size_t error_size)
{
	struct session *session = calloc(1, sizeof *session);
	struct db_options options = db_options_of(config);
	if (!session || !keys_open(session, config, error, error_size)) {
		session_close(&session);
		return NULL;
	}
	session->arena = arena;
	session->rules = token_rules_of(config);
	session->db = db_open(&options);
	session->checker = token_checker_open(session->keyring, &session->rules);
	session->revocations = revocations_open();
	session->verified = verified_open();
	session->settings = settings_cache_open();
	session->ctx = (struct ctx){.arena = arena,
				    .db = session->db,
				    .clock = clock,
				    .config = config,
				    .keyring = session->keyring,
				    .ledger_keys = session->ledger_keys,
				    .serials = &session->serials};
	return session;
}

void session_close(struct session **session)
{
	struct session *s = *session;
	if (!s)
		return;
	settings_cache_close(&s->settings);
	verified_close(&s->verified);
	revocations_close(&s->revocations);
	token_checker_close(&s->checker);
	db_close(&s->db);
	keyring_close(&s->ledger_keys);
	keyring_close(&s->keyring);
	free(s);
	*session = NULL;
}

struct ctx session_ctx(const struct session *session)
{
	return session->ctx;
}

/* What a token says is true only as long as nobody called it back. */
static enum err principal_check(struct session *session, struct ctx *ctx)
{
	int64_t monotonic_us = clock_monotonic_us(), now_ms = ctx_now(ctx).ms;
	enum err err = revocations_check(session->revocations, session->db, ctx->arena,
					 &ctx->principal, monotonic_us, now_ms);
	if (err == ERR_UNAUTHENTICATED)
		return ctx_fail(ctx, err, NULL, REASON_TOKEN_REVOKED);
	if (err == ERR_OK)
		err = settings_get(session->settings, session->db, ctx->arena,
				   ctx_organisation(ctx), monotonic_us, &ctx->settings);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, ERR_UNAUTHENTICATED, NULL, REASON_TOKEN_BAD);
	return err == ERR_BUSY ? ctx_fail(ctx, err, NULL, REASON_DATABASE) : err;
}

enum err session_identify(struct session *session, struct ctx *ctx, struct str token)
{
	enum token_fault fault =
		token_check(session->checker, ctx->arena, token, ctx_now(ctx).ms, &ctx->principal);
	if (fault != TOKEN_FAULT_NONE)
		return ctx_fail(ctx, ERR_UNAUTHENTICATED, NULL, token_fault_reason(fault));
	return principal_check(session, ctx);
}

enum err session_enter(struct session *session, struct ctx *ctx, struct str login,
		       struct str secret)
{
	int64_t now_us = clock_monotonic_us();
	struct credential_row row;
	if (verified_find(session->verified, ctx->arena, login, secret, now_us, &ctx->principal))
		return principal_check(session, ctx);
	enum err err = entry_check(ctx, login, secret, SECRET_PLAIN | SECRET_MD5, NULL, NULL, &row);
	if (err != ERR_OK)
		return err == ERR_BUSY ? ctx_fail(ctx, err, NULL, REASON_DATABASE) : err;
	ctx->principal = entry_principal(ctx, &row);
	verified_keep(session->verified, login, secret, now_us, &ctx->principal);
	return principal_check(session, ctx);
}

static enum err schema_check(struct session *session)
{
	enum err err = db_ready(session->db);
	return err == ERR_OK ? migrate_check(session->db, session->arena) : err;
}

/* Moments of several hosts stand in one chain: none may be far off. */
static enum err clock_check(struct session *session)
{
	struct clock_read_row row;
	enum err err = sql_clock_read(session->db, session->arena, &row);
	int64_t off_ms = ctx_now(&session->ctx).ms - row.now.ms;
	if (err == ERR_OK && (off_ms > CLOCK_OFF_MAX_MS || off_ms < -CLOCK_OFF_MAX_MS))
		err = ERR_CONFLICT;
	return err;
}

enum err session_ready(struct session *session)
{
	if (!keyring_signing(session->keyring))
		return ERR_INTERNAL;
	enum err err = schema_check(session);
	return err == ERR_OK ? clock_check(session) : err;
}

struct session_cost session_cost(struct session *session)
{
	struct db_stats *stats = db_stats(session->db);
	struct session_cost cost = {stats->calls, stats->errors, stats->retries, stats->us};
	*stats = (struct db_stats){0};
	return cost;
}

void session_idle(struct session *session)
{
	struct moment now = ctx_now(&session->ctx);
	size_t mark = arena_mark(session->arena);
	if (db_ready(session->db) == ERR_OK)
		revocations_refresh(session->revocations, session->db, clock_monotonic_us(),
				    now.ms);
	arena_reset(session->arena, mark);
}

static int64_t lag_s(struct moment due, struct moment now)
{
	return due.ms < now.ms ? (now.ms - due.ms) / 1000 : 0;
}

bool session_lag(struct session *session, struct session_lag *lag_r)
{
	int64_t now_us = clock_monotonic_us();
	size_t mark = arena_mark(session->arena);
	struct moment now = ctx_now(&session->ctx);
	struct lags_row row;
	if (session->lag_us != 0 && now_us - session->lag_us < LAG_EVERY_US)
		return false;
	session->lag_us = now_us;
	if (db_ready(session->db) != ERR_OK)
		return false;
	enum err err = sql_lags(session->db, session->arena, &row);
	if (err == ERR_OK)
		*lag_r = (struct session_lag){lag_s(row.outbox_at, now), lag_s(row.burn_at, now)};
	arena_reset(session->arena, mark);
	return err == ERR_OK;
}

const char *session_check(struct session *session)
{
	if (!keyring_signing(session->keyring))
		return "the key ring has no key that signs";
	switch (session_ready(session)) {
	case ERR_OK:
		return NULL;
	case ERR_BUSY:
		return "the database does not answer";
	case ERR_CONFLICT:
		return "this host's clock is more than two seconds off the database's";
	default:
		return "the database schema is not the one of this program: kartoteka migrate";
	}
}
