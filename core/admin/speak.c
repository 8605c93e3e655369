#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "admin.h"
#include "db.h"

#define COMPLAINT_MAX 4096

static void complain(const char *text)
{
	fprintf(stderr, "kartoteka: %s\n", text);
}

enum status admin_usage(const char *format, ...)
{
	char text[COMPLAINT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	complain(text);
	return STATUS_USAGE;
}

enum status admin_fault(const char *format, ...)
{
	char text[COMPLAINT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	complain(text);
	return STATUS_FAULT;
}

enum status admin_refuse(const char *option, enum reason reason)
{
	char name[64], text[160];

	snprintf(name, sizeof(name), "--%s", option);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), reason_text(reason), name);
#pragma GCC diagnostic pop
	return admin_usage("%s", text);
}

enum status admin_err(const struct admin *admin, enum err err, const char *what)
{
	const char *said = admin->db ? db_message(admin->db) : "";

	if (err == ERR_BUSY || err == ERR_INTERNAL || err == ERR_UNCERTAIN)
		return admin_fault("%s: %s%s%s", what, err_text(err), *said ? ": " : "", said);
	return admin_fault("%s: %s", what, err_text(err));
}

static bool digits_at(const char *text, size_t at, size_t n, int *value_r)
{
	int value = 0;

	for (size_t i = at; i < at + n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*value_r = value;
	return true;
}

/* 2026-11-21 or 2026-11-21T10:00:00Z; a day that no month has is refused. */
static bool calendar_parse(const char *text, int64_t *ms_r)
{
	struct tm tm = {0}, back;
	size_t len = strlen(text);
	bool timed = len == 20;

	if ((len != 10 && !timed) || text[4] != '-' || text[7] != '-' ||
	    !digits_at(text, 0, 4, &tm.tm_year) || !digits_at(text, 5, 2, &tm.tm_mon) ||
	    !digits_at(text, 8, 2, &tm.tm_mday))
		return false;
	if (timed && (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' ||
		      !digits_at(text, 11, 2, &tm.tm_hour) || !digits_at(text, 14, 2, &tm.tm_min) ||
		      !digits_at(text, 17, 2, &tm.tm_sec)))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	back = tm;
	time_t second = timegm(&back);
	if (back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday || back.tm_hour != tm.tm_hour ||
	    back.tm_min != tm.tm_min || back.tm_sec != tm.tm_sec || second <= 0)
		return false;
	*ms_r = (int64_t)second * 1000;
	return true;
}

bool moment_parse(const char *text, int64_t now_ms, int64_t *ms_r)
{
	static const int64_t first_ms = INT64_C(100000000000), last_ms = INT64_C(253402300799999);
	int64_t number;

	if (strcmp(text, "now") == 0) {
		*ms_r = now_ms;
		return true;
	}
	if (!str_to_i64(str_of(text), &number))
		return calendar_parse(text, ms_r);
	if (number <= 0 || number > last_ms)
		return false;
	*ms_r = number < first_ms ? number * 1000 : number;
	return true;
}
