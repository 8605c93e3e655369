/*
 * A posting of the same rows as the service's, in two packets: card and account locked, open lots
 * and document read; then entry, lots, allocations, account and journal row written and committed.
 * Cards are the instance's own; all that is written is in tables of database `bare`, made like the
 * service's, with the same indexes. Tags and digests are bytes of the same width that nobody
 * computes.
 */
#include "bare.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define PACKET_MAX 65536
#define LOTS_MAX   64
#define TAG_LEN    32
#define DAY_MS     INT64_C(86400000)
#define NO_ID      "x'00000000000000000000000000000000'"
#define TAG_HEX    "%.64s"

enum result { RESULT_BEGIN, RESULT_CARD, RESULT_ACCOUNT, RESULT_LOTS, RESULT_DOCUMENT, RESULTS };
enum account_column { BALANCE, AVAILABLE, HELD, DEBT, RECEIVED, LAST_SEQ };

struct wish {
	char card[2 * UUID_LEN + 1]; /* hex, as all ids here */
	bool off;
	int64_t sum;
	const char *author, *doc_id, *kkm_id, *shop_id;
	int64_t doc_type, days; /* days: until the lot ends */
};

struct lot {
	char id[2 * UUID_LEN + 1];
	int64_t remaining;
};

struct posting {
	struct wish wish;
	const char *key;
	char id[2 * UUID_LEN + 1], journal_id[2 * UUID_LEN + 1];
	int64_t now;
	int64_t account[LAST_SEQ + 1];
	struct lot lots[LOTS_MAX];
	size_t lots_n;
};

static MYSQL *database;
static bool ready;
static char packet[PACKET_MAX];
static size_t packet_len;
static const char tag[] = "ba5e0000ba5e0000ba5e0000ba5e0000ba5e0000ba5e0000ba5e0000ba5e0000";

/* Prepared under a name on each connection; a packet says EXECUTE name USING values. */
#define OF_ACCOUNT " WHERE organisation_id = 1 AND card_id = ? AND unit = 1"
static const char *const prepared[] = {
	"PREPARE card FROM 'SELECT live, kind, active, blocked, blocked_until, holder_locked,"
	" master_id, level_id, person_id, new_card_id, valid_from, valid_to, posted"
	" FROM card USE INDEX (PRIMARY) WHERE organisation_id = 1 AND id = ? FOR UPDATE'",
	"PREPARE account FROM 'SELECT balance, available, held, debt, received, last_seq,"
	" last_posted_at, next_change_at, last_tag, mac, kid, first_check_at, last_activity_at,"
	" last_transaction_at, last_transaction_id, activity_at FROM bare.account" OF_ACCOUNT
	" FOR UPDATE'",
	"PREPARE lots FROM 'SELECT id, remaining, amount, held, active_from, active_to, burn_at,"
	" posted_at FROM bare.lot FORCE INDEX (burn_order)" OF_ACCOUNT " AND is_open = 1"
	" ORDER BY burn_at, active_from, id LIMIT ?'",
	"PREPARE document FROM 'SELECT id, kind, amount FROM bare.entry FORCE INDEX (by_document)"
	" WHERE organisation_id = 1 AND card_id = ? AND doc_type = ? AND doc_id = ?'",
	"PREPARE entry FROM 'INSERT INTO bare.entry (organisation_id, account_card_id, unit, seq,"
	" id, kind, amount, balance_after, posted_at, business_at, card_id, corrects_id, "
	"journal_id,"
	" active_from, active_to, author_digest, description_digest, counted, doc_type, author,"
	" doc_id, kkm_id, shop_id, discount_id, description, kid, tag) VALUES"
	" (1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)'",
	"PREPARE lot FROM 'INSERT INTO bare.lot (organisation_id, card_id, unit, id, is_open,"
	" amount, remaining, held, active_from, active_to, burn_at, entry_id, origin_lot,"
	" business_at, posted_at, returned) VALUES (1, ?, 1, ?, 1, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, "
	"0)'",
	"PREPARE eat FROM 'UPDATE bare.lot SET remaining = ?, is_open = ?" OF_ACCOUNT
	" AND id = ?'",
	"PREPARE part FROM 'INSERT INTO bare.allocation (organisation_id, card_id, unit, owner_id,"
	" position, lot_id, taken, held, returned, at) VALUES (1, ?, 1, ?, ?, ?, ?, 0, 0, ?)'",
	"PREPARE figures FROM 'UPDATE bare.account SET balance = ?, available = ?, held = ?,"
	" debt = ?, received = ?, next_change_at = 0, last_seq = ?, last_posted_at = ?,"
	" last_tag = ?, mac = ?, kid = ?, first_check_at = ?, last_activity_at = ?,"
	" last_transaction_at = ?, last_transaction_id = ?, activity_at = ?" OF_ACCOUNT "'",
	"PREPARE journal FROM 'INSERT INTO bare.journal (organisation_id, id, fingerprint, status,"
	" at, operation, object_id, entries, subject, request_id, traceparent, changes, idem_key,"
	" answer) VALUES (1, ?, ?, 200, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'",
};

