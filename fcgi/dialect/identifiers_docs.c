/* What OpenAPI says of the identifiers dialect's routes beyond their fields. */
#include "identifiers.h"

#include "route.h"

#define SERIES_EXAMPLE                                                                             \
	"\"code\":\"PLAPHY3\",\"name\":\"Gold Card\",\"type\":\"PHYSICAL\",\"expiryDays\":1000,"   \
	"\"cardExpiryEnabled\":true,\"cardGenerationConfiguration\":{\"prefix\":\"PLAT2\","        \
	"\"suffix\":\"2020\",\"length\":16,\"method\":\"DEFAULT\"},\"cardGenerationEnabled\":"     \
	"true,"                                                                                    \
	"\"isActive\":true,\"trigger\":\"SERIES_ID\",\"maxActiveCardsPerCustomer\":5"

const struct route_doc identifiers_doc_card_issue = {
	.summary = "Add a card to a series",
	.description = "Without a label the card is NOT_ISSUED, without an external id that is the "
		       "number. customFields and extendedFields are accepted and not kept.",
	.tag = "Capillary cards",
	.example_in = "{\"seriesId\":15,\"cardNumber\":\"EXTERNALCARD99123450233\","
		      "\"statusLabel\":\"NOT_ISSUED\"}",
	.example_out = "{\"entity\":72453,\"warnings\":[]}",
};
const struct route_doc identifiers_doc_card_relabel = {
	.summary = "Change the status label of a card",
	.description = "The same label again is warning 3039. NOT_ISSUED takes the card from its "
		       "customer, DELETED deletes it.",
	.tag = "Capillary cards",
	.example_in = "{\"cardNumber\":\"GOLD00000000000003002020\",\"statusLabel\":\"EXPIRED\"}",
};
const struct route_doc identifiers_doc_card_get = {
	.summary = "Get a card by its number; the last one that had it when it is deleted",
	.tag = "Capillary cards",
};
const struct route_doc identifiers_doc_status_log = {
	.summary = "The statuses that a card has had, oldest first",
	.description =
		"Every change of status, whoever made it; what the clock ends is not logged. "
		"Moments are in UTC; createdBy is 0, as in the vendor's own samples.",
	.tag = "Capillary cards",
};
const struct route_doc identifiers_doc_generate = {
	.summary = "Generate up to 50000 cards of a series, all or none",
	.description = "Numbers are the series' prefix, random digits and suffix.",
	.tag = "Capillary cards",
	.example_in = "{\"seriesId\":10,\"count\":6,\"statusLabel\":\"NOT_ISSUED\"}",
	.example_out = "{\"data\":[\"TTM001113542235716ZS\"],\"warnings\":[],\"errors\":[]}",
};
const struct route_doc identifiers_doc_series_add = {
	.summary = "Add a card series",
	.description = "length counts the digits between prefix and suffix: 5 or more, and a whole "
		       "number of up to 64 characters. The days of expiryDays begin when a card "
		       "gets its customer. Cards are neither added to nor generated for a series "
		       "that is not active.",
	.tag = "Series and labels",
	.example_in = "{" SERIES_EXAMPLE "}",
	.example_out = "{\"entity\":19,\"warnings\":[]}",
};
const struct route_doc identifiers_doc_series_change = {
	.summary = "Change a card series; only members sent are changed",
	.description = "Cards that are issued already keep the end of their validity.",
	.tag = "Series and labels",
	.example_in = "{\"type\":\"PHYSICAL\",\"isActive\":false}",
};
const struct route_doc identifiers_doc_series_get = {
	.summary = "Get a card series",
	.tag = "Series and labels",
};
const struct route_doc identifiers_doc_series_list = {
	.summary = "List card series",
	.tag = "Series and labels",
};
const struct route_doc identifiers_doc_label_list = {
	.summary = "List status labels: the six statuses, then the organisation's own",
	.tag = "Series and labels",
};
const struct route_doc identifiers_doc_label_map = {
	.summary = "Map labels to statuses",
	.description = "Labels are added, never moved to another status. A status that is named "
		       "has exactly one default among its labels; labels not named stay.",
	.tag = "Series and labels",
	.example_in =
		"{\"mapping\":{\"NOT_ISSUED\":[{\"label\":\"CARD GENERATED\",\"default\":true},"
		"{\"label\":\"CARD PRINTED\",\"default\":false}]}}",
};
