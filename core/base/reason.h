/*
 * Why an operation or a decoder said no: the detail beside enum err. Core code
 * names a reason; a dialect that speaks another language keeps a table of its
 * texts. The English text stands here; "%s" is the wire name of the member.
 */
#ifndef BASE_REASON_H
#define BASE_REASON_H

#include <stdint.h>

#define REASON_LIST(X)                                                                             \
	X(NONE, "")                                                                                \
	X(MALFORMED, "%s: malformed")                                                              \
	X(REQUIRED, "%s: required")                                                                \
	X(WRONG_TYPE, "%s: wrong type")                                                            \
	X(OUT_OF_RANGE, "%s: out of range")                                                        \
	X(TOO_LONG, "%s: too long")                                                                \
	X(TOO_SHORT, "%s: too short")                                                              \
	X(NOT_UTF8, "%s: not valid UTF-8")                                                         \
	X(HAS_NUL, "%s: contains NUL")                                                             \
	X(DUPLICATE, "%s: appears twice")                                                          \
	X(TOO_DEEP, "%s: nested too deep")                                                         \
	X(TOO_MANY, "%s: too many values")                                                         \
	X(DOCTYPE, "%s: a DOCTYPE is refused")                                                     \
	X(TRAILING, "%s: data after the end")                                                      \
	X(NOT_OBJECT, "%s: must be an object")                                                     \
	X(NOT_A_NUMBER, "%s: not a number")                                                        \
	X(TOO_PRECISE, "%s: more than two fraction digits")                                        \
	X(NOT_UUID, "%s: not a UUID")                                                              \
	X(UNKNOWN_VALUE, "%s: unknown value")                                                      \
	X(IN_PAST, "%s: lies in the past")                                                         \
	X(TOKEN_MISSING, "token missing")                                                          \
	X(TOKEN_BAD, "token not accepted")                                                         \
	X(TOKEN_EXPIRED, "token expired")                                                          \
	X(TOKEN_REVOKED, "token revoked")                                                          \
	X(TOKEN_TWO, "two different tokens sent")                                                  \
	X(LOGIN_REFUSED, "login or password wrong")                                                \
	X(SCOPE, "scope not enough")                                                               \
	X(ROLE, "role not enough")                                                                 \
	X(NO_SUCH, "%s: not found")                                                                \
	X(NO_CARD, "%s: no such card, or several")                                                 \
	X(NO_TILL, "%s: no such till")                                                             \
	X(EMPTY, "nothing found")                                                                  \
	X(ALREADY_USED, "%s: already taken")                                                       \
	X(GROUP_CYCLE, "%s: a group cannot lie below itself")                                      \
	X(MASTER_SELF, "%s: a card cannot be its own master")                                      \
	X(MASTER_CHAIN, "%s: a master card may not have a master")                                 \
	X(IS_MASTER, "the card is the master of other cards")                                      \
	X(HAS_BALANCE, "points or money remain on the card")                                       \
	X(BLOCKED, "the card is blocked")                                                          \
	X(INACTIVE, "the card is not active")                                                      \
	X(REPLACED, "the card has been replaced")                                                  \
	X(EXTERNAL, "the card is external")                                                        \
	X(OTHER_HOLDER, "the card belongs to another user")                                        \
	X(CARDS_PER_USER, "the user has as many cards as allowed")                                 \
	X(IN_USE, "%s: in use")                                                                    \
	X(BEFORE_START, "%s: lies before the start")                                               \
	X(OTHER_ORGANISATION, "%s: another organisation's")                                        \
	X(HAS_MASTER, "%s: postings go to the master card")                                        \
	X(TURNOVER_RANGE, "turnover out of range")                                                 \
	X(NO_FREE_CARD, "no free card")                                                            \
	X(MASTER_REPLACED, "%s: a replaced card leads no others")                                  \
	X(MASTER_HOLDS, "%s: not while holds are open")                                            \
	X(REPLACE_SELF, "%s: a card cannot replace itself")                                        \
	X(OLD_INACTIVE, "%s: the old card is not active")                                          \
	X(OLD_REPLACED, "%s: the old card is replaced already")                                    \
	X(NEW_ACTIVE, "%s: the new card is active already")                                        \
	X(NEW_HAS_USER, "%s: the new card has a user")                                             \
	X(NEW_POSTED, "%s: the new card has transactions")                                         \
	X(NEW_SOLD, "%s: the new card is blocked after a sale")                                    \
	X(NEW_REPLACED, "%s: the new card was replaced itself")                                    \
	X(BALANCE_RANGE, "balance out of range")                                                   \
	X(DELETED, "the card has been deleted")                                                    \
	X(MASTER_BLOCKED, "the master card is blocked")                                            \
	X(NOT_VALID, "the card is not valid at this time")                                         \
	X(NOT_ENOUGH, "not enough points")                                                         \
	X(DOCUMENT_OTHER, "%s: the document is known with another amount")                         \
	X(RECEIPT_OTHER, "%s: the till has used it for something else")                            \
	X(ACTIVITY_LIMIT, "the activity limit of the card's level is reached")                     \
	X(NOT_REFUNDABLE, "only an accrual or a spend can be refunded")                            \
	X(GIFT_POINTS, "a gift card takes no points")                                              \
	X(REFUND_TOO_MUCH, "%s: more than is left to refund")                                      \
	X(HOLD_CAPTURED, "the hold has been captured")                                             \
	X(HOLD_VOIDED, "the hold has been voided")                                                 \
	X(HOLD_EXPIRED, "the hold has expired")                                                    \
	X(CAPTURE_TOO_MUCH, "%s: more than is held")                                               \
	X(SERIES_UNKNOWN, "%s: no such card series")                                               \
	X(SERIES_CODE_EMPTY, "%s: the series needs a code")                                        \
	X(SERIES_CODE_TAKEN, "%s: a series with this code exists")                                 \
	X(SERIES_KIND_EMPTY, "%s: the series needs a type")                                        \
	X(SERIES_KIND, "%s: neither PHYSICAL nor DIGITAL")                                         \
	X(SERIES_DAYS, "%s: expiry days below zero")                                               \
	X(SERIES_PREFIX, "%s: a prefix is up to 50 letters and digits")                            \
	X(SERIES_SUFFIX, "%s: a suffix is up to 50 letters and digits")                            \
	X(SERIES_LENGTH,                                                                           \
	  "%s: a number has 5 or more digits and, with prefix and suffix, up to 64 characters")    \
	X(SERIES_MOST, "%s: the most cards of a customer are below zero")                          \
	X(SERIES_NO_NUMBERS, "%s: the series does not say how its numbers are made")               \
	X(SERIES_NO_GENERATION, "%s: cards of this series are not generated")                      \
	X(SERIES_FULL, "%s: the customer has as many cards of this series as it allows")           \
	X(OTHER_SERIES, "%s: the card is of another series")                                       \
	X(COUNT_LOW, "%s: at least one card")                                                      \
	X(COUNT_HIGH, "%s: at most 50000 cards")                                                   \
	X(NUMBERS_SHORT, "%s: the numbers of the series are too short for so many")                \
	X(NUMBERS_FULL, "%s: the numbers of the series are used up")                               \
	X(NUMBER_TAKEN, "%s: a card with this number exists")                                      \
	X(CARD_UNKNOWN, "%s: no such card")                                                        \
	X(CARD_EXPIRED, "%s: the card has expired")                                                \
	X(LINKED_OTHER, "%s: the card is linked to another customer")                              \
	X(NOT_LINKED, "%s: the card is not linked to this customer")                               \
	X(CARDS_ADDED, "%s: one card can be linked at a time")                                     \
	X(CARDS_REMOVED, "%s: one card can be unlinked at a time")                                 \
	X(EXTERNAL_TAKEN, "%s: more than one card has this external id")                           \
	X(LABEL_REQUIRED, "%s: the status label is missing")                                       \
	X(LABEL_UNKNOWN, "%s: no such status label")                                               \
	X(LABEL_STATUS, "%s: a label of this status does not fit here")                            \
	X(LABEL_SAME, "%s: the card has this label already")                                       \
	X(LABEL_UNCHANGED, "no update in status label")                                            \
	X(LABEL_REPEATED, "%s: the label stands for another status or is repeated")                \
	X(LABEL_NO_DEFAULT, "%s: one of the labels must be the default")                           \
	X(LABEL_DEFAULTS, "%s: only one label can be the default")                                 \
	X(TRANSITION, "%s: the card's status does not allow this change")                          \
	X(KEY_OTHER_REQUEST, "Idempotency-Key was used for another request")                       \
	X(KEY_RUNNING, "a request with this Idempotency-Key is still running")                     \
	X(IF_MATCH, "If-Match is stale")                                                           \
	X(ATTEMPTS, "too many attempts")                                                           \
	X(CODE, "the code is wrong or no longer good")                                             \
	X(SOURCE_UNKNOWN, "%s: unknown source")                                                    \
	X(ACCOUNT_REQUIRED, "%s: required for this source")                                        \
	X(ACCOUNT_UNKNOWN, "%s: unknown account of this source")                                   \
	X(CUSTOMER_UNKNOWN, "customer not found for the given identifiers")                        \
	X(CUSTOMER_REMOVED, "the customer has been removed")                                       \
	X(CUSTOMER_BLOCKED, "the customer is blocked")                                             \
	X(CUSTOMER_MERGED, "the customer has been merged into customer %s")                        \
	X(MERGED, "the customer was merged into an existing one")                                  \
	X(EMAIL_SYNTAX, "%s: no e-mail address")                                                   \
	X(MOBILE_SYNTAX, "%s: no mobile number")                                                   \
	X(EXTERNAL_SYNTAX, "%s: no external id")                                                   \
	X(IDENTIFIER_OTHERS, "%s: belongs to another customer")                                    \
	X(IDENTIFIER_OWN, "%s: belongs to this customer already")                                  \
	X(IDENTIFIER_UNKNOWN, "%s: the customer has no such identifier")                           \
	X(TOO_BROAD, "%s: too broad, the query takes too long")                                    \
	X(DATABASE, "database away or overloaded")                                                 \
	X(BUG, "internal error")

enum reason {
#define X(name, text) REASON_##name,
	REASON_LIST(X)
#undef X
		REASON__MAX
};

/* Borrowed, static, English, with at most one "%s". */
const char *reason_text(enum reason reason);
/* "TOO_LONG": for logs. Borrowed, static. */
const char *reason_name(enum reason reason);

/*
 * What stands beside an enum err. `member` is a C member name of the
 * operation's in-struct (the dialect finds its wire name in the in-map) or, when
 * no map has it, is shown as it is. All borrowed from static storage or the
 * request's arena.
 */
struct err_detail {
	enum reason reason;
	const char *member;
	int retry_after_s; /* 0 = the dialect's default */
	int64_t row;       /* of the list that the member is in, from 1; 0 = of no list */
};

#endif
