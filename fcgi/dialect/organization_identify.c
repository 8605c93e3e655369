/* One-time codes of the organization dialect: maps and texts. */
#include "card.h"
#include "one_time_code.h"
#include "organization.h"
#include "route.h"

static const struct field in_fields[] = {
	FIELD(struct identify_in, email, "email", .max = CARD_EMAIL_MAX,
	      .doc = "step 1: whole, without case"),
	FIELD(struct identify_in, phone, "phone", .max = CARD_SHORT_TEXT_MAX,
	      .form = &organization_code, .doc = "step 1: whole, by digits"),
	FIELD(struct identify_in, send_to, "send_to", .max = CARD_SHORT_TEXT_MAX,
	      .doc = "step 1: phone or email; needed where the organisation asks for a code"),
	FIELD(struct identify_in, person_id, "user_id", .flags = F_REFERENCE, .doc = "step 2"),
	FIELD(struct identify_in, code, "identify_code", .max = CARD_SHORT_TEXT_MAX,
	      .flags = F_SECRET, .form = &organization_code, .doc = "step 2: six digits"),
};
const struct map organization_identify_in = MAP("Identify", struct identify_in, in_fields);

static const struct field out_fields[] = {
	FIELD(struct identify_out, person_id, "user_id", .flags = F_OMIT_UNSET,
	      .doc = "a code is on its way"),
	FIELD(struct identify_out, cards, "cards", .flags = F_OMIT_UNSET,
	      .map = &organization_card_row, .doc = "step 2, or no code is asked for"),
};
const struct map organization_identify_out = MAP("IdentifyAnswer", struct identify_out, out_fields);

const struct route_doc organization_doc_identify = {
	.summary = "Cards of a person who is known by a code sent to phone or e-mail",
	.description =
		"Step 1: email or phone, and send_to; the answer is user_id, the same whether "
		"or not there is such a person. Step 2: user_id and identify_code, good for "
		"five minutes, once, five tries. With the setting identify=none step 1 "
		"answers the cards.",
	.tag = "Cards",
	.example_in = "{\"phone\":\"+7 (900) 123-45-67\",\"send_to\":\"phone\"}",
	.example_out = "{\"code\":0,\"message\":\"Операция "
		       "выполнена\",\"user_id\":\"8d3f4c1e-7a64-4c4e-9a51-0b7d2f0f7e21\"}",
};
