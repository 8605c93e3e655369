#include "throttle.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <time.h>

#include "db.h"
#include "stmt_gen.h"
#include "tx.h"

#define WAITS_MAX    25 /* for attempts of others that are being looked at */
#define WAIT_NS      20000000L
#define PURGE_ODDS   64 /* one millisecond in so many clears away old rows */
#define PURGE_ROWS   200
#define MINUTE_MS    60000
#define IPV6_NETWORK 8 /* bytes of the /64 that one customer gets (RFC 6177) */
#define ADDRESS_MAX  64

struct policy {
	size_t per_subject, per_address, window_s; /* members of struct config */
};

static const struct policy policies[THROTTLE__MAX] = {
	[THROTTLE_PASSWORD] = {offsetof(struct config, sign_in_per_subject),
			       offsetof(struct config, sign_in_per_address),
			       offsetof(struct config, sign_in_window_s)},
	[THROTTLE_CODE] = {offsetof(struct config, codes_per_subject),
			   offsetof(struct config, codes_per_address),
			   offsetof(struct config, codes_window_s)},
};

struct take {
	struct db *db;
	struct arena *arena;
	int64_t per_subject, per_address, window_ms, now_ms;
	struct throttle_claim *claim;
	int64_t wait_ms; /* until the refused side has room */
	bool unsettled;  /* others' open attempts alone fill it */
};

static int64_t limit_of(const struct config *config, size_t offset)
{
	return *(const int64_t *)(const void *)((const char *)config + offset);
}

static struct str digest_of(const struct throttle_mark *mark)
{
	return (struct str){(const char *)mark->digest, SHA256_LEN};
}

/* What an address counts as: 4 bytes, an IPv6 network, or the text itself. */
static struct str address_key(struct str address, uint8_t bytes[sizeof(struct in6_addr)])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[ADDRESS_MAX];

	if (address.len >= sizeof(text))
		return address;
	memcpy(text, address.at, address.len);
	text[address.len] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1)
		return (struct str){(const char *)bytes, sizeof(struct in_addr)};
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return address;
	if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
		return (struct str){(const char *)bytes + sizeof(mapped), sizeof(struct in_addr)};
	return (struct str){(const char *)bytes, IPV6_NETWORK};
}

static void claim_init(struct throttle_claim *claim, enum throttle_what what, struct str subject,
		       struct str address)
{
	uint8_t bytes[sizeof(struct in6_addr)];
	struct str key = address_key(address.at ? address : STR(""), bytes);

	claim->subject = (struct throttle_mark){.kind = 1 + 2 * (int64_t)what};
	claim->address = (struct throttle_mark){.kind = 2 + 2 * (int64_t)what};
	sha256(subject.at, subject.len, claim->subject.digest);
	sha256(key.at, key.len, claim->address.digest);
}

/* The lock row makes those who try at once queue, so that what is counted is what there is. */
static enum err take_side(struct take *take, struct throttle_mark *mark, int64_t limit)
{
	struct throttle_count_row count;
	struct str digest = digest_of(mark);

	enum err err = sql_throttle_lock(
		take->db, &(struct throttle_lock_in){mark->kind, digest, take->now_ms / MINUTE_MS},
		NULL);
	if (err)
		return err;
	err = sql_throttle_count(
		take->db, take->arena,
		&(struct throttle_count_in){mark->kind, digest, take->now_ms - take->window_ms},
		&count);
	if (err)
		return err;
	if (count.taken >= limit) {
		take->unsettled = count.settled < limit;
		take->wait_ms = count.first_at.ms + take->window_ms - take->now_ms;
		return ERR_THROTTLED;
	}
	mark->at = take->now_ms > count.last_at.ms ? take->now_ms : count.last_at.ms + 1;
	return sql_throttle_take(take->db,
				 &(struct throttle_take_in){mark->kind, digest, {mark->at}}, NULL);
}

static enum err take_run(void *arg)
{
	struct take *take = arg;

	enum err err = take_side(take, &take->claim->address, take->per_address);
	return err ? err : take_side(take, &take->claim->subject, take->per_subject);
}

int64_t throttle_minute(int64_t ms)
{
	return ms / MINUTE_MS;
}

/* Rows that can count no more; what fails today is done another day. */
static void purge(struct db *db, int64_t now_ms)
{
	int64_t before = now_ms - THROTTLE_AGE_MS;

	if (now_ms % PURGE_ODDS != 0)
		return;
	(void)sql_throttle_purge(db, &(struct throttle_purge_in){before, PURGE_ROWS}, NULL);
	(void)sql_throttle_purge_locks(
		db, &(struct throttle_purge_locks_in){throttle_minute(before), PURGE_ROWS}, NULL);
}

enum err throttle_take(struct db *db, struct arena *arena, const struct config *config,
		       enum throttle_what what, struct str subject, struct str address,
		       int64_t now_ms, struct throttle_claim *claim_r, int *retry_after_s_r)
{
	const struct policy *policy = &policies[what];
	struct take take = {.db = db,
			    .arena = arena,
			    .per_subject = limit_of(config, policy->per_subject),
			    .per_address = limit_of(config, policy->per_address),
			    .window_ms = limit_of(config, policy->window_s) * 1000,
			    .now_ms = now_ms,
			    .claim = claim_r};
	struct tx_work work = {.run = take_run, .arg = &take};
	enum err err;

	claim_init(claim_r, what, subject, address);
	purge(db, now_ms);
	for (int waits = 0;; waits++) {
		err = tx_run(db, arena, &work);
		if (err != ERR_THROTTLED || !take.unsettled || waits == WAITS_MAX)
			break;
		nanosleep(&(struct timespec){0, WAIT_NS}, NULL);
	}
	if (err == ERR_THROTTLED)
		*retry_after_s_r = take.wait_ms > 1000 ? (int)((take.wait_ms + 999) / 1000) : 1;
	return err;
}

static void settle_side(struct db *db, const struct throttle_mark *mark, bool counts)
{
	struct str digest = digest_of(mark);

	if (counts)
		(void)sql_throttle_count_it(
			db, &(struct throttle_count_it_in){mark->kind, digest, {mark->at}}, NULL);
	else
		(void)sql_throttle_give_back(
			db, &(struct throttle_give_back_in){mark->kind, digest, {mark->at}}, NULL);
}

void throttle_settle(struct db *db, const struct throttle_claim *claim, bool counts)
{
	settle_side(db, &claim->subject, counts);
	settle_side(db, &claim->address, counts);
}
