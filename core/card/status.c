#include "status.h"

#include "batch.h"
#include "stmt_gen.h"
#include "uuid.h"

#define VALID_TO_MS 1000 /* validity is in whole seconds: the last one counts (ledger, rule.c) */
#define BIT(status) (1U << (status))

static const struct {
	struct str name;
	unsigned next; /* bits of the statuses that it may go to */
} statuses[CARD_STATUS_SLOTS] = {
	[CARD_NOT_ISSUED] = {{"NOT_ISSUED", 10},
			     BIT(CARD_ISSUED) | BIT(CARD_ACTIVE) | BIT(CARD_SUSPENDED)},
	[CARD_ISSUED] = {{"ISSUED", 6},
			 BIT(CARD_ACTIVE) | BIT(CARD_NOT_ISSUED) | BIT(CARD_SUSPENDED) |
				 BIT(CARD_EXPIRED) | BIT(CARD_DELETED)},
	[CARD_ACTIVE] = {{"ACTIVE", 6},
			 BIT(CARD_NOT_ISSUED) | BIT(CARD_SUSPENDED) | BIT(CARD_EXPIRED) |
				 BIT(CARD_DELETED)},
	[CARD_SUSPENDED] = {{"SUSPENDED", 9},
			    BIT(CARD_ACTIVE) | BIT(CARD_ISSUED) | BIT(CARD_NOT_ISSUED) |
				    BIT(CARD_EXPIRED) | BIT(CARD_DELETED)},
	[CARD_EXPIRED] = {{"EXPIRED", 7}, 0},
	[CARD_DELETED] = {{"DELETED", 7}, 0},
};

enum card_status card_status_of(const struct card_row *card, struct moment now)
{
	if (!card->live)
		return CARD_DELETED;
	if (card->valid_to.ms && now.ms >= card->valid_to.ms + VALID_TO_MS)
		return CARD_EXPIRED;
	if (card_is_blocked(card->blocked, card->blocked_until, card->holder_locked, now))
		return CARD_SUSPENDED;
	if (uuid_is_unset(&card->person_id))
		return CARD_NOT_ISSUED;
	return card->active ? CARD_ACTIVE : CARD_ISSUED;
}

struct str card_status_name(enum card_status status)
{
	return statuses[status].name;
}

enum card_status card_status_find(struct str name)
{
	for (int i = 0; i < CARD_STATUS_SLOTS; i++)
		if (statuses[i].name.at && str_eq(statuses[i].name, name))
			return (enum card_status)i;
	return CARD_STATUS_NONE;
}

bool card_status_may_follow(enum card_status from, enum card_status to)
{
	return statuses[from].next & BIT(to);
}

static void put_active(struct card_row *card, bool active, struct moment now)
{
	if (card->active == active)
		return;
	card->active = active;
	card->deactivated_at.ms = active ? 0 : now.ms;
	if (active)
		card->activated_at = now;
}

static void put_blocked(struct card_row *card, bool blocked)
{
	card->blocked = blocked;
	card->blocked_until.ms = blocked ? BLOCKED_FOR_GOOD : 0;
	card->blocked_description = STR("");
}

void card_put_label(struct ctx *ctx, const struct card_label *label, struct card_row *card)
{
	struct moment now = ctx_now(ctx);
	card->label_id = label->id;
	switch (label->status) {
	case CARD_ACTIVE:
	case CARD_ISSUED:
		put_active(card, label->status == CARD_ACTIVE, now);
		put_blocked(card, false);
		break;
	case CARD_NOT_ISSUED:
		put_blocked(card, false);
		break;
	case CARD_SUSPENDED:
		put_blocked(card, true);
		break;
	case CARD_EXPIRED:
		card->valid_to.ms = now.ms - VALID_TO_MS;
		break;
	case CARD_DELETED:
	case CARD_STATUS_NONE:
		break;
	}
}

static bool is_logged(const struct card_row *before, const struct card_row *after,
		      enum card_status was, enum card_status is, const struct status_note *note)
{
	if (!before)
		return note != NULL;
	return was != is || (note && !uuid_eq(&before->label_id, &after->label_id));
}

void card_status_note(struct ctx *ctx, struct batch *batch, const struct card_row *before,
		      const struct card_row *after, const struct status_note *note)
{
	struct moment now = ctx_now(ctx);
	enum card_status was = before ? card_status_of(before, now) : CARD_STATUS_NONE;
	enum card_status is = card_status_of(after, now);
	struct card_status_row row = {
		.organisation_id = after->organisation_id,
		.card_id = after->id,
		.was = was,
		.status = is,
		.label = note ? note->label : STR(""),
		.reason = note ? note->reason : STR(""),
		.made_by = ctx->principal.subject.at ? ctx->principal.subject : STR(""),
		.made_at = now,
	};
	if (!is_logged(before, after, was, is, note))
		return;
	row.id = ctx_uuid(ctx);
	batch_card_status_insert(batch, &row);
}
