/*
 * The query grammar of core-data (SUPPA platform): JSON trees of fields, conditions and order
 * become the core's query (query.h). Names are looked up in the map that the in-map is `about`:
 * a wire name, or a path through a relation ("company.id"), stands for the member of its field;
 * a value is read by the field's own form. Nothing of what was sent but values goes on.
 *
 * Sizes: SELECT_DEPTH_MAX groups within each other, SELECT_FILTERS_MAX filters, SELECT_ORDERS_MAX
 * orders. A group without filters is no condition.
 */
#ifndef FCGI_CODEC_QUERY_H
#define FCGI_CODEC_QUERY_H

#include "form.h"

#define QUERY_LIMIT_DEFAULT 100

/* `fields`, into a struct entity_query: members wanted; {"id":"#count"} = the number of rows only.
 */
extern const struct member_reader query_fields;
/* `returning`, into a struct sent: members wanted of rows that were written. */
extern const struct member_reader query_returning;
/* `conditions`, into a struct select_cond. */
extern const struct member_reader query_conditions;
/* The same; none is refused. */
extern const struct member_reader query_conditions_needed;
/* `orderBy` and `limit`, into a struct entity_query. */
extern const struct member_reader query_order;
extern const struct member_reader query_limit;

/* Components of OpenAPI that their schemas refer to. */
extern const char query_schemas[];

#endif
