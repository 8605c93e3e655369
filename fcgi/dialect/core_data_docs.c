/* Words and examples of the core-data dialect; the vendor's own samples where there are some. */
#include "core_data.h"

#define CUSTOMER_ROW                                                                               \
	"{\"id\":123,\"name\":\"Jane Doe\",\"email\":\"jane.doe@example.com\","                    \
	"\"cardId\":\"A1B2C3D4\",\"externalId\":null,\"isBlocked\":false,"                         \
	"\"isCreditAllowed\":true,\"totalDebt\":0,\"debtData\":{\"cards\":[]},\"paymentCard\":"    \
	"\"**** 4242\",\"default\":false,\"createdAt\":\"2026-01-31T12:00:00.000Z\","              \
	"\"updatedAt\":\"2026-01-31T12:00:00.000Z\"}"
#define BY_ID                                                                                      \
	"{\"conditions\":{\"filters\":[{\"field\":\"id\",\"comparator\":\"=\",\"value\":123}]}}"
#define BY_GUID                                                                                    \
	"{\"conditions\":{\"filters\":[{\"field\":\"id\",\"comparator\":\"=\",\"value\":" GUID     \
	"}]}}"
#define GUID "\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\""
#define DATES                                                                                      \
	"\"createdAt\":\"2026-01-31T12:00:00.000Z\",\"updatedAt\":\"2026-01-31T12:00:00.000Z\""
#define REMOVE_SAMPLE                                                                              \
	"{\"conditions\":{\"operator\":\"and\",\"filters\":[{\"field\":\"id\",\"comparator\":"     \
	"\"in\",\"value\":[123,124]}]}}"

/* name: of the entity; the rest are JSON texts of requests, or NULL, and of a row. */
#define ENTITY_DOCS(name, select_in, insert_in, update_in, remove_in, removed, row)                \
	{                                                                                          \
		.select = {.summary = name ": rows by conditions, order and page",                 \
			   .description = "A query of another shape than the fields' indexes "     \
					  "serve runs under a time limit and answers 400, too "    \
					  "broad, when it is reached.",                            \
			   .tag = name,                                                            \
			   .example_in = (select_in),                                              \
			   .example_out = "[" row "]"},                                            \
		.insert = {.summary = name ": make rows, all or none",                             \
			   .description =                                                          \
				   "1 to 1000 rows; the answer has them in the same order.",       \
			   .tag = name,                                                            \
			   .example_in = (insert_in),                                              \
			   .example_out = "[" row "]"},                                            \
		.update = {.summary = name ": change one row",                                     \
			   .description = "[] when there is no such row.",                         \
			   .tag = name,                                                            \
			   .example_in = (update_in),                                              \
			   .example_out = "[" row "]"},                                            \
		.remove = {.summary = name ": remove the rows that match",                         \
			   .description = "Without a filter nothing is removed: 400.",             \
			   .tag = name,                                                            \
			   .example_in = (remove_in),                                              \
			   .example_out = (removed)},                                              \
		.search = {.summary = name ": as select, by the name that the platform's client "  \
					   "uses",                                                 \
			   .tag = name,                                                            \
			   .example_in = "{\"fields\":{\"id\":\"#count\"}}",                       \
			   .example_out = "[{\"count\":2}]"},                                      \
	}

const struct core_data_docs core_data_docs_customer = ENTITY_DOCS(
	"Customers",
	"{\"fields\":{\"id\":true,\"name\":true,\"email\":true,\"isBlocked\":true,"
	"\"company\":{\"id\":true}},\"conditions\":{\"operator\":\"and\",\"filters\":[{"
	"\"field\":\"isBlocked\",\"comparator\":\"=\",\"value\":false}]},\"orderBy\":[{\"field\":"
	"\"name\",\"order\":\"asc\"}],\"limit\":100,\"offset\":0}",
	"{\"fields\":[{\"name\":\"Jane Doe\",\"email\":\"jane.doe@example.com\",\"cardId\":"
	"\"A1B2C3D4\",\"company\":{\"id\":42},\"isCreditAllowed\":true}]}",
	"{\"fields\":{\"isBlocked\":true,\"name\":\"Jane Smith\"}}", REMOVE_SAMPLE,
	"[{\"id\":123},{\"id\":124}]", CUSTOMER_ROW);

