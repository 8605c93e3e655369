/*
 * By what a person is known: an e-mail address, a mobile number, an id of another system, source
 * by source. Within a source - of a multi-account source, within an account - a value is one
 * person's. Source INSTORE, which every organisation has without a row, holds the e-mail, phone
 * and external id of each person's row, and any further ones; identifiers.md is the contract.
 */
#ifndef PERSON_IDENTIFIER_H
#define PERSON_IDENTIFIER_H

#include "person.h"

#define SOURCE_INSTORE       "INSTORE"
#define SOURCE_NAME_MAX      64
#define IDENTIFIER_VALUE_MAX 255

/* identifier.kind; the last two name a card and have no rows. */
enum identifier_kind {
	IDENTIFIER_NONE,
	IDENTIFIER_EMAIL,
	IDENTIFIER_MOBILE,
	IDENTIFIER_EXTERNAL,
	IDENTIFIER_WECHAT,
	IDENTIFIER_UNIONID,
	IDENTIFIER_MARTJACK,
	IDENTIFIER_FACEBOOK,
	IDENTIFIER_TMALL,
	IDENTIFIER_CUID,
	IDENTIFIER_ALI,
	IDENTIFIER_JD,
	IDENTIFIER_VIP,
	IDENTIFIER_LINE,
	IDENTIFIER_CARD_NUMBER,
	IDENTIFIER_CARD_EXTERNAL,
	IDENTIFIER__MAX
};

/* The word of identifiers.md for a kind; "" for NONE. Static. */
const char *identifier_name(enum identifier_kind kind);
/* NONE when it is no such word. */
enum identifier_kind identifier_kind_of(struct str name);
/* What a value is compared by: folded, of a mobile number the digits. */
struct str identifier_key(struct arena *arena, enum identifier_kind kind, struct str value);
/* REASON_NONE, or what is said of a value that is none of its kind. */
enum reason identifier_check(enum identifier_kind kind, struct str value);

/* Where an identifier belongs: account "" in a source of single accounts. */
struct identifier_place {
	struct str source, account;
};

/*
 * The place that a request names. NOT_FOUND: unknown source or account; INVALID: a multi-account
 * source without one. An account named for a source without accounts is not looked at.
 */
enum err identifier_place_find(struct ctx *ctx, struct str source, struct str account,
			       struct identifier_place *place_r);
/* Whose it is there: NOT_FOUND, unnamed, when nobody's. */
enum err identifier_find(struct ctx *ctx, const struct identifier_place *place,
			 enum identifier_kind kind, struct str value, struct identifier_row *row_r);

/* The INSTORE rows follow the person's own e-mail, phone and external id: person_store_into. */
struct batch;
void identifiers_mirror(struct ctx *ctx, struct batch *batch, const struct person_row *before,
			const struct person_row *after);
/* Fields of the person that are empty take the first INSTORE identifier of their kind. */
enum err identifiers_fill(struct ctx *ctx, struct person_row *person);
/* The person's own field of this kind; NULL = kinds that have none. */
struct str *identifier_field(struct person_row *person, enum identifier_kind kind);

#endif
