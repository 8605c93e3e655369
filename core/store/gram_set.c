/* Rows of members: read, written, joined and met. */
#include "gram.h"

#define HEAD_BYTES 4
#define BITS_BYTES (GRAM_BLOCK / 8)

enum { FORM_LIST, FORM_BITS };

int64_t gram_set_count(const struct gram_set *set)
{
	int64_t n = 0;

	for (size_t i = 0; i < GRAM_BLOCK / 64; i++)
		n += __builtin_popcountll(set->word[i]);
	return n;
}

static unsigned number_at(const uint8_t *list, size_t i)
{
	return list[2 * i] | (unsigned)list[2 * i + 1] << 8;
}

static uint64_t bits_at(const uint8_t *bits, size_t word)
{
	uint64_t value = 0;

	for (size_t i = 8; i-- > 0;)
		value = value << 8 | bits[8 * word + i];
	return value;
}

static void add(struct gram_set *set, unsigned number)
{
	set->word[number / 64] |= UINT64_C(1) << number % 64;
}

static bool has(const struct gram_set *set, unsigned number)
{
	return set->word[number / 64] >> number % 64 & 1;
}

static size_t group_bytes(const struct gram_group *group)
{
	return group->bits ? BITS_BYTES : 2 * group->n;
}

static bool is_ascending(const uint8_t *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (number_at(list, i - 1) >= number_at(list, i))
			return false;
	return number_at(list, n - 1) < GRAM_BLOCK;
}

static bool group_read(const uint8_t *head, size_t len, struct gram_group *group)
{
	if (len < HEAD_BYTES || head[1] > FORM_BITS)
		return false;
	*group = (struct gram_group){head + HEAD_BYTES, number_at(head + 2, 0) + (size_t)1, head[0],
				     head[1] == FORM_BITS};
	if (len - HEAD_BYTES < group_bytes(group))
		return false;
	return group->bits || is_ascending(group->at, group->n);
}

bool gram_group_next(struct str *rest, struct gram_group *group_r, bool *damaged_r)
{
	struct gram_group group;
	size_t len;

	if (rest->len == 0)
		return false;
	if (!group_read((const uint8_t *)rest->at, rest->len, &group)) {
		*damaged_r = true;
		return false;
	}
	len = HEAD_BYTES + group_bytes(&group);
	rest->at += len;
	rest->len -= len;
	*group_r = group;
	return true;
}

static void put_bits(struct buf *buf, const uint16_t *numbers, size_t n)
{
	uint8_t bits[BITS_BYTES] = {0};

	for (size_t i = 0; i < n; i++)
		bits[numbers[i] / 8] = (uint8_t)(bits[numbers[i] / 8] | 1U << numbers[i] % 8);
	buf_put(buf, bits, sizeof(bits));
}

