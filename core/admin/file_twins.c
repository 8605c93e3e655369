#include "file_twins.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "reason.h"

struct mark {
	uint64_t digest;
	int64_t id, number, result;
};

bool twins_open(struct twins *twins)
{
	for (int i = 0; i < TWINS_FILES; i++) {
		twins->file[i] = tmpfile();
		if (!twins->file[i])
			return false;
	}
	return true;
}

void twins_close(struct twins *twins)
{
	for (int i = 0; i < TWINS_FILES; i++) {
		if (twins->file[i])
			fclose(twins->file[i]);
		twins->file[i] = NULL;
	}
}

void twins_add(struct twins *twins, struct str key, const struct card_import_item *item)
{
	struct mark mark = {.id = item->record.id, .number = item->number, .result = item->result};
	uint8_t digest[SHA256_LEN];

	sha256(key.at, key.len, digest);
	memcpy(&mark.digest, digest, sizeof(mark.digest));
	fwrite(&mark, sizeof(mark), 1, twins->file[digest[sizeof(mark.digest)] % TWINS_FILES]);
}

bool twins_flush(struct twins *twins)
{
	bool good = true;

	for (int i = 0; i < TWINS_FILES; i++)
		good = fflush(twins->file[i]) == 0 && !ferror(twins->file[i]) && good;
	return good;
}

static int compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->digest != y->digest)
		return x->digest < y->digest ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool read_file(FILE *file, struct mark **marks, size_t *n)
{
	if (fseek(file, 0, SEEK_END) != 0)
		return false;
	size_t more = (size_t)ftell(file) / sizeof(struct mark);
	struct mark *all = realloc(*marks, (*n + more + 1) * sizeof(struct mark));

	if (!all)
		return false;
	*marks = all;
	rewind(file);
	if (fread(all + *n, sizeof(struct mark), more, file) != more)
		return false;
	*n += more;
	return true;
}

static void report(const struct mark *marks, size_t n, int64_t *totals)
{
	const char *text = strstr(reason_text(REASON_DUPLICATE), "%s") + 2;

	size_t first = 0; /* of this number: its card has it */

	for (size_t i = 1; i < n; i++) {
		if (marks[i].digest != marks[first].digest)
			first = i;
		if (marks[i].id == marks[first].id)
			continue;
		printf("record %lld: card_number%s\n", (long long)marks[i].number, text);
		totals[marks[i].result]--;
		totals[IMPORT_REFUSED]++;
	}
}

bool twins_report(struct twins *twins, int n, int64_t *totals)
{
	struct mark *marks = NULL;
	bool good = true;

	for (int i = 0; i < TWINS_FILES && good; i++) {
		size_t marks_n = 0;

		for (int turn = 0; turn < n && good; turn++)
			good = read_file(twins[turn].file[i], &marks, &marks_n);
		if (!good)
			break;
		if (marks_n > 0)
			qsort(marks, marks_n, sizeof(*marks), compare);
		report(marks, marks_n, totals);
	}
	free(marks);
	return good;
}
