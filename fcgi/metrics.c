#include "metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

/* Upper bounds of the histograms' buckets, microseconds; one more bucket has none. */
static const int64_t bucket_us[] = {250,   500,    1000,   2500,   5000,    10000,  25000,
				    50000, 100000, 250000, 500000, 1000000, 2500000};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BUCKETS      (COUNT(bucket_us) + 1)
/* A histogram's cells: the buckets, then the sum of microseconds. */
#define HISTOGRAM_CELLS (BUCKETS + 1)
#define LINE_BYTES      64

static const int statuses[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409,
			       412, 413, 415, 422, 429, 500, 501, 502, 503, 504};
static const char *const status_pairs[] = {
	"status=\"200\"",  "status=\"201\"", "status=\"204\"", "status=\"304\"", "status=\"400\"",
	"status=\"401\"",  "status=\"403\"", "status=\"404\"", "status=\"405\"", "status=\"409\"",
	"status=\"412\"",  "status=\"413\"", "status=\"415\"", "status=\"422\"", "status=\"429\"",
	"status=\"500\"",  "status=\"501\"", "status=\"502\"", "status=\"503\"", "status=\"504\"",
	"status=\"other\""};
static const char *const no_pairs[] = {""};

_Static_assert(COUNT(status_pairs) == COUNT(statuses) + 1, "each status has its label");

