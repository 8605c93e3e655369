/* What the files of the organization dialect share: its forms, its words. */
#ifndef DIALECT_ORGANIZATION_H
#define DIALECT_ORGANIZATION_H

#include "dialect.h"
#include "field.h"

#define ORGANIZATION_LANGUAGES 2

/* Russian first: the vendor's own. */
extern const struct language organization_languages[ORGANIZATION_LANGUAGES];

/* true/false, 1/0, the words in quotes. */
extern const struct form organization_bool;
/* The same, answered as 1 or 0 (external_card). */
extern const struct form organization_flag;
/* Integer, also in quotes. */
extern const struct form organization_i64;
/* Unix milliseconds, also in quotes; 0 = unset. */
extern const struct form organization_moment;
/* The same, but a value below 10^11 is seconds, as the vendor's own client sends. */
extern const struct form organization_moment_or_seconds;
/* The same, or the vendor's client's date object (organization_date.c). */
extern const struct form organization_base_date;
/* Text, or an integer whose digits are kept as text (code). */
extern const struct form organization_code;

/* page and per_page of an in-struct T with a `struct page_in page`. */
#define ORGANIZATION_PAGE_FIELDS(T)                                                                \
	FIELD(T, page.page, "page", .from = FROM_QUERY, .min = 1, .max = PAGE_NUMBER_MAX),         \
		FIELD(T, page.per_page, "per_page", .from = FROM_QUERY, .min = 1,                  \
		      .max = INT64_MAX)

/* In- and out-maps by object; the routes name them. */
extern const struct map organization_card_out;
extern const struct map organization_card_row;
extern const struct map organization_id_in;
extern const struct map organization_id_out;
extern const struct map organization_card_add_in;
extern const struct map organization_card_change_in;
extern const struct map organization_card_delete_in;
extern const struct map organization_card_activate_in;
extern const struct map organization_card_block_in;
extern const struct map organization_pagination;
extern const struct map organization_card_list_in;
extern const struct map organization_card_search_in;
extern const struct map organization_card_list_out;
extern const struct map organization_group_add_in;
extern const struct map organization_group_change_in;
extern const struct map organization_group_delete_in;
extern const struct map organization_group_delete_out;
extern const struct map organization_group_out;
extern const struct map organization_group_list_in;
extern const struct map organization_group_list_out;
extern const struct map organization_level_add_in;
extern const struct map organization_level_change_in;
extern const struct map organization_level_out;
extern const struct map organization_level_list_in;
extern const struct map organization_level_list_out;
extern const struct map organization_user_add_in;
extern const struct map organization_user_change_in;
extern const struct map organization_user_get_in;
extern const struct map organization_user_out;
extern const struct map organization_user_list_in;
extern const struct map organization_user_list_out;
extern const struct map organization_identify_in;
extern const struct map organization_identify_out;
extern const struct map organization_accumulate_in;
extern const struct map organization_level_move_in;
extern const struct map organization_level_up_out;
extern const struct map organization_level_down_out;
extern const struct map organization_add_user_in;
extern const struct map organization_attach_in;
extern const struct map organization_transaction_add_in;
extern const struct map organization_refund_in;
extern const struct map organization_refund_out;
extern const struct map organization_hold_in;
extern const struct map organization_capture_in;
extern const struct map organization_transaction_list_in;
extern const struct map organization_transaction_list_out;
extern const struct map organization_balance_info_in;
extern const struct map organization_balance_info_out;
extern const struct map organization_explain_in;
extern const struct map organization_explain_out;
extern const struct map organization_replacement_in;
extern const struct map organization_sign_in_in;
extern const struct map organization_sign_in_out;

struct route_doc;
extern const struct route_doc organization_doc_group_add;
extern const struct route_doc organization_doc_group_change;
extern const struct route_doc organization_doc_group_delete;
extern const struct route_doc organization_doc_group_get;
extern const struct route_doc organization_doc_group_list;
extern const struct route_doc organization_doc_card_add;
extern const struct route_doc organization_doc_card_change;
extern const struct route_doc organization_doc_card_delete;
extern const struct route_doc organization_doc_card_get;
extern const struct route_doc organization_doc_card_list;
extern const struct route_doc organization_doc_card_by_phone;
extern const struct route_doc organization_doc_card_by_email;
extern const struct route_doc organization_doc_card_by_email_misspelt;
extern const struct route_doc organization_doc_card_by_barcode;
extern const struct route_doc organization_doc_card_by_code;
extern const struct route_doc organization_doc_card_by_name;
extern const struct route_doc organization_doc_card_activate;
extern const struct route_doc organization_doc_card_deactivate;
extern const struct route_doc organization_doc_card_block;
extern const struct route_doc organization_doc_card_unblock;
extern const struct route_doc organization_doc_level_add;
extern const struct route_doc organization_doc_level_change;
extern const struct route_doc organization_doc_level_delete;
extern const struct route_doc organization_doc_level_get;
extern const struct route_doc organization_doc_level_list;
extern const struct route_doc organization_doc_user_add;
extern const struct route_doc organization_doc_user_change;
extern const struct route_doc organization_doc_user_delete;
extern const struct route_doc organization_doc_user_get;
extern const struct route_doc organization_doc_user_list;
extern const struct route_doc organization_doc_identify;
extern const struct route_doc organization_doc_accumulate;
extern const struct route_doc organization_doc_level_up;
extern const struct route_doc organization_doc_level_down;
extern const struct route_doc organization_doc_add_user;
extern const struct route_doc organization_doc_attach;
extern const struct route_doc organization_doc_transaction_add;
extern const struct route_doc organization_doc_transaction_list;
extern const struct route_doc organization_doc_refund;
extern const struct route_doc organization_doc_hold;
extern const struct route_doc organization_doc_capture;
extern const struct route_doc organization_doc_void;
extern const struct route_doc organization_doc_balance_info;
extern const struct route_doc organization_doc_balance_explain;
extern const struct route_doc organization_doc_replacement;
extern const struct route_doc organization_doc_sign_in;

#endif
