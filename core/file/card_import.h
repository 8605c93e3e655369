/*
 * Records of a card file into the books, some at a time: each lot of them is one transaction. What
 * is there already is compared with what an export would print, so the same records again change
 * nothing, and a run that was cut short is taken up by running it again.
 */
#ifndef FILE_CARD_IMPORT_H
#define FILE_CARD_IMPORT_H

#include "card_record.h"
#include "ctx.h"

#define CARD_IMPORT_MOST 250 /* records of one transaction */

enum card_import_result { IMPORT_SAME, IMPORT_NEW, IMPORT_CHANGED, IMPORT_REFUSED };

struct card_import_item {
	int64_t number; /* of the record in its file, from 1 */
	struct card_record record;
	enum card_import_result result; /* REFUSED before the call: passed over */
	enum reason reason;             /* REFUSED: of which member, by its name in the file */
	const char *member;
};

/*
 * At most CARD_IMPORT_MOST items, no id and no folded card number twice among them. Sets each
 * item's result; refused are records of a deleted card, of a number that another card has, of a
 * holder who was deleted, with a balance on a card whose postings go to a master, and what would
 * change a replaced card. dry: nothing is written. Errors of the database leave none of them
 * written.
 */
enum err card_import(struct ctx *ctx, struct card_import_item *items, size_t n, bool dry);

#endif