/* False when there are no tables for postings: GET is measured then. */
static bool posting_prepare(void)
{
	for (size_t i = 0; i < sizeof(prepared) / sizeof(prepared[0]); i++)
		if (mysql_query(database, prepared[i]) != 0)
			return false;
	return true;
}

void posting_open(MYSQL *opened)
{
	database = opened;
	ready = posting_prepare();
}

/* ---- packets */

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(packet + packet_len, PACKET_MAX - packet_len, format, list);
	va_end(list);
	packet_len += (size_t)n;
	if (n < 0 || packet_len >= PACKET_MAX)
		die("packet", "too long");
}

/* A text in quotes and a comma. */
static void put_text(const char *text)
{
	size_t len = strlen(text);

	if (packet_len + 2 * len + 4 >= PACKET_MAX)
		die("packet", "too long");
	packet[packet_len++] = '\'';
	packet_len += mysql_real_escape_string(database, packet + packet_len, text, len);
	memcpy(packet + packet_len, "', ", 4);
	packet_len += 3;
}

static bool packet_send(void)
{
	size_t len = packet_len;

	packet_len = 0;
	return mysql_real_query(database, packet, len) == 0;
}

/* Reads the answers of the statements left; whether all are good. */
static bool packet_end(void)
{
	int more;

	do {
		mysql_free_result(mysql_store_result(database));
		if (mysql_errno(database) != 0)
			return false;
		more = mysql_next_result(database);
	} while (more == 0);
	return more < 0;
}

/* ---- what is wanted */

static const char *member(json_object *root, const char *name)
{
	const char *text = json_object_get_string(json_object_object_get(root, name));

	return text ? text : "";
}

static void hex_write(const unsigned char *bytes, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < UUID_LEN; i++) {
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}

static bool wish_read(json_object *root, struct wish *wish)
{
	unsigned char id[UUID_LEN];

	*wish = (struct wish){
		.off = json_object_get_int(json_object_object_get(root, "type")) == 1,
		.sum = (int64_t)(json_object_get_double(json_object_object_get(root, "sum")) * 100 +
				 0.5),
		.author = member(root, "author"),
		.doc_id = member(root, "doc_id"),
		.kkm_id = member(root, "kkm_id"),
		.shop_id = member(root, "shop_id"),
		.doc_type = json_object_get_int64(json_object_object_get(root, "doc_type")),
		.days = json_object_get_int64(json_object_object_get(root, "invalidate_period")),
	};
	if (!uuid_read(member(root, "card_id"), id))
		return false;
	hex_write(id, wish->card);
	return wish->sum > 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* UUIDv7, in hex. */
static void make_id(int64_t now, char *text)
{
	unsigned char id[UUID_LEN];

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		die("random bytes", "not to be had");
	for (int i = 0; i < 6; i++)
		id[i] = (unsigned char)(now >> (8 * (5 - i)));
	id[6] = (unsigned char)(0x70 | (id[6] & 0x0f));
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));
	hex_write(id, text);
}

