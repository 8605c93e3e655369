/*
 * One-time codes: a person who names an e-mail address or a phone gets six digits sent, and
 * whoever brings them sees the person's cards. An address that nobody has, or that lacks the
 * other way to send to, is answered alike, with an id that leads nowhere.
 */
#ifndef PERSON_ONE_TIME_CODE_H
#define PERSON_ONE_TIME_CODE_H

#include "ctx.h"
#include "operation.h"
#include "types.h"

#define CODE_DIGITS  6
#define CODE_LIFE_MS 300000
#define CODE_TRIES   5

/* message.channel */
enum message_channel { MESSAGE_EMAIL = 1, MESSAGE_SMS };
/* message.state, delivery.state */
enum outbox_state { OUTBOX_WAITING = 1, OUTBOX_SENT, OUTBOX_DEAD };

/* Step 1 brings an address and the way to send to; step 2 person_id and code. */
struct identify_in {
	struct str email, phone; /* whole; both = both must be the person's */
	struct str send_to;      /* "email" or "phone" */
	struct uuid person_id;
	struct str code;
};

struct identify_out {
	struct uuid person_id; /* step 1, where a code is needed */
	struct list cards;     /* struct card, as card_list has them; rows NULL = not this step */
};

/*
 * No journal row: a code is in no log and no audit. INVALID names email or send_to; THROTTLED
 * with detail.retry_after_s; NOT_FOUND (REASON_CODE) for a code that is wrong, used, too old
 * or was guessed at too often, and for a person that is none.
 */
extern const struct operation op_identify;

#endif