const struct core_data_docs core_data_docs_company = ENTITY_DOCS(
	"Companies", BY_ID, "{\"fields\":[{\"name\":\"Acme\",\"address\":\"Main street 1\"}]}",
	"{\"fields\":{\"registrationCode\":\"7701234567\"}}", REMOVE_SAMPLE,
	"[{\"id\":123},{\"id\":124}]",
	"{\"id\":42,\"name\":\"Acme\",\"description\":null,\"address\":\"Main street 1\","
	"\"registrationCode\":null,\"createdAt\":\"2026-01-31T12:00:00.000Z\",\"updatedAt\":"
	"\"2026-01-31T12:00:00.000Z\"}");

const struct core_data_docs core_data_docs_vehicle = ENTITY_DOCS(
	"Vehicles",
	"{\"fields\":{\"plate\":true,\"customer\":{\"name\":true}},\"conditions\":{\"filters\":[{"
	"\"field\":\"customer\",\"comparator\":\"=\",\"value\":{\"id\":123}}]}}",
	"{\"fields\":[{\"customer\":{\"id\":123},\"plate\":\"A 123 BC 77\"}]}",
	"{\"fields\":{\"plate\":\"A 124 BC 77\"}}", REMOVE_SAMPLE, "[{\"id\":123},{\"id\":124}]",
	"{\"id\":7,\"plate\":\"A 123 BC 77\",\"createdAt\":\"2026-01-31T12:00:00.000Z\","
	"\"updatedAt\":\"2026-01-31T12:00:00.000Z\"}");

const struct core_data_docs core_data_docs_card = ENTITY_DOCS(
	"Cards",
	"{\"fields\":{\"barcode\":true,\"points\":true,\"group\":{\"name\":true}},\"conditions\":{"
	"\"filters\":[{\"field\":\"code\",\"comparator\":\"=\",\"value\":\"A1B2C3D4\"}]}}",
	"{\"fields\":[{\"barcode\":\"2000000000015\",\"code\":\"A1B2C3D4\",\"type\":\"loyalty\","
	"\"customer\":{\"id\":123},\"active\":true}]}",
	"{\"fields\":{\"message\":\"Welcome back\",\"specialDiscountPercent\":5}}", REMOVE_SAMPLE,
	"[{\"id\":123},{\"id\":124}]",
	"{\"id\":17,\"guid\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\",\"barcode\":"
	"\"2000000000015\",\"code\":\"A1B2C3D4\",\"name\":null,\"description\":null,\"type\":"
	"\"loyalty\",\"active\":true,\"blocked\":false,\"blockReason\":null,\"unblockAt\":null,"
	"\"validFrom\":null,\"validTo\":null,\"isCreditCard\":false,\"creditLimit\":0,\"message\":"
	"null,\"specialDiscountPercent\":0,\"specialDiscountUntil\":null,\"points\":120.5,"
	"\"money\":0,\"createdAt\":\"2026-01-31T12:00:00.000Z\",\"updatedAt\":"
	"\"2026-01-31T12:00:00.000Z\"}");

const struct core_data_docs core_data_docs_group = ENTITY_DOCS(
	"CardGroups", BY_GUID, "{\"fields\":[{\"name\":\"Staff\",\"parent\":{\"id\":" GUID "}}]}",
	"{\"fields\":{\"name\":\"Crew\"}}", BY_GUID, "[{\"id\":" GUID "}]",
	"{\"id\":" GUID ",\"name\":\"Staff\",\"description\":null," DATES "}");

const struct core_data_docs core_data_docs_level = ENTITY_DOCS(
	"CardLevels", BY_GUID, "{\"fields\":[{\"name\":\"Gold\",\"order\":2,\"accumLevel\":1000}]}",
	"{\"fields\":{\"maxPaymentPercent\":50}}", BY_GUID, "[{\"id\":" GUID "}]",
	"{\"id\":" GUID
	",\"name\":\"Gold\",\"order\":2,\"accumLevel\":1000,\"resetCardAccum\":false,"
	"\"maxPaymentPercent\":0,\"activityRestrictionPeriod\":0,\"activityRestrictionCount\":0,"
	"\"inactivityBonusErasePeriod\":0," DATES "}");