/* ---- packet 1 */

static void put_reads(const struct wish *wish)
{
	put("START TRANSACTION; EXECUTE card USING x'%s'; EXECUTE account USING x'%s';"
	    " EXECUTE lots USING x'%s', %d; EXECUTE document USING x'%s', %lld, ",
	    wish->card, wish->card, wish->card, LOTS_MAX, wish->card, (long long)wish->doc_type);
	put_text(wish->doc_id);
	packet_len -= 2;
}

static void lot_read(struct posting *posting, MYSQL_ROW row)
{
	struct lot *lot = &posting->lots[posting->lots_n++];

	hex_write((const unsigned char *)row[0], lot->id);
	lot->remaining = strtoll(row[1], NULL, 10);
}

/* Whether it may be posted as far as this result says. */
static bool result_read(enum result which, MYSQL_RES *result, struct posting *posting)
{
	MYSQL_ROW row;
	unsigned rows = 0;

	while (result && (row = mysql_fetch_row(result))) {
		rows++;
		if (which == RESULT_LOTS)
			lot_read(posting, row);
		for (int i = 0; which == RESULT_ACCOUNT && i <= LAST_SEQ; i++)
			posting->account[i] = strtoll(row[i], NULL, 10);
	}
	if (which == RESULT_CARD || which == RESULT_ACCOUNT)
		return rows == 1;
	return which != RESULT_DOCUMENT || rows == 0;
}

static bool posting_read(struct posting *posting)
{
	bool good = true;

	put_reads(&posting->wish);
	if (!packet_send())
		return false;
	for (int which = 0; which < RESULTS; which++) {
		MYSQL_RES *result = mysql_store_result(database);

		good = result_read((enum result)which, result, posting) && good;
		mysql_free_result(result);
		if (mysql_next_result(database) > 0)
			return false;
	}
	return good && (!posting->wish.off || posting->account[AVAILABLE] >= posting->wish.sum);
}

/* ---- packet 2 */

static void put_entry(const struct posting *posting)
{
	const struct wish *wish = &posting->wish;
	long long now = posting->now, amount = wish->off ? -wish->sum : wish->sum;

	put("EXECUTE entry USING x'%s', %lld, x'%s', %d, %lld, %lld, %lld, %lld, x'%s', " NO_ID
	    ", x'%s', x'" TAG_HEX "', x'" TAG_HEX "', %lld, ",
	    wish->card, (long long)posting->account[LAST_SEQ] + 1, posting->id, wish->off ? 3 : 2,
	    amount, (long long)posting->account[BALANCE] + amount, now, now, wish->card,
	    posting->journal_id, tag, tag, (long long)wish->doc_type);
	put_text(wish->author);
	put_text(wish->doc_id);
	put_text(wish->kkm_id);
	put_text(wish->shop_id);
	put("'', '', 'local', x'" TAG_HEX "';", tag);
}

static void put_lot(const struct posting *posting)
{
	long long now = posting->now, sum = posting->wish.sum;
	long long ends = now + posting->wish.days * DAY_MS;

	put("EXECUTE lot USING x'%s', x'%s', %lld, %lld, %lld, %lld, %lld, x'%s', " NO_ID
	    ", %lld, %lld;",
	    posting->wish.card, posting->id, sum, sum, now, ends, ends, posting->id, now, now);
}

static void put_eaten(const struct posting *posting)
{
	const char *card = posting->wish.card;
	int64_t left = posting->wish.sum;

	for (size_t i = 0; i < posting->lots_n && left > 0; i++) {
		const struct lot *lot = &posting->lots[i];
		int64_t part = lot->remaining < left ? lot->remaining : left;

		left -= part;
		put("EXECUTE eat USING %lld, %d, x'%s', x'%s';", (long long)(lot->remaining - part),
		    lot->remaining > part, card, lot->id);
		put("EXECUTE part USING x'%s', x'%s', %zu, x'%s', %lld, %lld;", card, posting->id,
		    i + 1, lot->id, (long long)part, (long long)posting->now);
	}
}

