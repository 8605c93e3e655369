/* What card number i of the demo is like. */
#include "demo.h"

#include <string.h>

#include "buf.h"
#include "card.h"
#include "person.h"
#include "uuid.h"

#define HUNDREDTHS 100

uint64_t demo_draw(enum demo_draw what, int64_t i)
{
	uint64_t z = ((uint64_t)i * 16 + what + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int64_t demo_time_ms(int64_t i)
{
	return DEMO_EPOCH_MS + i * DEMO_STEP_MS;
}

struct uuid demo_id(enum demo_draw what, int64_t i)
{
	uint64_t bits[2] = {demo_draw(what, i), demo_draw(what, ~i)};
	uint8_t random[10];

	memcpy(random, bits, sizeof(random));
	return uuid_v7(demo_time_ms(i), random);
}

const struct demo_group demo_groups[] = {
	{"Розница", -1},
	{"Юридические лица", -1},
	{"Такси", -1},
	{"VIP", -1},
	{"Партнёры", -1},
	{"Север", 0},
	{"Юг", 0},
	{"Центр", 0},
	{"Восток", 0},
	{"Малый бизнес", 1},
	{"Автопарки", 1},
	{"Доставка", 1},
	{"Городское такси", 2},
	{"Каршеринг", 2},
	{"Золотой клуб", 3},
	{"Family", 3},
	{"Fuel partners", 4},
	{"Car dealers", 4},
	{"Набережная", 7},
	{"Вокзал", 7},
	{"Аэропорт", 7},
	{"Грузовой парк", 10},
	{"Легковой парк", 10},
	{"Курьеры", 11},
};
const int demo_groups_n = sizeof(demo_groups) / sizeof(demo_groups[0]);

const struct demo_level demo_levels[DEMO_LEVELS] = {
	{"Базовый", 0, 30},
	{"Серебряный", 1000000, 50},
	{"Золотой", 5000000, 70},
	{"Платиновый", 20000000, 100},
};

/* Every tenth card is not in order: inactive, blocked, or of a locked holder. */
enum state { STATE_GOOD, STATE_INACTIVE, STATE_BLOCKED, STATE_HOLDER_LOCKED };

static enum state state_of(int64_t i)
{
	if (i % 10 != 9)
		return STATE_GOOD;
	return i / 10 % 5 < 3    ? STATE_INACTIVE
	       : i / 10 % 5 == 3 ? STATE_BLOCKED
				 : STATE_HOLDER_LOCKED;
}

static bool is_external(int64_t i)
{
	return i % 100 == 63;
}

static bool has_person(int64_t i)
{
	bool locked = state_of(i) == STATE_HOLDER_LOCKED;

	return !is_external(i) && (locked || demo_draw(DEMO_TRAIT, i) % HUNDREDTHS < 70);
}

/* The card whose holder card i has; -1 = nobody's. Every twentieth shares its neighbour's. */
static int64_t holder_of(int64_t i)
{
	if (i % 20 == 7 && has_person(i - 1))
		return i - 1;
	return has_person(i) ? i : -1;
}

static struct str digits(struct arena *arena, const char *prefix, uint64_t number, int width)
{
	struct buf buf;

	buf_init(&buf, arena, 32);
	buf_printf(&buf, "%s%0*llu", prefix, width, (unsigned long long)number);
	return buf_done(&buf);
}

/* EAN-13 in the range for use inside a shop (GS1 prefix 29). */
static struct str barcode(struct arena *arena, int64_t i)
{
	struct str text = digits(arena, "29", (uint64_t)i + 1, 10);
	int sum = 0;
	struct buf buf;

	for (int at = 0; at < 12; at++)
		sum += (text.at[at] - '0') * (at % 2 ? 3 : 1);
	buf_init(&buf, arena, 16);
	buf_str(&buf, text);
	buf_char(&buf, (char)('0' + (10 - sum % 10) % 10));
	return buf_done(&buf);
}

/* Nine digits that no other i has: the factor has no divisor in common with 10^9. */
static uint64_t scatter(int64_t i)
{
	return ((uint64_t)i * 387420489 + 123456789) % 1000000000;
}

static struct str phone(struct arena *arena, int64_t i, bool russian)
{
	unsigned long long n = scatter(i);
	struct buf buf;

	if (!russian)
		return digits(arena, "+447", n, 9);
	if (i % 3 == 0)
		return digits(arena, "+79", n, 9);
	buf_init(&buf, arena, 32);
	buf_printf(&buf, "+7 (9%02llu) %03llu-%02llu-%02llu", n / 10000000, n / 10000 % 1000,
		   n / 100 % 100, n % 100);
	return buf_done(&buf);
}

static struct str with_number(struct arena *arena, struct str text, int64_t i, const char *end)
{
	struct buf buf;

	buf_init(&buf, arena, 64);
	buf_str(&buf, text);
	buf_i64(&buf, i);
	buf_text(&buf, end);
	return buf_done(&buf);
}

static struct person_row person_make(struct arena *arena, int64_t i)
{
	static const char *const hosts[] = {"@example.com", "@example.org", "@example.net"};
	const int64_t day_ms = INT64_C(86400000);
	struct demo_name name = demo_name_make(arena, i);
	uint64_t draw = demo_draw(DEMO_PERSON, i);

	return (struct person_row){
		.id = demo_id(DEMO_PERSON, i),
		.serial = i + 1,
		.live = 1,
		.login = with_number(arena, name.ascii, i + 1, ""),
		.name = name.full,
		.phone = phone(arena, i, name.russian),
		.email = with_number(arena, name.ascii, i + 1, hosts[draw % 3]),
		.gender = name.female ? GENDER_FEMALE : GENDER_MALE,
		.birthdate = {draw / 16 % 4 ? (int64_t)(draw / 64 % 18000 - 3650) * day_ms : 0},
		.image = STR(""),
		.notifications = draw % 5 != 0,
		.confirmed = draw % 7 != 0,
		.locked = state_of(i) == STATE_HOLDER_LOCKED,
		.data_agreed = draw % 9 != 0,
		.app_client = STR(""),
		.additional_fields = STR("[]"),
		.created_at = {demo_time_ms(i)},
	};
}

/* Most have ten points or more; some have less, some none: those are free to be given away. */
static struct amount balance_of(int64_t i)
{
	uint64_t draw = demo_draw(DEMO_AMOUNT, i), kind = draw % HUNDREDTHS;
	int64_t points = (int64_t)(draw / 128 % 500 * (draw / 65536 % 100) / 10);
	int64_t hundredths = draw / 8388608 % 3 ? 0 : (int64_t)(draw / 33554432 % 100);

	if (is_external(i) || i % 50 == 40 || kind < 8)
		return (struct amount){0};
	if (kind < 15)
		return (struct amount){1 + (int64_t)(draw / 128 % 999)};
	return (struct amount){1000 + points * 100 + hundredths};
}

/* Levels go with the turnover that they ask for. */
static void put_level(struct card_row *card, int64_t i)
{
	uint64_t draw = demo_draw(DEMO_PLACE, i), kind = draw % HUNDREDTHS;
	int level = kind < 25 ? -1 : kind < 70 ? 0 : kind < 90 ? 1 : kind < 98 ? 2 : 3;
	int64_t from, to;

	if (level < 0)
		return;
	from = demo_levels[level].turnover_minor;
	to = level + 1 < DEMO_LEVELS ? demo_levels[level + 1].turnover_minor : from * 3;
	card->level_id = demo_id(DEMO_LEVEL, level);
	card->accum_sale_amount.minor = from + (int64_t)(draw / 128 % (uint64_t)(to - from));
}

static void put_relations(struct card_row *card, int64_t i)
{
	uint64_t draw = demo_draw(DEMO_PLACE, ~i);
	int64_t group = (int64_t)(draw % (uint64_t)(demo_groups_n * 6 / 5));

	if (group < demo_groups_n)
		card->parent_id = demo_id(DEMO_GROUP, group);
	if (i % 50 == 40)
		card->master_id = demo_id(DEMO_CARD, i - 5);
	if (i % 25 == 11)
		card->referral_id = demo_id(DEMO_CARD, i - 11);
}

static void put_state(struct card_row *card, int64_t i)
{
	enum state state = state_of(i);

	card->active = state != STATE_INACTIVE;
	card->holder_locked = state == STATE_HOLDER_LOCKED;
	if (state == STATE_BLOCKED) {
		card->blocked = true;
		card->blocked_until.ms = BLOCKED_FOR_GOOD;
		card->blocked_description = i % 20 == 19 ? STR("Карта утеряна") : STR("Card lost");
	}
	if (card->active || i % 20 == 19)
		card->activated_at = card->created_at;
	if (!card->active && card->activated_at.ms)
		card->deactivated_at.ms = card->activated_at.ms + DEMO_STEP_MS / 2;
}

static struct card_row card_make(struct arena *arena, int64_t i)
{
	struct str none = STR("");

	return (struct card_row){
		.id = demo_id(DEMO_CARD, i),
		.serial = i + 1,
		.live = 1,
		.kind = CARD_LOYALTY,
		.code = digits(arena, "", scatter(~i & 0xffffff), 10),
		.barcode = barcode(arena, i),
		.name = demo_name_make(arena, i).full,
		.description = none,
		.blocked_description = none,
		.external = is_external(i),
		.phone = none,
		.email = none,
		.image = none,
		.activation_shop_id = none,
		.created_at = {demo_time_ms(i)},
	};
}

static void put_holder(struct card_row *card, const struct person_row *person)
{
	card->person_id = person->id;
	card->attached_at = card->created_at;
	card->holder_credit = person->credit_allowed;
	card->name = person->name;
	card->phone = person->phone;
	card->email = person->email;
}

void demo_card_make(struct arena *arena, int64_t i, struct demo_card *made)
{
	int64_t holder = holder_of(i);

	memset(made, 0, sizeof(*made));
	made->card = card_make(arena, i);
	made->balance = balance_of(i);
	made->has_person = holder == i;
	if (holder >= 0) {
		made->person = person_make(arena, holder);
		demo_put_ties(arena, holder, &made->person);
		put_holder(&made->card, &made->person);
	}
	if (made->has_person)
		made->person.card_code = made->card.code;
	put_level(&made->card, i);
	put_relations(&made->card, i);
	put_state(&made->card, i);
	made->card.posted = made->balance.minor > 0;
}
