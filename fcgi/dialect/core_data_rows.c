/*
 * The entities of core-data: one list of fields each. READ is what answers show only, BOTH may be
 * written too, WRITE is only written, LINK is a relation (shown as {id, …}, written as {id}).
 * `need` is F_REQUIRED for rows that are inserted, 0 for one that is updated.
 */
#include "card.h"
#include "core_data.h"
#include "ledger.h"
#include "level.h"
#include "person.h"
#include "series.h"
#include "washing.h"

#define NULLS     .flags = F_NULL_UNSET
#define ON_DEMAND .flags = F_NULL_UNSET | F_ON_DEMAND
#define TEXT_MAX  255
#define SHORT_MAX 64
#define LONG_MAX  1000

/* clang-format off */
#define NONE(...)
#define OUT(m, ...)        FIELD(ROW, m, __VA_ARGS__),
#define OUT_LINK(link, name, m, need)                                                              \
	{.wire = (name), .member = (name), .type = FT_OBJECT, NULLS, .map = &link##_link,          \
	 .doc = "relation"},
#define IN(m, ...)         FIELD(NEW, row.m, __VA_ARGS__),
#define IN_LINK(link, name, m, need)                                                               \
	FIELD(NEW, row.m, name, .flags = (need), .form = &core_data_relation),

#define READABLE(x, Name, FIELDS)                                                                  \
	static const struct field x##_fields[] = {FIELDS(OUT, OUT, NONE, OUT_LINK, 0)};            \
	const struct map core_data_##x = MAP_BY_CHOICE(Name, ROW, x##_fields);
#define WRITABLE(x, Name, FIELDS)                                                                  \
	READABLE(x, Name, FIELDS)                                                                  \
	static const struct field x##_new[] = {FIELDS(NONE, IN, IN, IN_LINK, F_REQUIRED)};         \
	static const struct field x##_change[] = {FIELDS(NONE, IN, IN, IN_LINK, 0)};               \
	const struct map core_data_##x##_insert = MAP_SENT(Name "New", NEW, x##_new);              \
	const struct map core_data_##x##_update = MAP_SENT(Name "Change", NEW, x##_change);
/* What a relation shows: id and one text. */
#define RELATED(link, Name, id, text, wire)                                                        \
	static const struct field link##_link_fields[] = {FIELD(ROW, id, "id"),                    \
							 FIELD(ROW, text, wire)};                  \
	static const struct map link##_link = MAP_BY_CHOICE(Name, ROW, link##_link_fields);

#define DATES(READ)                                                                                \
	READ(created_at, "createdAt", NULLS)                                                       \
	READ(updated_at, "updatedAt", NULLS)

#define CUSTOMER(READ, BOTH, WRITE, LINK, need)                                                    \
	READ(serial, "id", .doc = "unique in the organisation; Capillary's customerId")            \
	BOTH(name, "name", .flags = (need) | F_NOT_EMPTY, .max = PERSON_NAME_MAX)                  \
	BOTH(email, "email", NULLS, .max = CARD_EMAIL_MAX, .doc = "unique without case")           \
	BOTH(card_code, "cardId", NULLS, .max = CARD_NAME_MAX,                                     \
	     .doc = "code of the card that was attached first, and a filter matches any; written, " \
		    "it attaches that card, or makes it; null detaches")                           \
	LINK(company, "company", company_serial, 0)                                                \
	BOTH(external_id, "externalId", NULLS, .max = TEXT_MAX, .doc = "unique")                   \
	BOTH(locked, "isBlocked", .doc = "every card of a blocked customer answers as blocked")    \
	BOTH(credit_allowed, "isCreditAllowed", .doc = "the money account may go below zero")      \
	READ(total_debt, "totalDebt", .doc = "neither filtered nor ordered by")                    \
	READ(debt_data, "debtData",                                                                \
	     .doc = "by card: account, balance, credit limit, oldest unpaid entry")                \
	BOTH(payment_card, "paymentCard", NULLS, .max = SHORT_MAX,                                 \
	     .doc = "masked; four digits are kept")                                                \
	BOTH(is_default, "default", .flags = 0)                                                    \
	DATES(READ)                                                                                \
	BOTH(phone, "phone", ON_DEMAND, .max = PERSON_PHONE_MAX)                                   \
	BOTH(birthdate, "birthday", ON_DEMAND, .form = &form_day)                                  \
	BOTH(gender, "gender", ON_DEMAND, .form = &core_data_gender)                               \
	BOTH(salutation, "salutation", ON_DEMAND, .max = SHORT_MAX)                                \
	BOTH(first_name, "firstName", ON_DEMAND, .max = TEXT_MAX)                                  \
	BOTH(street, "street", ON_DEMAND, .max = TEXT_MAX)                                         \
	BOTH(zip, "zip", ON_DEMAND, .max = SHORT_MAX)                                              \
	BOTH(city, "city", ON_DEMAND, .max = TEXT_MAX)                                             \
	BOTH(fax, "fax", ON_DEMAND, .max = SHORT_MAX)                                              \
	BOTH(contact_person, "contactPerson", ON_DEMAND, .max = TEXT_MAX)                          \
	BOTH(contact_phone, "contactPersonPhone", ON_DEMAND, .max = SHORT_MAX)                     \
	BOTH(remark, "remark", ON_DEMAND, .max = LONG_MAX)                                         \
	READ(id, "guid", .flags = F_ON_DEMAND, .doc = "user_id of other dialects")
