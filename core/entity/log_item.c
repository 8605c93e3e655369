/* What only ever grows, to be read: entries of the books, and who changed what when. */
#include "entity_priv.h"

#include "select_tables.h"

static const struct entity transaction_entity = {.table = &select_transaction, .key = "id"};
ENTITY_READS(transaction);

static const struct entity audit_entity = {.table = &select_audit, .key = "id"};
ENTITY_READS(audit);
