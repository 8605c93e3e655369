/* Users (holders) and sign-in of the organization dialect: maps and texts. */
#include "organization.h"
#include "person.h"
#include "route.h"
#include "sign_in.h"

static const struct str genders[] = {
	[GENDER_UNSET] = {"", 0},
	[GENDER_MALE] = {"male", 4},
	[GENDER_FEMALE] = {"female", 6},
	[GENDER_NONE] = {"none", 4},
};

static enum reason read_gender(struct scalar in, const struct field *field, void *member)
{
	(void)field;
	if (in.kind != SCALAR_STRING && in.kind != SCALAR_TEXT)
		return REASON_WRONG_TYPE;
	for (size_t i = 0; i < sizeof(genders) / sizeof(genders[0]); i++) {
		if (str_eq(in.text, genders[i])) {
			*(int64_t *)member = (int64_t)i;
			return REASON_NONE;
		}
	}
	return REASON_UNKNOWN_VALUE;
}

static void write_gender(struct buf *buf, const struct field *field, const void *member)
{
	form_text.write(buf, field, &genders[*(const int64_t *)member]);
}

/* As a query, "" filters nothing. */
static const struct form form_gender = {read_gender, write_gender, 0,
					"\"enum\":[\"male\",\"female\",\"none\",\"\",null]",
					"\"enum\":[\"male\",\"female\",\"none\",\"\"]"};

