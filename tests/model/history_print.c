#include <inttypes.h>
#include <time.h>

#include "model_history.h"

static const char *const verbs[MODEL_VERBS] = {
	[MODEL_CARD] = "card",
	[MODEL_BLOCK] = "block",
	[MODEL_UNBLOCK] = "unblock",
	[MODEL_ACTIVATE] = "activate",
	[MODEL_DEACTIVATE] = "deactivate",
	[MODEL_DELETE] = "delete",
	[MODEL_MASTER] = "master",
	[MODEL_REPLACE] = "replace",
	[MODEL_ACCRUE] = "accrue",
	[MODEL_SPEND] = "spend",
	[MODEL_REFUND] = "refund",
	[MODEL_HOLD] = "hold",
	[MODEL_CAPTURE] = "capture",
	[MODEL_VOID] = "void",
	[MODEL_POLICY] = "policy",
	[MODEL_BURN] = "burn",
};

static void print_moment(FILE *file, const char *name, int64_t moment)
{
	time_t local = (time_t)(moment / 1000 + 10800);
	struct tm day;
	char text[32];

	if (moment == 0)
		return;
	if (moment == MODEL_FOREVER) {
		fprintf(file, " %s for good", name);
		return;
	}
	gmtime_r(&local, &day);
	strftime(text, sizeof text, "%d %H:%M:%S", &day);
	fprintf(file, " %s %s.%03d", name, text, (int)(moment % 1000));
}

static void print_number(FILE *file, const char *name, int64_t number)
{
	if (number != 0)
		fprintf(file, " %s %" PRId64, name, number);
}

void history_print(FILE *file, const struct model_command *command)
{
	bool is_hold = command->verb == MODEL_HOLD;

	fprintf(file, "%4d", command->name);
	print_moment(file, "at", command->at);
	fprintf(file, ": %s", verbs[command->verb]);
	if (command->of)
		fprintf(file, " of %d", command->of);
	else
		fprintf(file, " card %d", command->card);
	if (command->other != MODEL_NONE)
		fprintf(file, " other %d", command->other);
	print_number(file, "sum", command->sum);
	print_moment(file, "time", command->business);
	print_number(file, "starts in days", command->starts_days);
	print_moment(file, "after", command->starts_base);
	print_number(file, "ends in days", command->ends_days);
	print_moment(file, "after", command->ends_base);
	print_moment(file, "valid from", command->valid_from);
	print_moment(file, "valid to", command->valid_to);
	print_number(file, "for ms", is_hold ? command->until : 0);
	print_moment(file, "until", is_hold ? 0 : command->until);
	print_number(file, "document", command->doc);
	print_number(file, "of type", command->doc_type);
	print_number(file, "idle days", command->days);
	print_number(file, "limit", (int64_t)command->limit);
	fprintf(file, "%s%s", command->counted ? " counted" : "", command->flag ? " flag" : "");
	if (command->seen_at)
		fprintf(file, ", then card %d", command->seen_card);
	print_moment(file, "at", command->seen_at);
	fputc('\n', file);
}
