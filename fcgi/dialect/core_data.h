/* What the files of the core-data dialect share: the rows of its entities. */
#ifndef DIALECT_CORE_DATA_H
#define DIALECT_CORE_DATA_H

#include "dialect.h"
#include "entity.h"
#include "field.h"
#include "route.h"

/* {"id": N} into the related row's serial, or {"id": "uuid"} into its id; null unsets. */
extern const struct form core_data_relation;
/* Words: male; loyalty; points; accrual. */
extern const struct form core_data_gender, core_data_card_type, core_data_unit,
	core_data_entry_kind;

/* Each entity: rows of answers, rows that are inserted, the row that is updated. */
extern const struct map core_data_customer, core_data_customer_insert, core_data_customer_update;
extern const struct map core_data_company, core_data_company_insert, core_data_company_update;
extern const struct map core_data_vehicle, core_data_vehicle_insert, core_data_vehicle_update;
extern const struct map core_data_card, core_data_card_insert, core_data_card_update;
extern const struct map core_data_group, core_data_group_insert, core_data_group_update;
extern const struct map core_data_level, core_data_level_insert, core_data_level_update;
/* To be read only. */
extern const struct map core_data_transaction, core_data_audit;

/* Words of OpenAPI for each verb of an entity. */
struct core_data_docs {
	struct route_doc select, insert, update, remove, search;
};
extern const struct core_data_docs core_data_docs_customer, core_data_docs_company,
	core_data_docs_vehicle, core_data_docs_card, core_data_docs_group, core_data_docs_level,
	core_data_docs_transaction, core_data_docs_audit;

#endif
