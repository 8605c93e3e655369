/* What the files of the core-data dialect share: the rows of its entities. */
#ifndef DIALECT_CORE_DATA_H
#define DIALECT_CORE_DATA_H

#include "dialect.h"
#include "entity.h"
#include "field.h"
#include "route.h"

/* {"id": N} into the related row's serial, or {"id": "uuid"} into its id; null unsets. */
extern const struct form core_data_relation;
/* Words: male; loyalty; points; accrual; PHYSICAL; LUHN. */
extern const struct form core_data_gender, core_data_card_type, core_data_unit,
	core_data_entry_kind, core_data_series_type, core_data_series_method;

#define CORE_DATA_READ(X) X(washing) X(transaction) X(audit) X(webhook)
#define CORE_DATA_WRITTEN(X)                                                                       \
	X(customer) X(company) X(vehicle) X(card) X(group) X(level) X(series) X(till)

/* Each entity: rows of answers; rows that are inserted, the row that is updated. */
#define X(entity) extern const struct map core_data_##entity;
CORE_DATA_READ(X)
CORE_DATA_WRITTEN(X)
#undef X
#define X(entity) extern const struct map core_data_##entity##_insert, core_data_##entity##_update;
CORE_DATA_WRITTEN(X)
#undef X

/* Words of OpenAPI for each verb of an entity. */
struct core_data_docs {
	struct route_doc select, insert, update, remove, search;
};
#define X(entity) extern const struct core_data_docs core_data_docs_##entity;
CORE_DATA_READ(X)
CORE_DATA_WRITTEN(X)
#undef X

#endif
