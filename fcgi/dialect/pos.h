/* What the files of the pos dialect share: its forms, its words, its maps. */
#ifndef DIALECT_POS_H
#define DIALECT_POS_H

#include "dialect.h"
#include "field.h"

#define POS_LANGUAGES 1

extern const struct language pos_languages[POS_LANGUAGES];

/* Text; a number's digits are taken as text too, as .NET's readers do. */
extern const struct form pos_text;
/* Integer, also in quotes. */
extern const struct form pos_i64;
/* Digits of an unsigned 64-bit number, kept as text: struct str. */
extern const struct form pos_uid;
/* Decimal with at least one fraction digit; read as all amounts are. */
extern const struct form pos_amount;
/* 2026-01-28T19:11:58.5970000+01:00 in the organisation's zone; written only. */
extern const struct form pos_time;
/* The same; null when unset. */
extern const struct form pos_time_or_null;
/*
 * How a sale is paid: struct str, as the core keeps it (washing.h). Read from a number or a
 * name; JSON shows a number, XML the name that it has (pos_payment_xml). A word without a
 * number is shown as it came.
 */
extern const struct form pos_payment, pos_payment_xml;

/* Maps by object; the routes name them. */
extern const struct map pos_information_in, pos_information_out;
extern const struct map pos_sale_in, pos_sale_out;
extern const struct map pos_charge_in, pos_charge_out;

struct route_doc;
extern const struct route_doc pos_doc_information, pos_doc_sale, pos_doc_charge;

#endif