void gram_group_put(struct buf *buf, unsigned place, const uint16_t *numbers, size_t n)
{
	bool bits = n > GRAM_LIST_MAX;
	const uint8_t head[HEAD_BYTES] = {(uint8_t)place, bits ? FORM_BITS : FORM_LIST,
					  (uint8_t)((n - 1) & 0xff), (uint8_t)((n - 1) >> 8)};

	buf_put(buf, head, sizeof(head));
	if (bits) {
		put_bits(buf, numbers, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const uint8_t number[2] = {(uint8_t)(numbers[i] & 0xff),
					   (uint8_t)(numbers[i] >> 8)};

		buf_put(buf, number, sizeof(number));
	}
}

static void group_into(const struct gram_group *group, struct gram_set *set)
{
	for (size_t i = 0; group->bits && i < GRAM_BLOCK / 64; i++)
		set->word[i] |= bits_at(group->at, i);
	for (size_t i = 0; !group->bits && i < group->n; i++)
		add(set, number_at(group->at, i));
}

static size_t set_numbers(const struct gram_set *set, uint16_t *numbers)
{
	size_t n = 0;

	for (size_t i = 0; i < GRAM_BLOCK / 64; i++)
		for (uint64_t word = set->word[i]; word; word &= word - 1)
			numbers[n++] = (uint16_t)(i * 64 + (size_t)__builtin_ctzll(word));
	return n;
}

static void put_copy(struct buf *buf, const struct gram_group *group)
{
	buf_put(buf, group->at - HEAD_BYTES, HEAD_BYTES + group_bytes(group));
}

static void put_both(struct buf *buf, const struct gram_group *a, const struct gram_group *b)
{
	struct gram_set set = {{0}};
	uint16_t numbers[GRAM_BLOCK];

	group_into(a, &set);
	group_into(b, &set);
	gram_group_put(buf, a->place, numbers, set_numbers(&set, numbers));
}

bool gram_merge(struct buf *buf, struct str a, struct str b)
{
	struct gram_group x, y;
	bool damaged = false;
	bool has_x = gram_group_next(&a, &x, &damaged), has_y = gram_group_next(&b, &y, &damaged);

	while (!damaged && (has_x || has_y)) {
		bool use_x = has_x && (!has_y || x.place <= y.place);
		bool use_y = has_y && (!has_x || y.place <= x.place);

		if (use_x && use_y)
			put_both(buf, &x, &y);
		else
			put_copy(buf, use_x ? &x : &y);
		if (use_x)
			has_x = gram_group_next(&a, &x, &damaged);
		if (use_y)
			has_y = gram_group_next(&b, &y, &damaged);
	}
	return !damaged;
}

bool gram_members(struct str row, struct gram_set *set)
{
	struct gram_group group;
	bool damaged = false;

	while (gram_group_next(&row, &group, &damaged))
		group_into(&group, set);
	return !damaged;
}

/* What is left while the grams of a phrase are met one after another: few numbers, or bits. */
struct picks {
	uint16_t few[GRAM_LIST_MAX];
	size_t n;
	bool many;
	struct gram_set set;
};

static void pick(struct picks *picks, const struct gram_group *group)
{
	picks->many = group->bits || group->n > GRAM_LIST_MAX;
	picks->n = 0;
	if (picks->many) {
		picks->set = (struct gram_set){{0}};
		group_into(group, &picks->set);
		return;
	}
	for (; picks->n < group->n; picks->n++)
		picks->few[picks->n] = (uint16_t)number_at(group->at, picks->n);
}

static bool bit_of(const uint8_t *bits, unsigned number)
{
	return bits[number / 8] >> number % 8 & 1;
}

/* Of few, those that are bits of the group. */
static void keep_bits(struct picks *picks, const struct gram_group *group)
{
	size_t kept = 0;

	for (size_t i = 0; i < picks->n; i++)
		if (bit_of(group->at, picks->few[i]))
			picks->few[kept++] = picks->few[i];
	picks->n = kept;
}

/* Of few, those that are in the group's list. */
static void keep_listed(struct picks *picks, const struct gram_group *group)
{
	size_t kept = 0, at = 0;

	for (size_t i = 0; i < picks->n && at < group->n; i++) {
		while (at < group->n && number_at(group->at, at) < picks->few[i])
			at++;
		if (at < group->n && number_at(group->at, at) == picks->few[i])
			picks->few[kept++] = picks->few[i];
	}
	picks->n = kept;
}

/* Of many, those of the group's list, which are few then. */
static void keep_few(struct picks *picks, const struct gram_group *group)
{
	picks->n = 0;
	picks->many = false;
	for (size_t i = 0; i < group->n; i++)
		if (has(&picks->set, number_at(group->at, i)))
			picks->few[picks->n++] = (uint16_t)number_at(group->at, i);
}

static void keep(struct picks *picks, const struct gram_group *group)
{
	if (!picks->many) {
		if (group->bits)
			keep_bits(picks, group);
		else
			keep_listed(picks, group);
	} else if (group->bits || group->n > GRAM_LIST_MAX) {
		struct gram_set set = {{0}};

		group_into(group, &set);
		for (size_t i = 0; i < GRAM_BLOCK / 64; i++)
			picks->set.word[i] &= set.word[i];
	} else {
		keep_few(picks, group);
	}
}

static bool picks_any(const struct picks *picks)
{
	return picks->many ? gram_set_count(&picks->set) > 0 : picks->n > 0;
}

static void picks_into(const struct picks *picks, struct gram_set *set)
{
	for (size_t i = 0; picks->many && i < GRAM_BLOCK / 64; i++)
		set->word[i] |= picks->set.word[i];
	for (size_t i = 0; !picks->many && i < picks->n; i++)
		add(set, picks->few[i]);
}

/* The groups of a gram, one after another: places are asked for in ascending order. */
struct reading {
	struct str rest;
	struct gram_group group;
	bool there, damaged;
};

static void read_on(struct reading *reading)
{
	reading->there = gram_group_next(&reading->rest, &reading->group, &reading->damaged);
}

static bool read_to(struct reading *reading, unsigned place)
{
	while (reading->there && reading->group.place < place)
		read_on(reading);
	return reading->there && reading->group.place == place;
}

static unsigned shifted(unsigned place, unsigned shift)
{
	return place + shift < GRAM_PLACE_MAX ? place + shift : GRAM_PLACE_MAX;
}

/* The picks of the first gram's group, as far as the other grams follow at their places. */
static void follow(const struct gram_phrase *phrase, struct reading *readings, struct picks *picks)
{
	pick(picks, &readings[0].group);
	for (size_t i = 1; i < phrase->n && picks_any(picks); i++) {
		if (read_to(&readings[i], shifted(readings[0].group.place, phrase->shift[i]))) {
			keep(picks, &readings[i].group);
		} else {
			picks->many = false;
			picks->n = 0;
		}
	}
}

bool gram_match(const struct gram_phrase *phrase, const struct str *rows, struct gram_set *set,
		bool *sure_r)
{
	struct reading readings[GRAM_PHRASE_MAX] = {0};
	unsigned last = phrase->shift[phrase->n - 1];
	struct picks picks;
	bool damaged = false;

	for (size_t i = 0; i < phrase->n; i++) {
		readings[i].rest = rows[i];
		read_on(&readings[i]);
	}
	for (; readings[0].there; read_on(&readings[0])) {
		follow(phrase, readings, &picks);
		if (!picks_any(&picks))
			continue;
		picks_into(&picks, set);
		if (phrase->n > 1 && readings[0].group.place + last >= GRAM_PLACE_MAX)
			*sure_r = false;
	}
	for (size_t i = 0; i < phrase->n; i++)
		damaged = damaged || readings[i].damaged;
	return !damaged;
}
