/*
 * One record of the card file (Munu data store, {customer_id}-customer_client_card.json):
 * a card as that vendor's table of members has it. Read strictly, written in the table's order.
 */
#ifndef FILE_CARD_RECORD_H
#define FILE_CARD_RECORD_H

#include "arena.h"
#include "buf.h"
#include "reason.h"
#include "types.h"

#define CARD_RECORD_MAX        65536 /* bytes of one record in a file */
#define CARD_RECORD_ID_MAX     INT64_C(9007199254740991)
#define CARD_RECORD_POINTS_MAX (AMOUNT_MINOR_MAX / 100)
#define CARD_RECORD_NUMBER_MAX 64 /* characters */

struct card_record {
	int64_t id;          /* the card's serial number */
	int64_t customer_id; /* the organisation */
	struct uuid client;  /* the holder; unset = none */
	struct str number;
	int64_t kind; /* enum card_kind */
	struct amount balance;
	int64_t points;                                 /* whole points */
	struct moment valid_from, valid_to, created_at; /* to the second */
	bool active;
};

/*
 * Reads one JSON object: local date-times are those of `zone` (IANA name); unknown members are
 * passed over. On refusal: not REASON_NONE and the member at fault in *member_r. `text` and
 * the arena hold what the record points into.
 */
enum reason card_record_read(struct arena *arena, struct str text, const char *zone,
			     struct card_record *record, const char **member_r);
/* Appends it as one JSON object. */
void card_record_write(struct buf *buf, const struct card_record *record, const char *zone);
/*
 * Would this member (its offset in the struct) be written otherwise? Moments differ in what is
 * not shown of them.
 */
bool card_record_differs(struct arena *arena, const struct card_record *a,
			 const struct card_record *b, const char *zone, size_t offset);

/* The id of a record whose text begins with it, as in files of ours; 0 = only reading tells. */
int64_t card_record_first_id(struct str text);

#endif
