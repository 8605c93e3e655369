#include "numbers.h"

#include <assert.h>
#include <string.h>

#include "arena.h"
#include "batch.h"
#include "crypto.h"
#include "stmt_gen.h"
#include "text.h"

#define NUMBER_KEY_MAX 256
#define DIGITS_FEW     5      /* digits whose numbers are all looked at */
#define NUMBERS_FEW    100000 /* that many */
#define USED_MOST      200000
#define DRAWS_MOST     20 /* for each number wanted */
#define ASKED_AT_ONCE  500
#define SLOTS_FOR_EACH 2

/* Texts that are there already; open addressing, at most half full. */
struct set {
	struct str *slot;
	size_t size;
};

struct draw {
	struct ctx *ctx;
	const struct card_series_row *series;
	size_t digits;   /* random ones */
	struct set used; /* folded */
	struct str *numbers;
	size_t wanted, n;
	bool knows_all; /* `used` has all numbers that live cards have */
};

bool luhn_is_good(struct str text)
{
	unsigned sum = 0, twice = 0;
	for (size_t i = text.len; i-- > 0;) {
		unsigned digit = (unsigned)(text.at[i] - '0');
		if (digit > 9)
			continue;
		digit <<= twice;
		sum += digit > 9 ? digit - 9 : digit;
		twice ^= 1;
	}
	return sum % 10 == 0;
}

static void set_init(struct set *set, struct arena *arena, size_t most)
{
	set->size = (most + 1) * SLOTS_FOR_EACH;
	set->slot = arena_array(arena, struct str, set->size);
}

/* Where the text is, or where it would be put. */
static struct str *set_slot(const struct set *set, struct str text)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(1099511628211);
	size_t at = hash % set->size;
	while (set->slot[at].at && !str_eq(set->slot[at], text))
		at = (at + 1) % set->size;
	return &set->slot[at];
}

/* False when it was there. */
static bool set_add(struct set *set, struct str text)
{
	struct str *slot = set_slot(set, text);
	if (slot->at)
		return false;
	*slot = text;
	return true;
}

/* The check digit is the last of the random ones; the whole number passes with it. */
static struct str compose(const struct draw *draw, const char *digits)
{
	const struct card_series_row *series = draw->series;
	bool check = series->method == SERIES_LUHN;
	struct buf buf;
	buf_init(&buf, draw->ctx->arena, NUMBER_MAX + 1);
	buf_str(&buf, series->prefix);
	buf_put(&buf, digits, draw->digits);
	size_t at = buf.len;
	if (check)
		buf_char(&buf, '0');
	buf_str(&buf, series->suffix);
	while (check && !luhn_is_good((struct str){buf.at, buf.len}))
		buf.at[at]++;
	return buf_done(&buf);
}

static struct str key_of(const struct draw *draw, struct str number)
{
	return text_fold(draw->ctx->arena, number, NUMBER_KEY_MAX);
}

static uint64_t random_below(uint64_t bound)
{
	uint64_t random, most = UINT64_MAX - UINT64_MAX % bound;
	do
		crypto_random(&random, sizeof random);
	while (random >= most);
	return random % bound;
}

static void random_digits(char *digits, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint8_t random[NUMBER_MAX];
		crypto_random(random, sizeof random);
		for (size_t j = 0; j < sizeof random && i < n; j++)
			if (random[j] < 250)
				digits[i++] = (char)('0' + random[j] % 10);
	}
}

/* Numbers of live cards that look like those of the series, with room for as many more. */
static enum err read_used(struct draw *draw, size_t more)
{
	struct ctx *ctx = draw->ctx;
	struct str from = key_of(draw, draw->series->prefix);
	struct buf to;
	buf_init(&to, ctx->arena, from.len + 2);
	buf_str(&to, from);
	buf_char(&to, '\xff');
	char zeros[NUMBER_MAX];
	memset(zeros, '0', sizeof zeros);
	struct card_barcodes_between_in in = {ctx_organisation(ctx), from, buf_done(&to),
					      (int64_t)key_of(draw, compose(draw, zeros)).len,
					      USED_MOST};
	struct list rows = {0};
	enum err err = sql_card_barcodes_between(ctx->db, ctx->arena, &in, &rows);
	const struct card_barcodes_between_row *row = rows.rows;
	set_init(&draw->used, ctx->arena, rows.n + more);
	draw->knows_all = rows.n < USED_MOST;
	for (size_t i = 0; err == ERR_OK && i < rows.n; i++)
		set_add(&draw->used, row[i].barcode_key);
	return err;
}

static size_t power_of_ten(size_t digits)
{
	size_t power = 1;
	while (digits-- > 0)
		power *= 10;
	return power;
}

static struct str nth(const struct draw *draw, size_t value)
{
	char digits[DIGITS_FEW];
	for (size_t i = draw->digits; i-- > 0; value /= 10)
		digits[i] = (char)('0' + value % 10);
	return compose(draw, digits);
}