static const struct metric_row {
	const char *name, *help;
	enum metrics_type type;
	enum metrics_set first, second;
} rows[] = {
#define X(id, text, kind, set, other, words)                                                       \
	[METRIC_##id] = {"kartoteka_" text, words, METRICS_##kind, METRICS_##set, METRICS_##other},
	METRICS_LIST(X)
#undef X
};

static const char *const type_names[] = {
	[METRICS_COUNTER] = "counter",
	[METRICS_LEVEL] = "gauge",
	[METRICS_GAUGE] = "gauge",
	[METRICS_HISTOGRAM] = "histogram",
};

typedef _Atomic uint64_t cell;

/* How the mapping is laid out: a line with the highest slot used, then the slots. */
static struct {
	struct metrics_labels labels;
	size_t first_cell[METRIC__MAX];
	size_t slot_cells, slots, own_slot, bytes;
	unsigned char *mapping;
} shared;

static size_t set_size(enum metrics_set set)
{
	return shared.labels.set[set].n;
}

static size_t metric_cells(const struct metric_row *row)
{
	size_t each = row->type == METRICS_HISTOGRAM ? HISTOGRAM_CELLS : 1;

	return each * set_size(row->first) * set_size(row->second);
}

static atomic_size_t *highest_slot(void)
{
	return (atomic_size_t *)shared.mapping;
}

static cell *cell_at(size_t slot, enum metric metric, size_t index)
{
	cell *cells = (cell *)(shared.mapping + LINE_BYTES);

	assert(index < metric_cells(&rows[metric]));
	return cells + slot * shared.slot_cells + shared.first_cell[metric] + index;
}

/* A slot has one writer, so a load and a store do. */
static void add(cell *at, uint64_t n)
{
	atomic_store_explicit(at, atomic_load_explicit(at, memory_order_relaxed) + n,
			      memory_order_relaxed);
}

bool metrics_init(const struct metrics_labels *labels, size_t slots)
{
	const size_t line_cells = LINE_BYTES / sizeof(cell);
	size_t cells = 0;
	void *mapping;

	assert(!shared.mapping && slots > 0);
	shared.labels = *labels;
	shared.labels.set[METRICS_NONE] = (struct metrics_values){no_pairs, COUNT(no_pairs)};
	shared.labels.set[METRICS_STATUS] =
		(struct metrics_values){status_pairs, COUNT(status_pairs)};
	for (size_t i = 0; i < METRIC__MAX; i++) {
		shared.first_cell[i] = cells;
		cells += metric_cells(&rows[i]);
	}
	shared.slot_cells = (cells + line_cells - 1) / line_cells * line_cells;
	shared.slots = slots;
	shared.own_slot = 0;
	shared.bytes = LINE_BYTES + slots * shared.slot_cells * sizeof(cell);
	mapping = mmap(NULL, shared.bytes, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping == MAP_FAILED)
		return false;
	shared.mapping = mapping;
	return true;
}

void metrics_fini(void)
{
	if (shared.mapping)
		munmap(shared.mapping, shared.bytes);
	shared.mapping = NULL;
}

void metrics_use_slot(size_t slot)
{
	size_t highest;

	if (!shared.mapping)
		return;
	assert(slot < shared.slots);
	shared.own_slot = slot;
	highest = atomic_load(highest_slot());
	while (highest < slot && !atomic_compare_exchange_weak(highest_slot(), &highest, slot))
		continue;
}

void metrics_reap_slot(size_t slot)
{
	for (size_t i = 0; shared.mapping && i < METRIC__MAX; i++)
		if (rows[i].type == METRICS_LEVEL)
			atomic_store(cell_at(slot, (enum metric)i, 0), 0);
}

void metrics_count_pair(enum metric metric, size_t first, size_t second, uint64_t n)
{
	if (!shared.mapping)
		return;
	assert(rows[metric].type == METRICS_COUNTER);
	assert(first < set_size(rows[metric].first) && second < set_size(rows[metric].second));
	add(cell_at(shared.own_slot, metric, first * set_size(rows[metric].second) + second), n);
}

void metrics_count(enum metric metric, size_t label, uint64_t n)
{
	metrics_count_pair(metric, label, 0, n);
}

void metrics_level(enum metric metric, int64_t change)
{
	if (!shared.mapping)
		return;
	assert(rows[metric].type == METRICS_LEVEL);
	add(cell_at(shared.own_slot, metric, 0), (uint64_t)change);
}

void metrics_gauge(enum metric metric, int64_t value)
{
	if (!shared.mapping)
		return;
	assert(rows[metric].type == METRICS_GAUGE);
	atomic_store_explicit(cell_at(0, metric, 0), (uint64_t)value, memory_order_relaxed);
}

void metrics_observe(enum metric metric, size_t label, int64_t duration_us)
{
	size_t bucket = 0;

	if (!shared.mapping)
		return;
	assert(rows[metric].type == METRICS_HISTOGRAM && duration_us >= 0);
	while (bucket < COUNT(bucket_us) && duration_us > bucket_us[bucket])
		bucket++;
	add(cell_at(shared.own_slot, metric, label * HISTOGRAM_CELLS + bucket), 1);
	add(cell_at(shared.own_slot, metric, label * HISTOGRAM_CELLS + BUCKETS),
	    (uint64_t)duration_us);
}

size_t metrics_status(int http_status)
{
	size_t i = 0;

	while (i < COUNT(statuses) && statuses[i] != http_status)
		i++;
	return i;
}

static uint64_t sum(enum metric metric, size_t index)
{
	size_t highest = atomic_load(highest_slot());
	uint64_t total = 0;

	for (size_t slot = 0; slot <= highest; slot++)
		total += atomic_load_explicit(cell_at(slot, metric, index), memory_order_relaxed);
	return total;
}

/* NAME{first,second,extra} with whatever of the three there is. */
static void write_series(struct buf *buf, const char *name, const char *suffix,
			 const char *const pairs[3])
{
	char separator = '{';

	buf_text(buf, name);
	buf_text(buf, suffix);
	for (size_t i = 0; i < 3; i++) {
		if (pairs[i][0] == '\0')
			continue;
		buf_char(buf, separator);
		buf_text(buf, pairs[i]);
		separator = ',';
	}
	buf_text(buf, separator == ',' ? "} " : " ");
}

static void write_seconds(struct buf *buf, int64_t us)
{
	buf_printf(buf, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
}

static void write_bucket(struct buf *buf, const struct metric_row *row, const char *pair,
			 size_t bucket, uint64_t n)
{
	char bound[32] = "le=\"+Inf\"";

	if (bucket < COUNT(bucket_us))
		snprintf(bound, sizeof(bound), "le=\"%g\"", (double)bucket_us[bucket] / 1e6);
	write_series(buf, row->name, "_bucket", (const char *[]){pair, "", bound});
	buf_printf(buf, "%" PRIu64 "\n", n);
}

static void write_histogram(struct buf *buf, enum metric metric, const char *pair, size_t label)
{
	const struct metric_row *row = &rows[metric];
	uint64_t n[BUCKETS], total = 0, seen = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		total += n[i] = sum(metric, label * HISTOGRAM_CELLS + i);
	if (total == 0)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		write_bucket(buf, row, pair, i, seen += n[i]);
	write_series(buf, row->name, "_sum", (const char *[]){pair, "", ""});
	write_seconds(buf, (int64_t)sum(metric, label * HISTOGRAM_CELLS + BUCKETS));
	buf_char(buf, '\n');
	write_series(buf, row->name, "_count", (const char *[]){pair, "", ""});
	buf_printf(buf, "%" PRIu64 "\n", total);
}

static void write_value(struct buf *buf, enum metric metric, size_t first, size_t second)
{
	const struct metric_row *row = &rows[metric];
	const char *const *firsts = shared.labels.set[row->first].pairs;
	const char *const *seconds = shared.labels.set[row->second].pairs;
	uint64_t value = sum(metric, first * set_size(row->second) + second);

	if (value == 0 && row->first != METRICS_NONE)
		return;
	write_series(buf, row->name, "", (const char *[]){firsts[first], seconds[second], ""});
	buf_printf(buf, "%" PRId64 "\n", (int64_t)value);
}

static void write_metric(struct buf *buf, enum metric metric)
{
	const struct metric_row *row = &rows[metric];

	buf_printf(buf, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
		   type_names[row->type]);
	for (size_t first = 0; first < set_size(row->first); first++) {
		if (row->type == METRICS_HISTOGRAM) {
			write_histogram(buf, metric, shared.labels.set[row->first].pairs[first],
					first);
			continue;
		}
		for (size_t second = 0; second < set_size(row->second); second++)
			write_value(buf, metric, first, second);
	}
}

void metrics_write(struct buf *buf)
{
	for (size_t i = 0; shared.mapping && i < METRIC__MAX; i++)
		write_metric(buf, (enum metric)i);
}
