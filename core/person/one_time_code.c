#include "one_time_code.h"

#include <assert.h>
#include <stdio.h>

#include "config.h"
#include "crypto.h"
#include "db.h"
#include "keyring.h"
#include "search.h"
#include "settings.h"
#include "stmt_gen.h"
#include "text.h"
#include "throttle.h"
#include "tx.h"
#include "uuid.h"

#define KEY_MAX    1020
#define SALT_LEN   16
#define CARDS_MAX  PAGE_SIZE_MAX
#define CODE_RANGE 1000000 /* 10^CODE_DIGITS */

#define TEXT_SUBJECT "Код подтверждения"
#define TEXT_BODY    "Ваш код: %s. Он действует пять минут."

/* Ids that lead nowhere carry a time from here on. */
#define NOWHERE_FROM_MS INT64_C(1735689600000) /* 2025-01-01 */
#define NOWHERE_SPAN_MS (INT64_C(4) * 366 * 86400 * 1000)

/* Who is asked for. found = false: nobody, and the id leads nowhere. */
struct target {
	bool found;
	struct uuid person_id;
	struct str address;
};

/* The key that is in the file longest: it stays there, the ledger needs it. */
static void keyed(const struct ctx *ctx, const struct str *parts, size_t n, uint8_t tag[SHA256_LEN])
{
	hmac_sign_parts(keyring_first(ctx->ledger_keys)->hmac, parts, n, tag);
}

static struct str bytes_of(const void *at, size_t len)
{
	return (struct str){at, len};
}

static void code_mac(const struct ctx *ctx, const struct uuid *person_id, struct str salt,
		     struct str code, uint8_t mac[SHA256_LEN])
{
	int64_t organisation_id = ctx_organisation(ctx);
	struct str parts[] = {STR("one-time code"),
			      bytes_of(&organisation_id, sizeof organisation_id),
			      bytes_of(person_id->byte, sizeof person_id->byte), salt, code};
	keyed(ctx, parts, sizeof parts / sizeof parts[0], mac);
}

/*
 * The same for the same address, and like any other person's: a UUIDv7 of a time that has
 * been, spread evenly.
 */
static struct uuid nowhere(const struct ctx *ctx, struct str email, struct str phone)
{
	int64_t organisation_id = ctx_organisation(ctx), now_ms = ctx_now(ctx).ms, at_ms;
	uint8_t tag[SHA256_LEN], turn = 0;
	uint64_t draw;
	struct str parts[] = {STR("nobody"), bytes_of(&organisation_id, sizeof organisation_id),
			      email,         STR("\n"),
			      phone,         bytes_of(&turn, sizeof turn)};
	do {
		keyed(ctx, parts, sizeof parts / sizeof parts[0], tag);
		memcpy(&draw, tag + 16, sizeof draw);
		at_ms = NOWHERE_FROM_MS + (int64_t)(draw % NOWHERE_SPAN_MS);
	} while (at_ms > now_ms && ++turn != 0);
	return uuid_v7(at_ms, tag);
}

/* NOT_FOUND = nobody. */
static enum err person_find(struct ctx *ctx, struct str email, struct str phone,
			    struct person_by_email_row *row_r)
{
	struct person_by_phone_in by_phone = {ctx_organisation(ctx), phone};
	struct person_by_email_in by_email = {ctx_organisation(ctx), email};
	struct person_by_phone_row row;
	if (email.len > 0) {
		enum err err = sql_person_by_email(ctx->db, ctx->arena, &by_email, row_r);
		bool other = err == ERR_OK && phone.len > 0 && !str_eq(phone, row_r->phone_key);
		return other ? ERR_NOT_FOUND : err;
	}
	enum err err = sql_person_by_phone(ctx->db, ctx->arena, &by_phone, &row);
	if (err == ERR_OK)
		*row_r = (struct person_by_email_row){
			.id = row.id, .phone = row.phone, .email = row.email};
	return err;
}

/* A phone without a digit is nobody's, but it was asked for. */
static struct str phone_key(struct ctx *ctx, struct str phone)
{
	struct str digits = text_digits(ctx->arena, phone);
	return phone.len > 0 && digits.len == 0 ? STR("-") : digits;
}