#define ROW struct customer_row
#define NEW struct customer_in
RELATED(company, "CustomersCompany", company_serial, company_name, "name")
WRITABLE(customer, "Customers", CUSTOMER)
#undef ROW
#undef NEW

#define COMPANY(READ, BOTH, WRITE, LINK, need)                                                     \
	READ(serial, "id", .doc = "unique in the organisation")                                    \
	BOTH(name, "name", .flags = (need) | F_NOT_EMPTY, .max = TEXT_MAX)                         \
	BOTH(description, "description", NULLS, .max = LONG_MAX)                                   \
	BOTH(address, "address", NULLS, .max = LONG_MAX)                                           \
	BOTH(registration_code, "registrationCode", NULLS, .max = SHORT_MAX)                       \
	DATES(READ)
#define ROW struct company_row
#define NEW struct company_in
WRITABLE(company, "Companies", COMPANY)
#undef ROW
#undef NEW

#define VEHICLE(READ, BOTH, WRITE, LINK, need)                                                     \
	READ(serial, "id", .flags = 0)                                                             \
	LINK(driver, "customer", customer_serial, need)                                            \
	BOTH(plate, "plate", .flags = (need) | F_NOT_EMPTY, .max = SHORT_MAX,                      \
	     .doc = "compared without spaces, dashes and case")                                    \
	DATES(READ)
#define ROW struct vehicle_view_row
#define NEW struct vehicle_in
RELATED(driver, "VehiclesCustomer", customer_serial, customer_name, "name")
WRITABLE(vehicle, "Vehicles", VEHICLE)
#undef ROW
#undef NEW

#define CARD(READ, BOTH, WRITE, LINK, need)                                                        \
	READ(serial, "id", .doc = "unique in the organisation")                                    \
	READ(id, "guid", .doc = "id of other dialects")                                            \
	BOTH(barcode, "barcode", .flags = (need) | F_NULL_UNSET | F_NOT_EMPTY,                     \
	     .max = CARD_NAME_MAX)                                                                 \
	BOTH(code, "code", NULLS, .max = CARD_NAME_MAX)                                            \
	BOTH(name, "name", NULLS, .max = CARD_NAME_MAX)                                            \
	BOTH(description, "description", NULLS, .max = CARD_DESCRIPTION_MAX)                       \
	BOTH(kind, "type", .form = &core_data_card_type)                                           \
	LINK(group, "group", group_id, 0)                                                          \
	LINK(level, "level", level_id, 0)                                                          \
	LINK(customer, "customer", customer_serial, 0)                                             \
	BOTH(active, "active", .flags = 0)                                                         \
	BOTH(blocked, "blocked", .flags = 0)                                                       \
	BOTH(blocked_description, "blockReason", NULLS, .max = CARD_DESCRIPTION_MAX)               \
	BOTH(unblock_at, "unblockAt", NULLS)                                                       \
	BOTH(valid_from, "validFrom", NULLS)                                                       \
	BOTH(valid_to, "validTo", NULLS)                                                           \
	BOTH(is_credit, "isCreditCard", .flags = 0)                                                \
	BOTH(credit_limit, "creditLimit", .max = AMOUNT_MINOR_MAX)                                 \
	BOTH(message, "message", NULLS, .max = LONG_MAX)                                           \
	BOTH(discount_percent, "specialDiscountPercent", .max = 10000)                             \
	BOTH(discount_until, "specialDiscountUntil", NULLS)                                        \
	READ(points, "points", .doc = "neither filtered nor ordered by")                           \
	READ(money, "money", .doc = "neither filtered nor ordered by")                             \
	DATES(READ)
