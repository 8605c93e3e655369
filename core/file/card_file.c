#include "card_file.h"

#include <stdio.h>
#include <string.h>

#include "card.h"
#include "settings.h"
#include "uuid.h"

void card_file_name(int64_t organisation_id, char name[CARD_FILE_NAME_MAX])
{
	snprintf(name, CARD_FILE_NAME_MAX, "%lld%s", (long long)organisation_id, CARD_FILE_SUFFIX);
}

bool card_file_names(struct str name, int64_t *organisation_id_r)
{
	char whole[CARD_FILE_NAME_MAX];
	size_t n = 0;

	while (n < name.len && name.at[n] >= '0' && name.at[n] <= '9')
		n++;
	if (!str_to_i64((struct str){name.at, n}, organisation_id_r))
		return false;
	card_file_name(*organisation_id_r, whole);
	return str_eq(name, str_of(whole));
}

static bool is_replaced(const struct file_card_row *row)
{
	return !uuid_is_unset(&row->new_card_id) && !row->active && row->blocked;
}

static bool is_active(const struct ctx *ctx, const struct file_card_row *row)
{
	return row->active &&
	       !card_is_blocked(row->blocked, row->blocked_until, row->holder_locked, ctx_now(ctx));
}

static struct card_record record_of(const struct ctx *ctx, const struct file_card_row *row)
{
	struct uuid none = {{0}};

	return (struct card_record){
		.id = row->serial,
		.customer_id = ctx_organisation(ctx),
		.client = is_replaced(row) ? none : row->person_id,
		.number = row->barcode,
		.kind = row->kind,
		.valid_from = row->valid_from,
		.valid_to = row->valid_to,
		.active = is_active(ctx, row),
		.created_at = row->created_at,
	};
}

static int64_t shown(const struct file_card_row *row, struct amount available)
{
	return uuid_is_unset(&row->master_id) && available.minor > 0 ? available.minor : 0;
}

/* One unit of all rows; moments of inactivity end points only. */
static enum err count_up(struct ctx *ctx, enum unit unit, const struct file_card_row *rows,
			 size_t n, struct card_record *records)
{
	struct ledger_view *views = arena_array(ctx->arena, struct ledger_view, n);
	bool points = unit == UNIT_POINTS;

	for (size_t i = 0; i < n; i++) {
		const struct file_card_row *row = &rows[i];
		views[i] = (struct ledger_view){
			.card_id = row->id,
			.available = points ? row->points : row->money,
			.debt = points ? row->points_debt : row->money_debt,
			.next_change_at = points ? row->points_change_at : row->money_change_at,
			.activity_at = {points ? row->activity_at.ms : 0},
			.erase_days = points ? row->erase_days : 0,
		};
	}
	enum err err = ledger_available(ctx, unit, views, n);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		int64_t minor = shown(&rows[i], views[i].available);
		if (points)
			records[i].points = minor / 100;
		else
			records[i].balance.minor = minor;
	}
	return err;
}

enum err card_file_records(struct ctx *ctx, const struct file_card_row *rows, size_t n,
			   struct card_record *records)
{
	for (size_t i = 0; i < n; i++)
		records[i] = record_of(ctx, &rows[i]);
	enum err err = count_up(ctx, UNIT_POINTS, rows, n, records);
	return err == ERR_OK ? count_up(ctx, UNIT_MONEY, rows, n, records) : err;
}
