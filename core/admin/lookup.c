#include "admin.h"
#include "db.h"
#include "progress.h"
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

enum status admin_each_organisation(struct admin *admin, organisation_work *work, void *arg)
{
	enum status status = STATUS_OK;
	struct list rows = {0};
	int64_t only;

	if (admin_has(admin, "organisation")) {
		status = admin_organisation(admin, &only);
		return status ? status : work(arg, only);
	}
	enum err err = sql_organisation_list(admin->db, &admin->arena, &rows);
	if (err != ERR_OK)
		return admin_err(admin, err, "database");
	const struct organisation_row *row = rows.rows;
	for (size_t i = 0; !status && i < rows.n && !progress_is_stopped(); i++)
		status = work(arg, row[i].id);
	return status;
}
