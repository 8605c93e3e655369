#include "admin.h"
#include "db.h"
#include "stmt_gen.h"

enum status admin_organisation(struct admin *admin, int64_t *id_r)
{
	struct organisation_row row;

	if (!admin_number(admin, "organisation", 1, ORGANISATION_ID_MAX, id_r))
		return STATUS_USAGE;
	enum err err = sql_organisation_get(admin->db, &admin->arena,
					    &(struct organisation_get_in){*id_r}, &row);
	return err ? admin_err(admin, err, "--organisation") : STATUS_OK;
}