static bool is_used(struct draw *draw, struct str number)
{
	size_t mark = arena_mark(draw->ctx->arena);
	bool used = set_slot(&draw->used, key_of(draw, number))->at != NULL;
	arena_reset(draw->ctx->arena, mark);
	return used;
}

/* All that are free, of which the first `wanted` places are drawn (Fisher and Yates). */
static enum err draw_few(struct draw *draw)
{
	size_t all = power_of_ten(draw->digits), n = 0;
	enum err err = read_used(draw, 0);
	struct str *free = arena_array(draw->ctx->arena, struct str, all);
	for (size_t i = 0; err == ERR_OK && i < all; i++) {
		free[n] = nth(draw, i);
		n += !is_used(draw, free[n]);
	}
	for (size_t i = 0; err == ERR_OK && i < draw->wanted && i < n; i++) {
		size_t other = i + (size_t)random_below(n - i);
		struct str drawn = free[other];
		free[other] = free[i];
		draw->numbers[draw->n++] = drawn;
	}
	return err;
}

/* Of `n` candidates, keeps those that no live card has. */
static enum err keep_free(struct draw *draw, const struct str *candidates, size_t n)
{
	struct card_barcode_taken_row row;
	bool taken[ASKED_AT_ONCE] = {false};
	size_t mark = arena_mark(draw->ctx->arena);
	struct batch batch;
	batch_init(&batch, draw->ctx->db, draw->ctx->arena);
	for (size_t i = 0; i < n; i++) {
		struct card_barcode_taken_in in = {ctx_organisation(draw->ctx),
						   key_of(draw, candidates[i])};
		batch_card_barcode_taken(&batch, &in, &row, &taken[i]);
	}
	enum err err = batch_run(&batch);
	arena_reset(draw->ctx->arena, mark);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		if (!taken[i])
			draw->numbers[draw->n++] = candidates[i];
	return err;
}

static size_t draws_most(const struct draw *draw)
{
	return draw->wanted * DRAWS_MOST + ASKED_AT_ONCE;
}

static struct str draw_one(const struct draw *draw)
{
	char digits[NUMBER_MAX];
	random_digits(digits, draw->digits);
	return compose(draw, digits);
}

/* One look at the database for each few hundred: little to read when few are wanted. */
static enum err draw_asking(struct draw *draw)
{
	size_t left = draws_most(draw);
	enum err err = ERR_OK;
	set_init(&draw->used, draw->ctx->arena, left);
	while (err == ERR_OK && draw->n < draw->wanted && left > 0) {
		struct str candidates[ASKED_AT_ONCE];
		size_t n = 0, ask = draw->wanted - draw->n;
		ask = ask < ASKED_AT_ONCE ? ask : ASKED_AT_ONCE;
		for (; left > 0 && n < ask; left--) {
			candidates[n] = draw_one(draw);
			n += set_add(&draw->used, candidates[n]);
		}
		err = keep_free(draw, candidates, n);
	}
	return err;
}

static void draw_knowing(struct draw *draw)
{
	for (size_t left = draws_most(draw); left > 0 && draw->n < draw->wanted; left--) {
		size_t mark = arena_mark(draw->ctx->arena);
		struct str number = draw_one(draw);
		if (!is_used(draw, number) && set_add(&draw->used, number))
			draw->numbers[draw->n++] = number;
		else
			arena_reset(draw->ctx->arena, mark);
	}
}

static enum err draw_many(struct draw *draw)
{
	enum err err = draw->wanted > ASKED_AT_ONCE ? read_used(draw, draw->wanted) : ERR_OK;
	if (err != ERR_OK || !draw->knows_all)
		return err == ERR_OK ? draw_asking(draw) : err;
	draw_knowing(draw);
	return ERR_OK;
}

enum err numbers_draw(struct ctx *ctx, const struct card_series_row *series, int64_t n,
		      struct list *numbers_r)
{
	struct draw draw = {
		.ctx = ctx,
		.series = series,
		.digits = (size_t)series->number_length - (series->method == SERIES_LUHN),
		.numbers = arena_array(ctx->arena, struct str, (size_t)n + 1),
		.wanted = (size_t)n,
	};
	assert(draw.digits > 0 && draw.digits <= NUMBER_MAX);
	bool few = draw.digits <= DIGITS_FEW;
	if (few && power_of_ten(draw.digits) < draw.wanted)
		return ctx_fail(ctx, ERR_CONFLICT, "count", REASON_NUMBERS_SHORT);
	enum err err = few ? draw_few(&draw) : draw_many(&draw);
	if (err == ERR_OK && draw.n < draw.wanted)
		return ctx_fail(ctx, ERR_CONFLICT, "count", REASON_NUMBERS_FULL);
	*numbers_r = (struct list){draw.numbers, draw.n};
	return err;
}