static enum err target_find(struct ctx *ctx, const struct identify_in *in,
			    enum message_channel channel, struct target *target_r)
{
	struct str email = text_fold(ctx->arena, in->email, KEY_MAX);
	struct str phone = phone_key(ctx, in->phone);
	struct person_by_email_row row = {0};
	enum err err = person_find(ctx, email, phone, &row);
	if (err != ERR_OK && err != ERR_NOT_FOUND)
		return err;
	struct str address = channel == MESSAGE_EMAIL ? row.email : row.phone;
	bool found = err == ERR_OK && (channel == 0 || address.len > 0);
	struct uuid none = nowhere(ctx, email, phone);
	*target_r = (struct target){found, found ? row.id : none, address};
	return ERR_OK;
}

static enum err cards_of(struct ctx *ctx, const struct uuid *person_id, struct list *cards_r)
{
	struct card_list_in in = {.person_id = *person_id, .page = {1, CARDS_MAX}};
	struct card_list_out out = {0};
	sent_set(&in.sent, offsetof(struct card_list_in, calculate_count));
	enum err err = op_card_list.run(ctx, &in, &out);
	*cards_r = out.cards;
	return err;
}

/* A code on its way: what is written in one transaction. */
struct sending {
	struct ctx *ctx;
	struct one_time_code_row code;
	struct message_row message;
	uint8_t salt[SALT_LEN], mac[SHA256_LEN];
	char digits[CODE_DIGITS + 1], body[256];
};

static void digits_draw(char digits[CODE_DIGITS + 1])
{
	uint64_t draw;
	crypto_random(&draw, sizeof draw);
	snprintf(digits, CODE_DIGITS + 1, "%06u", (unsigned)(draw % CODE_RANGE));
}

/* Nobody's code is opened by nothing, and nobody's message has gone already. */
static void sending_make(struct sending *sending, struct ctx *ctx, const struct target *target,
			 enum message_channel channel)
{
	struct moment now = ctx_now(ctx), ends = {now.ms + CODE_LIFE_MS};
	*sending = (struct sending){.ctx = ctx};
	crypto_random(sending->salt, sizeof sending->salt);
	digits_draw(sending->digits);
	struct str salt = bytes_of(sending->salt, sizeof sending->salt);
	code_mac(ctx, &target->person_id, salt, str_of(sending->digits), sending->mac);
	snprintf(sending->body, sizeof sending->body, TEXT_BODY, sending->digits);
	if (!target->found)
		crypto_random(sending->mac, sizeof sending->mac);
	sending->code =
		(struct one_time_code_row){.organisation_id = ctx_organisation(ctx),
					   .person_id = target->person_id,
					   .salt = salt,
					   .mac = bytes_of(sending->mac, sizeof sending->mac),
					   .expires_at = ends};
	sending->message =
		(struct message_row){.organisation_id = ctx_organisation(ctx),
				     .id = ctx_uuid(ctx),
				     .channel = channel,
				     .state = target->found ? OUTBOX_WAITING : OUTBOX_SENT,
				     .next_at = now,
				     .created_at = now,
				     .expires_at = ends,
				     .recipient = target->found ? target->address : STR(""),
				     .subject = target->found ? STR(TEXT_SUBJECT) : STR(""),
				     .body = target->found ? str_of(sending->body) : STR("")};
}

static enum err sending_write(void *arg)
{
	struct sending *sending = arg;
	struct batch batch;
	batch_init(&batch, sending->ctx->db, sending->ctx->arena);
	batch_one_time_code_put(&batch, &sending->code);
	batch_message_insert(&batch, &sending->message);
	batch_commit(&batch);
	return batch_run(&batch);
}

/* Everyone who is asked for counts as one, be there such a person or not. */
static enum err throttled(struct ctx *ctx, const struct uuid *person_id,
			  struct throttle_claim *claim_r)
{
	int64_t organisation_id = ctx_organisation(ctx);
	int retry_after_s = 0;
	struct buf subject;
	buf_init(&subject, ctx->arena, 64);
	buf_i64(&subject, organisation_id);
	buf_put(&subject, person_id->byte, sizeof person_id->byte);
	enum err err =
		throttle_take(ctx->db, ctx->arena, ctx->config, THROTTLE_CODE, buf_done(&subject),
			      ctx->request.address, ctx_now(ctx).ms, claim_r, &retry_after_s);
	if (err == ERR_THROTTLED) {
		ctx_fail(ctx, err, NULL, REASON_ATTEMPTS);
		ctx->detail.retry_after_s = retry_after_s;
	}
	return err;
}

