/*
 * Maps, forms and texts of the identifiers dialect (Capillary v2), for its own files: identifiers.c
 * has the rows, _card and _customer the maps, _text and _docs the words.
 */
#ifndef DIALECT_IDENTIFIERS_H
#define DIALECT_IDENTIFIERS_H

#include "form.h"
#include "outcome.h"
#include "reason.h"

struct route_doc;

/* Capillary's number of a reason; 0 = it has none. */
short identifiers_code(enum reason reason);

/* true, false, 1, 0, also in quotes. */
extern const struct form identifiers_bool;
/* Integer, also in quotes; "" = 0. */
extern const struct form identifiers_i64;
/* "2021-01-10T10:39:19Z", and the day alone; null when unset. Only written. */
extern const struct form identifiers_moment, identifiers_day;
/* A list of texts as an array of strings. Only written. */
extern const struct form identifiers_texts;
/* Words for numbers: type and method of a series, a card's status. */
extern const struct form identifiers_kind, identifiers_method, identifiers_status;
/* {}, [], 0 and "CARD", whatever the member: what the vendor's pages name and nothing here fills.
 */
extern const struct form identifiers_object, identifiers_array, identifiers_zero,
	identifiers_card_word;

/* "warnings" of an out-struct T with a `struct list warnings` of struct warning. */
extern const struct map identifiers_warning;
#define IDENTIFIERS_WARNINGS(T)                                                                    \
	FIELD(T, warnings, "warnings", .map = &identifiers_warning, .max = 100)
/* "warnings" and "errors" of an answer with data; both empty lists in T. */
#define IDENTIFIERS_DATA_TAIL(T)                                                                   \
	IDENTIFIERS_WARNINGS(T), FIELD(T, errors, "errors", .map = &identifiers_warning, .max = 1)

extern const struct map identifiers_change_in, identifiers_changed, identifiers_lookup_in,
	identifiers_lookup_out, identifiers_customer_in, identifiers_customer_out,
	identifiers_token_in, identifiers_token_out;

extern const struct map identifiers_series_add_in, identifiers_series_change_in,
	identifiers_series_get_in, identifiers_series_made, identifiers_series_out,
	identifiers_series_list_out;
extern const struct map identifiers_label_list_out, identifiers_label_map_in,
	identifiers_label_map_out;

/* identifiers_card_details: one row of cardDetails, a struct card_details. */
extern const struct map identifiers_card_issue_in, identifiers_card_issued,
	identifiers_card_relabel_in, identifiers_card_number_in, identifiers_card_out,
	identifiers_card_details, identifiers_status_log_out, identifiers_generate_in,
	identifiers_generate_out;

extern const struct route_doc identifiers_doc_change, identifiers_doc_lookup,
	identifiers_doc_customer, identifiers_doc_token;
extern const struct route_doc identifiers_doc_card_issue, identifiers_doc_card_relabel,
	identifiers_doc_card_get, identifiers_doc_status_log, identifiers_doc_generate;
extern const struct route_doc identifiers_doc_series_add, identifiers_doc_series_change,
	identifiers_doc_series_get, identifiers_doc_series_list, identifiers_doc_label_list,
	identifiers_doc_label_map;

#endif
