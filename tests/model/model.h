/*
 * What the books ought to say, told a second time: a naive model of cards, lots, holds
 * and refunds. It knows nothing of core/ (no header, no library) and keeps nothing but the
 * list of commands: every question is answered by doing them all again from the first.
 * The days of its calendar are those of Moscow since 2014, three hours before UTC.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define MODEL_CARDS    12
#define MODEL_COMMANDS 2000
#define MODEL_LOTS     2000
#define MODEL_ENTRIES  4000

#define MODEL_NONE    (-1)      /* no card */
#define MODEL_FOREVER INT64_MAX /* blocked_until of what has no end */
#define MODEL_DAY_MS  INT64_C(86400000)

enum model_verb {
	MODEL_CARD, /* a new card `card`: other = master, sum = opening, flag = active, days = level
		     */
	MODEL_BLOCK, /* until */
	MODEL_UNBLOCK,
	MODEL_ACTIVATE,
	MODEL_DEACTIVATE,
	MODEL_DELETE,  /* flag = checkbalance */
	MODEL_MASTER,  /* other = the master, MODEL_NONE = none */
	MODEL_REPLACE, /* other = the new card */
	MODEL_ACCRUE,  /* sum, business, starts_days, ends_days, doc */
	MODEL_SPEND,   /* sum, business, doc */
	MODEL_REFUND,  /* of, sum (0 = all that is left), doc */
	MODEL_HOLD,    /* sum, until = timeout in ms, doc */
	MODEL_CAPTURE, /* of, sum (0 = all) */
	MODEL_VOID,    /* of */
	MODEL_POLICY, /* sum = enum model_policy; starts_days, ends_days = periods of who names none
		       */
	MODEL_BURN,   /* the job: nothing that anybody sees changes */
	MODEL_VERBS
};

enum model_policy { MODEL_CLIP, MODEL_NEGATIVE, MODEL_REFUSE };

/* Counted postings of a card, by their business time, in one calendar day or week. */
enum model_limit { MODEL_NO_LIMIT, MODEL_TWO_A_DAY, MODEL_THREE_A_WEEK, MODEL_LIMITS };

/* Amounts are minor units, moments Unix milliseconds. 0 = not sent. */
struct model_command {
	int name; /* of this command in its history, from 1; other commands call it so */
	enum model_verb verb;
	int card;
	int64_t at; /* the clock; never before the previous command's */
	int other;
	int of; /* name of the posting or hold that this is about */
	int64_t sum, business;
	int64_t starts_base, ends_base; /* where the periods count from; 0 = business time */
	int starts_days, ends_days;
	int64_t until, valid_from, valid_to;
	int doc, doc_type;
	int days; /* of the card's level: points end after so many idle days; 0 = never */
	enum model_limit limit; /* of the card's level: of counted postings */
	bool flag;
	bool counted;  /* check_activity_counter */
	int seen_card; /* the one and when it is looked at afterwards; nothing to the model */
	int64_t seen_at;
};

enum model_outcome {
	MODEL_OK,
	MODEL_INVALID,
	MODEL_NOT_FOUND,
	MODEL_CONFLICT,
	MODEL_INSUFFICIENT,
	MODEL_MISMATCH,
	MODEL_OUTCOMES
};

/* Why a state forbids it; a refusal may name any one that holds. */
enum model_fault {
	MODEL_DELETED = 1 << 0,
	MODEL_REPLACED = 1 << 1,
	MODEL_BLOCKED = 1 << 2,
	MODEL_INACTIVE = 1 << 3,
	MODEL_NOT_VALID = 1 << 4,
	MODEL_LEADS = 1 << 5, /* is the master of others */
	MODEL_REMAINDER = 1 << 6,
	MODEL_SELF = 1 << 7,
	MODEL_CHAIN = 1 << 8,
	MODEL_HOLDS_OPEN = 1 << 9,
	MODEL_WAS_CAPTURED = 1 << 10,
	MODEL_WAS_VOIDED = 1 << 11,
	MODEL_WAS_EXPIRED = 1 << 12,
	MODEL_TOO_MUCH = 1 << 13,  /* more than was held, spent or accrued */
	MODEL_NO_REFUND = 1 << 14, /* such an entry has none */
	MODEL_OLD_CARD = 1 << 15,  /* cannot be replaced */
	MODEL_NEW_CARD = 1 << 16,  /* cannot replace another */
	MODEL_LIMIT = 1 << 17      /* counted postings of the period are used up */
};

struct model_answer {
	enum model_outcome outcome;
	unsigned faults; /* with MODEL_CONFLICT: all that hold */
	bool replayed;   /* a known document: `posting` is the command that posted it first */
	int posting;     /* whose id is answered */
	int64_t available, expired, clipped; /* of a refund */
};

enum model_kind {
	MODEL_OPENING,
	MODEL_ACCRUAL,
	MODEL_SPENT,
	MODEL_REFUNDED,
	MODEL_RETURNED,
	MODEL_MOVED_OUT,
	MODEL_MOVED_IN,
	MODEL_KINDS
};

struct model_lot {
	int64_t business, left, from, to; /* to 0 = never ends */
};

struct model_entry {
	enum model_kind kind;
	int64_t sum, business; /* sum is signed */
	int doc;
};

/* What a card shows at a moment. `burnt`: all that the clock has ended of its account by then. */
struct model_view {
	bool exists;
	int64_t available, held, pending, received, burnt;
	struct model_lot lots[MODEL_LOTS]; /* with something left, not ended; burn order */
	int lots_n;
	int64_t holds[MODEL_LOTS]; /* amounts of the open ones, oldest first */
	int holds_n;
	struct model_entry entries[MODEL_ENTRIES]; /* oldest first; burns are not among them */
	int entries_n;
	struct model_entry
		posted[MODEL_ENTRIES]; /* with the card, on whatever account; by `business` */
	int posted_n;
};

struct model {
	struct model_command commands[MODEL_COMMANDS];
	int n;
};

/* Does one more command after all the others. */
struct model_answer model_do(struct model *model, const struct model_command *command);
/* The card at moment `at`: commands after it have not happened, those until then have. */
void model_look(const struct model *model, int card, int64_t at, struct model_view *view_r);
/* 00:00 of the day that lies `days` after the one of `base`. */
int64_t model_day(int64_t base, int days);

#endif