#define ROW struct card_item_row
#define NEW struct card_item_in
RELATED(group, "CardsGroup", group_id, group_name, "name")
RELATED(level, "CardsLevel", level_id, level_name, "name")
RELATED(customer, "CardsCustomer", customer_serial, customer_name, "name")
WRITABLE(card, "Cards", CARD)
#undef ROW
#undef NEW

#define GROUP(READ, BOTH, WRITE, LINK, need)                                                       \
	READ(id, "id", .flags = 0)                                                                 \
	BOTH(name, "name", .flags = (need) | F_NOT_EMPTY, .max = CARD_NAME_MAX)                    \
	BOTH(description, "description", NULLS, .max = CARD_DESCRIPTION_MAX)                       \
	LINK(parent, "parent", parent_id, 0)                                                       \
	DATES(READ)
#define ROW struct group_item_row
#define NEW struct group_item_in
RELATED(parent, "CardGroupsParent", parent_id, parent_name, "name")
WRITABLE(group, "CardGroups", GROUP)
#undef ROW
#undef NEW

#define LEVEL(READ, BOTH, WRITE, LINK, need)                                                       \
	READ(id, "id", .flags = 0)                                                                 \
	BOTH(name, "name", .flags = (need) | F_NOT_EMPTY, .max = CARD_NAME_MAX)                    \
	BOTH(rank_order, "order", .flags = (need), .max = LEVEL_ORDER_MAX, .doc = "unique")        \
	BOTH(accum_level, "accumLevel", .max = AMOUNT_MINOR_MAX)                                   \
	BOTH(reset_card_accum, "resetCardAccum", .flags = 0)                                       \
	BOTH(max_payment_percent, "maxPaymentPercent", .max = LEVEL_PERCENT_MAX)                   \
	BOTH(activity_restriction_period, "activityRestrictionPeriod", .max = LEVEL_PERIOD_YEAR)   \
	BOTH(activity_restriction_count, "activityRestrictionCount", .max = LEVEL_COUNT_MAX)       \
	BOTH(inactivity_bonus_erase_period, "inactivityBonusErasePeriod", .max = LEVEL_DAYS_MAX)   \
	DATES(READ)
#define ROW struct card_level_row
#define NEW struct level_item_in
WRITABLE(level, "CardLevels", LEVEL)
#undef ROW
#undef NEW

#define SERIES(READ, BOTH, WRITE, LINK, need)                                                      \
	READ(serial, "id", .doc = "Capillary's seriesId")                                          \
	BOTH(code, "code", .flags = (need) | F_NOT_EMPTY, .max = SERIES_CODE_MAX)                  \
	BOTH(name, "name", NULLS, .max = TEXT_MAX)                                                 \
	BOTH(kind, "type", .flags = (need), .form = &core_data_series_type)                        \
	BOTH(active, "active", .flags = 0)                                                         \
	BOTH(expiry_enabled, "expiryEnabled", .flags = 0)                                          \
	BOTH(expiry_days, "expiryDays", .max = SERIES_DAYS_MAX)                                    \
	BOTH(generation_enabled, "generationEnabled", .flags = 0)                                  \
	BOTH(prefix, "prefix", NULLS, .max = SERIES_AFFIX_MAX)                                     \
	BOTH(suffix, "suffix", NULLS, .max = SERIES_AFFIX_MAX)                                     \
	BOTH(number_offset, "offset", .max = INT64_MAX)                                            \
	BOTH(number_length, "length", .max = NUMBER_MAX)                                           \
	BOTH(method, "method", NULLS, .form = &core_data_series_method)                            \
	BOTH(trigger_kind, "trigger", NULLS, .max = SHORT_MAX)                                     \
	BOTH(concept_code, "conceptCode", NULLS, .max = SHORT_MAX)                                 \
	BOTH(max_per_person, "maxPerCustomer", .max = INT32_MAX)                                   \
	DATES(READ)
