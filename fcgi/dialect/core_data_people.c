/* Customers, companies, vehicles: their fields. */
#include "card.h"
#include "core_data.h"
#include "person.h"

/* clang-format off */
static const struct field customer_company_fields[] = {
	FIELD(struct customer_row, company_serial, "id"),
	FIELD(struct customer_row, company_name, "name"),
};
static const struct map customer_company =
	MAP("CustomersCompany", struct customer_row, customer_company_fields);

#define CUSTOMER(m, ...) FIELD(struct customer_row, m, __VA_ARGS__)
static const struct field customer_fields[] = {
	CUSTOMER(serial, "id", .doc = "unique in the organisation; the same as Capillary's customerId"),
	CUSTOMER(name, "name", .doc = "full name"),
	CUSTOMER(email, "email", .flags = F_NULL_UNSET),
	CUSTOMER(card_code, "cardId", .flags = F_NULL_UNSET,
		 .doc = "code of the card that was attached first; a filter matches any card of the customer"),
	{.wire = "company", .member = "company", .type = FT_OBJECT, .flags = F_NULL_UNSET,
	 .map = &customer_company, .doc = "relation"},
	CUSTOMER(external_id, "externalId", .flags = F_NULL_UNSET),
	CUSTOMER(locked, "isBlocked", .doc = "every card of a blocked customer answers as blocked"),
	CUSTOMER(credit_allowed, "isCreditAllowed", .doc = "the money account may go below zero"),
	CUSTOMER(total_debt, "totalDebt", .doc = "read-only; neither filtered nor ordered by"),
	CUSTOMER(debt_data, "debtData",
		 .doc = "read-only; by card: account, balance, credit limit, oldest unpaid entry"),
	CUSTOMER(payment_card, "paymentCard", .flags = F_NULL_UNSET,
		 .doc = "masked; the last four digits are all that is kept"),
	CUSTOMER(is_default, "default"),
	CUSTOMER(created_at, "createdAt", .flags = F_NULL_UNSET),
	CUSTOMER(updated_at, "updatedAt", .flags = F_NULL_UNSET),
	CUSTOMER(phone, "phone", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(birthdate, "birthday", .flags = F_NULL_UNSET | F_ON_DEMAND, .form = &form_day),
	CUSTOMER(gender, "gender", .flags = F_NULL_UNSET | F_ON_DEMAND, .form = &core_data_gender),
	CUSTOMER(salutation, "salutation", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(first_name, "firstName", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(street, "street", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(zip, "zip", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(city, "city", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(fax, "fax", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(contact_person, "contactPerson", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(contact_phone, "contactPersonPhone", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(remark, "remark", .flags = F_NULL_UNSET | F_ON_DEMAND),
	CUSTOMER(id, "guid", .flags = F_ON_DEMAND, .doc = "read-only; user_id of other dialects"),
};
const struct map core_data_customer = MAP_BY_CHOICE("Customers", struct customer_row, customer_fields);

#define CUSTOMER_IN(m, ...) FIELD(struct customer_in, row.m, __VA_ARGS__)
#define CUSTOMER_WRITE(need)                                                                       \
	CUSTOMER_IN(name, "name", .flags = (need) | F_NOT_EMPTY, .max = PERSON_NAME_MAX),          \
	CUSTOMER_IN(email, "email", .max = CARD_EMAIL_MAX),                                        \
	CUSTOMER_IN(card_code, "cardId", .max = CARD_NAME_MAX,                                     \
		    .doc = "attaches that card, or makes it; null detaches"),                      \
	CUSTOMER_IN(company_serial, "company", .form = &core_data_relation),                       \
	CUSTOMER_IN(external_id, "externalId", .max = 255),                                        \
	CUSTOMER_IN(locked, "isBlocked"),                                                          \
	CUSTOMER_IN(credit_allowed, "isCreditAllowed"),                                            \
	CUSTOMER_IN(payment_card, "paymentCard", .max = 64),                                       \
	CUSTOMER_IN(is_default, "default"),                                                        \
	CUSTOMER_IN(phone, "phone", .max = PERSON_PHONE_MAX),                                      \
	CUSTOMER_IN(birthdate, "birthday", .form = &form_day),                                     \
	CUSTOMER_IN(gender, "gender", .form = &core_data_gender),                                  \
	CUSTOMER_IN(salutation, "salutation", .max = 64),                                          \
	CUSTOMER_IN(first_name, "firstName", .max = 255),                                          \
	CUSTOMER_IN(street, "street", .max = 255),                                                 \
	CUSTOMER_IN(zip, "zip", .max = 64),                                                        \
	CUSTOMER_IN(city, "city", .max = 255),                                                     \
	CUSTOMER_IN(fax, "fax", .max = 64),                                                        \
	CUSTOMER_IN(contact_person, "contactPerson", .max = 255),                                  \
	CUSTOMER_IN(contact_phone, "contactPersonPhone", .max = 64),                               \
	CUSTOMER_IN(remark, "remark", .max = 1000)
static const struct field customer_insert_fields[] = {CUSTOMER_WRITE(F_REQUIRED)};
static const struct field customer_update_fields[] = {CUSTOMER_WRITE(0)};
const struct map core_data_customer_insert =
	MAP_SENT("CustomersNew", struct customer_in, customer_insert_fields);
const struct map core_data_customer_update =
	MAP_SENT("CustomersChange", struct customer_in, customer_update_fields);

#define COMPANY(m, ...) FIELD(struct company_row, m, __VA_ARGS__)
static const struct field company_fields[] = {
	COMPANY(serial, "id", .doc = "unique in the organisation"),
	COMPANY(name, "name"),
	COMPANY(description, "description", .flags = F_NULL_UNSET),
	COMPANY(address, "address", .flags = F_NULL_UNSET),
	COMPANY(registration_code, "registrationCode", .flags = F_NULL_UNSET),
	COMPANY(created_at, "createdAt", .flags = F_NULL_UNSET),
	COMPANY(updated_at, "updatedAt", .flags = F_NULL_UNSET),
};
const struct map core_data_company = MAP_BY_CHOICE("Companies", struct company_row, company_fields);

#define COMPANY_IN(m, ...) FIELD(struct company_in, row.m, __VA_ARGS__)
#define COMPANY_WRITE(need)                                                                        \
	COMPANY_IN(name, "name", .flags = (need) | F_NOT_EMPTY, .max = 255),                       \
	COMPANY_IN(description, "description", .max = 1000),                                       \
	COMPANY_IN(address, "address", .max = 1000),                                               \
	COMPANY_IN(registration_code, "registrationCode", .max = 64)
static const struct field company_insert_fields[] = {COMPANY_WRITE(F_REQUIRED)};
static const struct field company_update_fields[] = {COMPANY_WRITE(0)};
const struct map core_data_company_insert =
	MAP_SENT("CompaniesNew", struct company_in, company_insert_fields);
const struct map core_data_company_update =
	MAP_SENT("CompaniesChange", struct company_in, company_update_fields);

#define VEHICLE(m, ...) FIELD(struct vehicle_view_row, m, __VA_ARGS__)
static const struct field vehicle_customer_fields[] = {
	VEHICLE(customer_serial, "id"),
	VEHICLE(customer_name, "name"),
};
static const struct map vehicle_customer =
	MAP("VehiclesCustomer", struct vehicle_view_row, vehicle_customer_fields);
static const struct field vehicle_fields[] = {
	VEHICLE(serial, "id"),
	{.wire = "customer", .member = "customer", .type = FT_OBJECT, .flags = F_NULL_UNSET,
	 .map = &vehicle_customer, .doc = "relation"},
	VEHICLE(plate, "plate", .doc = "compared without spaces, dashes and case"),
	VEHICLE(created_at, "createdAt", .flags = F_NULL_UNSET),
	VEHICLE(updated_at, "updatedAt", .flags = F_NULL_UNSET),
};
const struct map core_data_vehicle =
	MAP_BY_CHOICE("Vehicles", struct vehicle_view_row, vehicle_fields);

#define VEHICLE_IN(m, ...) FIELD(struct vehicle_in, row.m, __VA_ARGS__)
#define VEHICLE_WRITE(need)                                                                        \
	VEHICLE_IN(customer_serial, "customer", .flags = (need), .form = &core_data_relation),     \
	VEHICLE_IN(plate, "plate", .flags = (need) | F_NOT_EMPTY, .max = 64)
static const struct field vehicle_insert_fields[] = {VEHICLE_WRITE(F_REQUIRED)};
static const struct field vehicle_update_fields[] = {VEHICLE_WRITE(0)};
const struct map core_data_vehicle_insert =
	MAP_SENT("VehiclesNew", struct vehicle_in, vehicle_insert_fields);
const struct map core_data_vehicle_update =
	MAP_SENT("VehiclesChange", struct vehicle_in, vehicle_update_fields);
/* clang-format on */