static enum err code_send(struct ctx *ctx, const struct target *target,
			  enum message_channel channel)
{
	struct sending sending;
	struct throttle_claim claim;
	struct tx_work work = {.run = sending_write, .arg = &sending};
	enum err err = throttled(ctx, &target->person_id, &claim);
	if (err != ERR_OK)
		return err;
	sending_make(&sending, ctx, target, channel);
	err = tx_run(ctx->db, ctx->arena, &work);
	throttle_settle(ctx->db, &claim, err == ERR_OK || err == ERR_UNCERTAIN);
	crypto_wipe(&sending, sizeof sending);
	return err;
}

static enum err ask(struct ctx *ctx, const struct identify_in *in, struct identify_out *out)
{
	bool needs_code = ctx->settings->identify;
	enum message_channel channel = 0;
	struct target target = {0};
	if (in->email.len == 0 && in->phone.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "email", REASON_REQUIRED);
	if (needs_code && in->send_to.len == 0)
		return ctx_fail(ctx, ERR_INVALID, "send_to", REASON_REQUIRED);
	if (str_eq(in->send_to, STR("email")))
		channel = MESSAGE_EMAIL;
	else if (str_eq(in->send_to, STR("phone")))
		channel = MESSAGE_SMS;
	else if (in->send_to.len > 0)
		return ctx_fail(ctx, ERR_INVALID, "send_to", REASON_UNKNOWN_VALUE);
	enum err err = target_find(ctx, in, needs_code ? channel : 0, &target);
	if (err != ERR_OK)
		return err;
	if (!needs_code)
		return cards_of(ctx, &target.person_id, &out->cards);
	out->person_id = target.person_id;
	return code_send(ctx, &target, channel);
}

/* A look at a code, under its row's lock: of many at once one finds it. */
struct look {
	struct ctx *ctx;
	const struct identify_in *in;
	bool right;
};

static enum err look_run(void *arg)
{
	struct look *look = arg;
	struct ctx *ctx = look->ctx;
	struct one_time_code_lock_in key = {ctx_organisation(ctx), look->in->person_id};
	struct one_time_code_missed_in missed = {key.organisation_id, key.person_id};
	struct one_time_code_delete_in gone = {key.organisation_id, key.person_id};
	uint8_t none[SHA256_LEN] = {0}, mac[SHA256_LEN];
	struct one_time_code_row row = {0};
	enum err err = sql_one_time_code_lock(ctx->db, ctx->arena, &key, &row);
	bool found = err == ERR_OK;
	look->right = false;
	if (!found && err != ERR_NOT_FOUND)
		return err;
	code_mac(ctx, &key.person_id, row.salt, look->in->code, mac);
	bool same = crypto_equal(mac, found ? row.mac.at : (const char *)none, sizeof mac);
	if (!found || row.tries >= CODE_TRIES || row.expires_at.ms <= ctx_now(ctx).ms)
		return ERR_OK;
	look->right = same;
	return same ? sql_one_time_code_delete(ctx->db, &gone, NULL)
		    : sql_one_time_code_missed(ctx->db, &missed, NULL);
}

static enum err redeem(struct ctx *ctx, const struct identify_in *in, struct identify_out *out)
{
	struct look look = {.ctx = ctx, .in = in};
	struct tx_work work = {.run = look_run, .arg = &look};
	enum err err = tx_run(ctx->db, ctx->arena, &work);
	if (err != ERR_OK)
		return err;
	if (!look.right)
		return ctx_fail(ctx, ERR_NOT_FOUND, NULL, REASON_CODE);
	return cards_of(ctx, &in->person_id, &out->cards);
}

static enum err identify(struct ctx *ctx, const struct identify_in *in, struct identify_out *out)
{
	bool second = in->code.len > 0 || !uuid_is_unset(&in->person_id);
	return second ? redeem(ctx, in, out) : ask(ctx, in, out);
}
OPERATION(identify, struct identify_in, struct identify_out, .mutates = false);