#define ROW struct card_series_row
#define NEW struct series_item_in
WRITABLE(series, "CardSeries", SERIES)
#undef ROW
#undef NEW

#define TILL(READ, BOTH, WRITE, LINK, need)                                                        \
	BOTH(number, "number", .flags = (need), .max = TILL_NUMBER_MAX, .doc = "never changes")    \
	BOTH(name, "name", NULLS, .max = TILL_NAME_MAX)                                            \
	DATES(READ)
#define ROW struct till_row
#define NEW struct till_item_in
WRITABLE(till, "Tills", TILL)
#undef ROW
#undef NEW

#define WASHING(READ, BOTH, WRITE, LINK, need)                                                     \
	READ(serial, "id", .flags = 0)                                                             \
	READ(id, "guid", .flags = 0)                                                               \
	LINK(washed, "card", card_serial, 0)                                                       \
	LINK(washer, "customer", customer_serial, 0)                                               \
	READ(sold_at, "soldAt", NULLS)                                                             \
	READ(till, "till", .flags = 0)                                                             \
	READ(receipt, "receipt", .flags = 0)                                                       \
	READ(price_group, "priceGroup", .flags = 0)                                                \
	READ(cashier, "cashier", NULLS)                                                            \
	READ(payment_method, "paymentMethod", NULLS)                                               \
	READ(total, "total", .flags = 0)                                                           \
	READ(paid, "paid", .flags = 0)                                                             \
	READ(is_free, "isFree", .flags = 0)
#define ROW struct washing_view_row
RELATED(washed, "WashingsCard", card_serial, card_barcode, "barcode")
RELATED(washer, "WashingsCustomer", customer_serial, customer_name, "name")
READABLE(washing, "Washings", WASHING)
#undef ROW

#define TRANSACTION(READ, BOTH, WRITE, LINK, need)                                                 \
	READ(id, "id", .flags = 0)                                                                 \
	READ(kind, "kind", .form = &core_data_entry_kind)                                          \
	READ(unit, "unit", .form = &core_data_unit)                                                \
	READ(amount, "amount", .flags = 0)                                                         \
	READ(balance_after, "balanceAfter", .flags = 0)                                            \
	LINK(posted, "card", card_serial, 0)                                                       \
	READ(posted_at, "postedAt", NULLS)                                                         \
	READ(business_at, "businessAt", NULLS)                                                     \
	READ(author, "author", NULLS)                                                              \
	READ(description, "description", NULLS)                                                    \
	READ(doc_id, "docId", NULLS)                                                               \
	READ(doc_type, "docType", .flags = 0)                                                      \
	READ(kkm_id, "kkmId", NULLS)                                                               \
	READ(shop_id, "shopId", NULLS)                                                             \
	READ(discount_id, "discountId", NULLS)
#define ROW struct transaction_row
RELATED(posted, "TransactionsCard", card_serial, card_barcode, "barcode")
READABLE(transaction, "Transactions", TRANSACTION)
#undef ROW

#define AUDIT(READ, BOTH, WRITE, LINK, need)                                                       \
	READ(id, "id", .flags = 0)                                                                 \
	READ(at, "at", NULLS)                                                                      \
	READ(operation, "operation", .flags = 0)                                                   \
	READ(subject, "subject", .doc = "who asked for it")                                        \
	READ(request_id, "requestId", NULLS)                                                       \
	READ(object_id, "objectId", .doc = "what it was about")                                    \
	READ(changes, "changes", .doc = "what it was and what it became; not filtered by")
#define ROW struct audit_row
READABLE(audit, "Audit", AUDIT)
#undef ROW

#define WEBHOOK(READ, BOTH, WRITE, LINK, need)                                                     \
	READ(id, "id", .flags = 0)                                                                 \
	READ(url, "url", .flags = 0)                                                               \
	READ(created_at, "createdAt", NULLS)
#define ROW struct webhook_view_row
READABLE(webhook, "Webhooks", WEBHOOK)
#undef ROW
/* clang-format on */
