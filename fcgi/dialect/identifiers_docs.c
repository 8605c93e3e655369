/* What OpenAPI says of the identifiers dialect's routes beyond their fields. */
#include "identifiers.h"

#include "route.h"

#define SERIES_EXAMPLE                                                                             \
	"\"code\":\"PLAPHY3\",\"name\":\"Gold Card\",\"type\":\"PHYSICAL\",\"expiryDays\":1000,"   \
	"\"cardExpiryEnabled\":true,\"cardGenerationConfiguration\":{\"prefix\":\"PLAT2\","        \
	"\"suffix\":\"2020\",\"length\":16,\"method\":\"DEFAULT\"},\"cardGenerationEnabled\":"     \
	"true,"                                                                                    \
	"\"isActive\":true,\"trigger\":\"SERIES_ID\",\"maxActiveCardsPerCustomer\":5"

const struct route_doc identifiers_doc_series_add = {
	.summary = "Add a card series",
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