#define FIELD_TEXT(m, most)                                                                        \
	FIELD(struct person_field, m, #m, .max = (most), .form = &organization_code)
static const struct field field_fields[] = {
	FIELD_TEXT(id, PERSON_FIELD_ID_MAX),
	FIELD_TEXT(name, PERSON_FIELD_NAME_MAX),
	FIELD_TEXT(type, PERSON_FIELD_ID_MAX),
	FIELD_TEXT(value, PERSON_FIELD_VALUE_MAX),
};
static const struct map field_map = MAP("UserField", struct person_field, field_fields);

#define USER_TEXT(m, wire, most, ...)                                                              \
	FIELD(struct person_in, row.m, wire, .max = (most), __VA_ARGS__)
#define USER_IN_FIELDS(need)                                                                       \
	USER_TEXT(login, "login", PERSON_NAME_MAX, .flags = (need) | F_NOT_EMPTY,                  \
		  .form = &organization_code),                                                     \
		USER_TEXT(name, "name", PERSON_NAME_MAX, .flags = (need) | F_NOT_EMPTY),           \
		USER_TEXT(phone, "phone", PERSON_PHONE_MAX, .flags = (need),                       \
			  .form = &organization_code,                                              \
			  .doc = "unique by its digits; may be empty"),                            \
		USER_TEXT(email, "email", CARD_EMAIL_MAX, .flags = (need),                         \
			  .doc = "unique without case; may be empty"),                             \
		FIELD(struct person_in, row.gender, "gender", .form = &form_gender),               \
		FIELD(struct person_in, row.birthdate, "birthdate"),                               \
		USER_TEXT(image, "image", PERSON_IMAGE_MAX, .flags = 0),                           \
		FIELD(struct person_in, row.notifications, "recieve_notifications"),               \
		FIELD(struct person_in, row.confirmed, "confirmed"),                               \
		FIELD(struct person_in, row.locked, "is_locked",                                   \
		      .doc = "true blocks all cards of the user"),                                 \
		FIELD(struct person_in, row.data_agreed, "personal_data_agree"),                   \
		USER_TEXT(app_client, "app_client", PERSON_NAME_MAX, .flags = 0),                  \
		FIELD(struct person_in, fields, "additional_fields", .max = PERSON_FIELDS_MAX,     \
		      .map = &field_map),                                                          \
		FIELD(struct person_in, password, "password", .max = PASSWORD_MAX,                 \
		      .flags = F_SECRET,                                                           \
		      .doc = "plain; makes or renews the user's own login of role client")

static const struct field add_fields[] = {
	FIELD(struct person_in, row.id, "id"),
	USER_IN_FIELDS(F_REQUIRED),
	FIELD(struct person_in, attach_free_card, "attach_free_card",
	      .doc = "gives a random free card; none free = 404"),
	FIELD(struct person_in, activation_shop, "activation_shop_id", .max = CARD_SHORT_TEXT_MAX,
	      .form = &organization_code, .doc = "activates that card, in this shop"),
};
const struct map organization_user_add_in = MAP_SENT("UserAdd", struct person_in, add_fields);

static const struct field change_fields[] = {
	FIELD(struct person_in, row.id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	USER_IN_FIELDS(0),
};
const struct map organization_user_change_in =
	MAP_SENT("UserChange", struct person_in, change_fields);

static const struct field get_fields[] = {
	FIELD(struct person_get_in, id, "id", .from = FROM_PATH, .flags = F_REQUIRED),
	FIELD(struct person_get_in, with_fields, "with_additional_fields", .from = FROM_QUERY),
};
const struct map organization_user_get_in = MAP("UserGet", struct person_get_in, get_fields);

#define USER_FIELDS                                                                                \
	FIELD(struct person, row.id, "id"), FIELD(struct person, row.login, "login"),              \
		FIELD(struct person, row.name, "name"), FIELD(struct person, row.phone, "phone"),  \
		FIELD(struct person, row.email, "email"),                                          \
		FIELD(struct person, row.image, "image"),                                          \
		FIELD(struct person, row.gender, "gender", .form = &form_gender),                  \
		FIELD(struct person, row.birthdate, "birthdate"),                                  \
		FIELD(struct person, row.notifications, "recieve_notifications"),                  \
		FIELD(struct person, row.confirmed, "confirmed"),                                  \
		FIELD(struct person, row.locked, "is_locked"),                                     \
		FIELD(struct person, row.data_agreed, "personal_data_agree"),                      \
		FIELD(struct person, row.app_client, "app_client"),                                \
		FIELD(struct person, row.additional_fields, "additional_fields",                   \
		      .flags = F_OMIT_UNSET, .doc = "only with with_additional_fields")

static const struct field user_fields[] = {USER_FIELDS};
static const struct map user_map = MAP("User", struct person, user_fields);
static const struct field out_fields[] = {
	FIELD(struct person_out, person, "user", .map = &user_map),
};
const struct map organization_user_out = MAP("UserAnswer", struct person_out, out_fields);

#define QUERY(m, wire, ...) FIELD(struct person_list_in, m, wire, .from = FROM_QUERY, __VA_ARGS__)
static const struct field list_fields[] = {
	QUERY(login, "login", .max = PERSON_NAME_MAX),
	QUERY(email, "email", .max = CARD_EMAIL_MAX),
	QUERY(phone, "phone", .max = PERSON_NAME_MAX),
	QUERY(filter, "user_filter", .max = PERSON_NAME_MAX),
	QUERY(gender, "gender", .form = &form_gender),
	QUERY(locked, "is_locked", .flags = 0),
	QUERY(confirmed, "confirmed", .flags = 0),
	QUERY(with_fields, "with_additional_fields", .flags = 0),
	ORGANIZATION_PAGE_FIELDS(struct person_list_in),
};
const struct map organization_user_list_in =
	MAP_SENT("UserList", struct person_list_in, list_fields);

static const struct field row_fields[] = {
	FIELD(struct person, row_number, "row_number"),
	USER_FIELDS,
};
static const struct map row_map = MAP("UserRow", struct person, row_fields);
static const struct field list_out_fields[] = {
	FIELD(struct person_list_out, persons, "users", .map = &row_map),
	FIELD(struct person_list_out, page, "pagination", .map = &organization_pagination),
};
const struct map organization_user_list_out =
	MAP("UserListAnswer", struct person_list_out, list_out_fields);

static const struct field sign_in_fields[] = {
	FIELD(struct sign_in_in, login, "login", .max = LOGIN_MAX, .flags = F_REQUIRED,
	      .form = &organization_code),
	FIELD(struct sign_in_in, password, "password", .max = PASSWORD_MAX,
	      .flags = F_REQUIRED | F_SECRET,
	      .doc = "lower-case SHA-1 hex of the password; over TLS also the password itself"),
	FIELD(struct sign_in_in, role, "role", .max = 64, .flags = F_REQUIRED,
	      .doc = "organization or client"),
	FIELD(struct sign_in_in, company_id, "company_id", .max = ORGANISATION_ID_MAX),
	FIELD(struct sign_in_in, session_id, "session_id", .form = &organization_code),
};
const struct map organization_sign_in_in = MAP("SignIn", struct sign_in_in, sign_in_fields);

static const struct field sign_in_out_fields[] = {
	FIELD(struct sign_in_out, token, "token"),
	FIELD(struct sign_in_out, company_id, "company_id"),
	FIELD(struct sign_in_out, expires, "expires"),
};
const struct map organization_sign_in_out =
	MAP("SignInAnswer", struct sign_in_out, sign_in_out_fields);

#define DONE "{\"code\":0,\"message\":\"Операция выполнена\","
#define USER_EXAMPLE                                                                               \
	"\"id\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\",\"login\":\"karamin\","                   \
	"\"name\":\"Карамин Пётр\",\"phone\":\"+7 (900) 123-45-67\","                   \
	"\"email\":\"karamin@example.org\",\"image\":\"\",\"gender\":\"male\","                    \
	"\"birthdate\":315532800000,\"recieve_notifications\":true,\"confirmed\":true,"            \
	"\"is_locked\":false,\"personal_data_agree\":true,\"app_client\":\"\""

const struct route_doc organization_doc_user_add = {
	.summary = "Add a user (holder of cards)",
	.description = "login, phone (by digits) and email (without case) are unique in the "
		       "organisation. phone and email must be sent and may be empty.",
	.tag = "Users",
	.example_in = "{\"login\":\"karamin\",\"name\":\"Карамин Пётр\","
		      "\"phone\":\"+7 (900) 123-45-67\",\"email\":\"karamin@example.org\","
		      "\"gender\":\"male\"}",
	.example_out = DONE "\"id\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\"}",
};
const struct route_doc organization_doc_user_change = {
	.summary = "Change a user; only members sent are changed",
	.tag = "Users",
	.example_in = "{\"is_locked\":true}",
};
const struct route_doc organization_doc_user_delete = {
	.summary = "Delete a user; its cards are set free and keep their history",
	.tag = "Users",
};
const struct route_doc organization_doc_user_get = {
	.summary = "Get a user",
	.tag = "Users",
	.example_out = DONE "\"user\":{" USER_EXAMPLE "}}",
};
const struct route_doc organization_doc_user_list = {
	.summary = "List users by filters; an empty list is a list",
	.description = "login, email and phone match whole; user_filter is a fragment of name, "
		       "login, phone or e-mail.",
	.tag = "Users",
	.example_out = DONE "\"users\":[{\"row_number\":1," USER_EXAMPLE "}],\"pagination\":"
			    "{\"per_page\":10,\"page\":1,\"items\":1,\"pages\":1}}",
};
const struct route_doc organization_doc_sign_in = {
	.summary = "Sign in: a token for a login and a password",
	.tag = "Sign-in",
	.example_in = "{\"login\":\"demo\","
		      "\"password\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\","
		      "\"role\":\"organization\"}",
	.example_out = DONE "\"token\":\"eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.e30."
			    "x\",\"company_id\":1,\"expires\":1800000000000}",
};
