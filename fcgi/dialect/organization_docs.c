/* What OpenAPI says of the organization dialect's routes beyond their fields. */
#include "organization.h"

#include "route.h"

const struct route_doc organization_doc_group_add = {
	.summary = "Add a card group",
	.tag = "Card groups",
	.example_in = "{\"name\":\"VIP-карты\",\"description\":\"Карты VIP-клиентов\"}",
	.example_out = "{\"code\":0,\"message\":\"Операция "
		       "выполнена\",\"id\":\"26e5744f-902d-4bb9-a565-32e872e7bb30\"}",
};
const struct route_doc organization_doc_group_change = {
	.summary = "Change a card group; only members sent are changed",
	.tag = "Card groups",
	.example_in = "{\"name\":\"VIP\"}",
};
const struct route_doc organization_doc_group_delete = {
	.summary = "Delete a group, all groups below it and their cards, or count them",
	.tag = "Card groups",
	.example_in = "{\"test\":true}",
	.example_out = "{\"code\":0,\"message\":\"Операция "
		       "выполнена\",\"groups_count\":1,\"cards_count\":0}",
};
const struct route_doc organization_doc_group_get = {
	.summary = "Get a card group",
	.tag = "Card groups",
	.example_out = "{\"code\":0,\"message\":\"Операция "
		       "выполнена\",\"card_group\":{\"id\":\"26e5744f-902d-4bb9-a565-"
		       "32e872e7bb30\",\"parent_id\":\"\",\"name\":\"VIP-карты\",\"description\":"
		       "\"\",\"groups_count\":0,\"cards_count\":3}}",
};
const struct route_doc organization_doc_group_list = {
	.summary = "List card groups",
	.tag = "Card groups",
};
const struct route_doc organization_doc_card_add = {
	.summary = "Add a card",
	.tag = "Cards",
	.example_in = "{\"code\":\"54377537373\",\"barcode\":\"2000000000015\",\"name\":\"Иванова "
		      "Анна\",\"balance\":100}",
	.example_out = "{\"code\":0,\"message\":\"Операция "
		       "выполнена\",\"id\":\"729a9760-1712-4b89-b4ca-7c9af4606ee8\"}",
};
const struct route_doc organization_doc_card_change = {
	.summary = "Change a card; only members sent are changed",
	.tag = "Cards",
	.example_in = "{\"name\":\"Иванова Анна Петровна\"}",
};
const struct route_doc organization_doc_card_delete = {
	.summary = "Delete a card; its barcode is free again, its books stay",
	.tag = "Cards",
	.example_in = "{\"checkbalance\":true}",
};
const struct route_doc organization_doc_card_get = {
	.summary = "Get a card",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_list = {
	.summary = "List cards by filters",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_phone = {
	.summary = "Cards by the last digits of the phone",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_email = {
	.summary = "Cards by the start of the e-mail address",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_email_misspelt = {
	.summary = "Cards by the start of the e-mail address (the vendor's spelling)",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_barcode = {
	.summary = "Cards by the start of the barcode",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_code = {
	.summary = "Cards by the start of the magnetic code",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_by_name = {
	.summary = "Cards by the start of words of the name; at most 500 rows",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_activate = {
	.summary = "Activate a card",
	.tag = "Cards",
	.example_in = "{\"activation_shop_id\":\"2312322123\"}",
};
const struct route_doc organization_doc_card_deactivate = {
	.summary = "Deactivate a card",
	.tag = "Cards",
};
const struct route_doc organization_doc_card_block = {
	.summary = "Block a card, for good or until a moment",
	.tag = "Cards",
	.example_in = "{\"description\":\"Потеряна\",\"unblock_date\":0}",
};
const struct route_doc organization_doc_card_unblock = {
	.summary = "Unblock a card",
	.tag = "Cards",
};