const struct core_data_docs core_data_docs_transaction = ENTITY_DOCS(
	"Transactions",
	"{\"conditions\":{\"filters\":[{\"field\":\"card\",\"comparator\":\"=\",\"value\":"
	"{\"id\":17}}]}}",
	NULL, NULL, NULL, NULL,
	"{\"id\":" GUID ",\"kind\":\"accrual\",\"unit\":\"points\",\"amount\":10,"
	"\"balanceAfter\":120.5,\"postedAt\":\"2026-01-31T12:00:00.000Z\",\"businessAt\":"
	"\"2026-01-31T12:00:00.000Z\",\"author\":\"till 1\",\"description\":null,\"docId\":\"1\","
	"\"docType\":1,\"kkmId\":null,\"shopId\":null,\"discountId\":null}");

const struct core_data_docs core_data_docs_audit = ENTITY_DOCS(
	"Audit",
	"{\"conditions\":{\"filters\":[{\"field\":\"objectId\",\"comparator\":\"=\",\"value\":" GUID
	"}]}}",
	NULL, NULL, NULL, NULL,
	"{\"id\":" GUID ",\"at\":\"2026-01-31T12:00:00.000Z\",\"operation\":\"customer_update\","
	"\"subject\":\"conveniq\",\"requestId\":\"5f1c\",\"objectId\":" GUID
	",\"changes\":{\"name\":[\"Jane\",\"Ann\"]}}");

const struct core_data_docs core_data_docs_series =
	ENTITY_DOCS("CardSeries", BY_ID,
		    "{\"fields\":[{\"code\":\"GOLD\",\"type\":\"DIGITAL\",\"active\":true}]}",
		    "{\"fields\":{\"expiryEnabled\":true,\"expiryDays\":365}}", REMOVE_SAMPLE,
		    "[{\"id\":123},{\"id\":124}]",
		    "{\"id\":3,\"code\":\"GOLD\",\"name\":null,\"type\":\"DIGITAL\",\"active\":"
		    "true,\"expiryEnabled\":"
		    "false,\"expiryDays\":0,\"generationEnabled\":false,\"prefix\":null,\"suffix\":"
		    "null,\"offset\":0,"
		    "\"length\":0,\"method\":null,\"trigger\":null,\"conceptCode\":null,"
		    "\"maxPerCustomer\":0," DATES "}");

#define BY_NUMBER                                                                                  \
	"{\"conditions\":{\"filters\":[{\"field\":\"number\",\"comparator\":\"=\",\"value\":7}]}}"
const struct core_data_docs core_data_docs_till =
	ENTITY_DOCS("Tills", BY_NUMBER, "{\"fields\":[{\"number\":7,\"name\":\"Lane 7\"}]}",
		    "{\"fields\":{\"name\":\"Lane seven\"}}", BY_NUMBER, "[{\"id\":7}]",
		    "{\"number\":7,\"name\":\"Lane 7\"," DATES "}");

const struct core_data_docs core_data_docs_washing =
	ENTITY_DOCS("Washings", BY_ID, NULL, NULL, NULL, NULL,
		    "{\"id\":5,\"guid\":" GUID
		    ",\"soldAt\":\"2026-01-31T12:00:00.000Z\",\"till\":\"7\",\"receipt\":"
		    "\"1001\",\"priceGroup\":1,\"cashier\":null,\"paymentMethod\":null,\"total\":"
		    "12.5,\"paid\":12.5,"
		    "\"isFree\":false}");

const struct core_data_docs core_data_docs_webhook = ENTITY_DOCS(
	"Webhooks", BY_GUID, NULL, NULL, NULL, NULL,
	"{\"id\":" GUID
	",\"url\":\"https://example.com/hook\",\"createdAt\":\"2026-01-31T12:00:00.000Z\"}");