static void put_account(const struct posting *posting)
{
	const int64_t *was = posting->account;
	long long now = posting->now, sum = posting->wish.sum, way = posting->wish.off ? -sum : sum;

	put("EXECUTE figures USING %lld, %lld, %lld, %lld, %lld, %lld, %lld, x'" TAG_HEX
	    "', x'" TAG_HEX "', 'local', %lld, %lld, %lld, x'%s', %lld, x'%s';",
	    was[BALANCE] + way, was[AVAILABLE] + way, (long long)was[HELD], (long long)was[DEBT],
	    was[RECEIVED] + (way > 0 ? way : 0), (long long)was[LAST_SEQ] + 1, now, tag, tag, now,
	    now, now, posting->id, now, posting->wish.card);
}

static void put_journal(const struct posting *posting)
{
	put("EXECUTE journal USING x'%s', x'" TAG_HEX "', %lld, 'transaction_add', x'%s', x'%s',"
	    " 'demo', '%s', '', '{}', ",
	    posting->journal_id, tag, (long long)posting->now, posting->wish.card, posting->id,
	    posting->journal_id);
	if (posting->key) {
		put_text(posting->key);
		put("'%s'; COMMIT", answer);
	} else {
		put("NULL, NULL; COMMIT");
	}
}

static bool posting_write(const struct posting *posting)
{
	put_entry(posting);
	if (posting->wish.off)
		put_eaten(posting);
	else
		put_lot(posting);
	put_account(posting);
	put_journal(posting);
	return packet_send() && packet_end();
}

/* ---- requests */

static size_t answer_id(const char *hex)
{
	unsigned char id[UUID_LEN];
	char text[UUID_TEXT_LEN];

	hex_read(hex, UUID_LEN, id);
	uuid_write(id, text);
	return (size_t)snprintf(answer, ANSWER_MAX, "{\"id\":\"%.*s\"}", UUID_TEXT_LEN, text);
}

static size_t posting_run(struct posting *posting, int *status_r)
{
	size_t len = answer_id(posting->id);

	if (posting_read(posting) && posting_write(posting))
		return len;
	packet_len = 0;
	fprintf(stderr, "bare: not posted: %s\n", mysql_error(database));
	mysql_query(database, "ROLLBACK");
	return fail(409, "not posted", status_r);
}

/* Parses the body and runs one of the two postings. */
static size_t with_wish(const char *body, size_t body_len, struct posting *posting,
			size_t (*run)(struct posting *, int *), int *status_r)
{
	json_tokener *parser = json_tokener_new();
	json_object *root = json_tokener_parse_ex(parser, body, (int)body_len);
	size_t len;

	posting->now = now_ms();
	make_id(posting->now, posting->id);
	make_id(posting->now, posting->journal_id);
	if (!ready)
		die("bare.sql", "was not run");
	if (root && wish_read(root, &posting->wish))
		len = run(posting, status_r);
	else
		len = fail(400, "body", status_r);
	json_object_put(root);
	json_tokener_free(parser);
	return len;
}

size_t posting_handle(const char *body, size_t len, const char *key, int *status_r)
{
	struct posting posting = {.key = key};

	return with_wish(body, len, &posting, posting_run, status_r);
}

static size_t two_run(struct posting *posting, int *status_r)
{
	long long sum = posting->wish.sum;

	put("CALL bare.post_two(x'%s', %lld, x'%s')", posting->wish.card,
	    posting->wish.off ? -sum : sum, posting->id);
	if (!packet_send() || !packet_end())
		return fail(409, mysql_error(database), status_r);
	return answer_id(posting->id);
}

size_t two_handle(const char *body, size_t len, int *status_r)
{
	struct posting posting = {.key = NULL};

	return with_wish(body, len, &posting, two_run, status_r);
}
