/*
 * The tables that can be queried. Names of fields and conditions are the core's; a
 * dialect maps its own to them.
 */
#ifndef STORE_SELECT_TABLES_H
#define STORE_SELECT_TABLES_H

#include "select.h"

/*
 * Live cards; rows: struct card_view_row; order: name. Conditions beside the fields:
 *   blocked, unblocked   $1 = now, ms
 *   word                 $1 = start of a word of the name, folded; $2 = select_prefix_end of it
 *   fragment             $1 = folded text, $2 = its digits or $1 again: in name, barcode, code,
 * phone, e-mail barcode_fragment, code_fragment   $1 = folded text phone_reversed, email_key,
 * barcode_key, code_key and name_key compare folded bytes.
 */
extern const struct select_table select_card;
/* The same with erase_days filled, for organisations whose levels end the points of idle cards. */
extern const struct select_table select_card_idle;
/* Groups; rows: struct card_group_view_row; order: name. */
extern const struct select_table select_card_group;
/* Levels; rows: struct card_level_row; order: order. */
extern const struct select_table select_card_level;
/*
 * Living persons; rows: struct person_view_row, of select_person without additional_fields;
 * order: name. login_key, phone_key, email_key and name_key compare folded bytes.
 *   fragment             $1 = folded text, $2 = its digits or $1 again: in name, login, e-mail,
 * phone
 */
extern const struct select_table select_person, select_person_full;

/*
 * Entities, by serial number, or id where they have none: every member of their rows is a field, as
 * members are named; texts match and sort without case. card_code of a customer is that of any
 * card, company_serial and company_name, customer_serial and customer_name those of the relation.
 */
extern const struct select_table select_customer, select_company, select_vehicle, select_card_item,
	select_group_item, select_level_item, select_transaction, select_audit, select_series_item,
	select_till_item, select_washing_item, select_webhook_item;

#endif
