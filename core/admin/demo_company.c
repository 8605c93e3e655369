/* What the demo's holders have beside cards: companies, vehicles, ids in other systems. */
#include <string.h>

#include "db.h"
#include "demo_run.h"
#include "stmt_gen.h"
#include "text.h"

#define COMPANY_FIRST 40 /* so that there is a company 42, which the vendor's samples name */
#define COMPANIES     5
#define KEY_MAX       1020
#define PLATE_KEY_MAX 256

static const struct {
	const char *name, *address, *registration;
} companies[COMPANIES] = {
	{"ООО «Ромашка»", "Москва, ул. Летняя, 1", "7701000001"},
	{"Такси «Ласточка»", "Казань, ул. Речная, 12", "1655000002"},
	{"Acme Ltd", "12 Mill Lane, Reading", "GB0004711"},
	{"Автопарк «Север»", "Мурманск, пр. Портовый, 5", "5190000003"},
	{"Blue Line Logistics", "3 Harbour Road, Dublin", "IE0000815"},
};

enum status demo_make_companies(struct demo *demo)
{
	struct admin *admin = demo->admin;
	struct serial_counter_raise_in raise = {demo->organisation_id, SERIAL_COMPANY,
						COMPANY_FIRST + COMPANIES};
	enum err err = ERR_OK;

	for (int i = 0; !err && i < COMPANIES; i++) {
		struct company_row row = {.organisation_id = demo->organisation_id,
					  .id = demo_id(DEMO_COMPANY, i),
					  .serial = COMPANY_FIRST + i,
					  .live = 1,
					  .version = 1,
					  .name = str_of(companies[i].name),
					  .address = str_of(companies[i].address),
					  .registration_code = str_of(companies[i].registration),
					  .created_at = {demo_time_ms(i)},
					  .updated_at = {demo_time_ms(i)}};

		row.name_key = text_fold(&admin->arena, row.name, KEY_MAX);
		row.registration_key =
			text_fold(&admin->arena, row.registration_code, PLATE_KEY_MAX);
		err = sql_company_insert(admin->db, &row, NULL);
		err = err == ERR_TAKEN ? ERR_OK : err;
	}
	if (!err)
		err = sql_serial_counter_raise(admin->db, &raise, NULL);
	return err ? admin_err(admin, err, "companies") : STATUS_OK;
}

void demo_put_ties(struct arena *arena, int64_t i, struct person_row *person)
{
	uint64_t draw = demo_draw(DEMO_COMPANY, ~i);
	struct buf buf;

	if (draw % 10 == 0)
		person->company_id = demo_id(DEMO_COMPANY, (int64_t)(draw / 16 % COMPANIES));
	person->credit_allowed = draw / 128 % 20 == 0;
	if (draw / 4096 % 5 != 0)
		return;
	buf_init(&buf, arena, 32);
	buf_printf(&buf, "CRM-%lld", (long long)i + 1);
	person->external_id = buf_done(&buf);
}

bool demo_vehicle_make(struct arena *arena, int64_t i, const struct person_row *person,
		       struct vehicle_row *vehicle)
{
	static const char *const letters[] = {"А", "В", "Е", "К", "М", "Н",
					      "О", "Р", "С", "Т", "У", "Х"};
	uint64_t draw = demo_draw(DEMO_COMPANY, i);
	struct buf buf;

	if (draw % 10 > 1)
		return false;
	buf_init(&buf, arena, 32);
	buf_printf(&buf, "%s%03d%s%s %02d", letters[draw / 16 % 12], (int)(draw / 256 % 999) + 1,
		   letters[draw / 4194304 % 12], letters[draw / 67108864 % 12], (int)(i % 98) + 1);
	*vehicle = (struct vehicle_row){.organisation_id = person->organisation_id,
					.id = demo_id(DEMO_VEHICLE, i),
					.serial = i + 1,
					.live = 1,
					.person_id = person->id,
					.plate = buf_done(&buf),
					.created_at = person->created_at,
					.updated_at = person->created_at};
	vehicle->plate_key = text_plate(arena, vehicle->plate, PLATE_KEY_MAX);
	return true;
}
