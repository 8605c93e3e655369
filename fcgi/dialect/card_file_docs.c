/* What the reference says of the card file. */
#include "card_file_docs.h"

const struct route_doc card_file_doc = {
	.summary = "All cards, as they are at this moment",
	.description =
		"A JSON array with one record per card, ordered by id: id, customer_id, "
		"customer_client_id, card_number, card_type (loyalty, giftcard, membership), "
		"balance, points, valid_from, valid_to, status (active, inactive), created_at. "
		"Date-times are local to the organisation and to the second. The path's "
		"organisation is the token's; file is {customer_id}-customer_client_card.json. "
		"404 when there is no card. ETag with If-None-Match, Range and gzip are served.",
	.tag = "card file",
};
