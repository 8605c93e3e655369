/* Pages of lists as all dialects with page numbers know them. */
#ifndef SERVICE_PAGE_H
#define SERVICE_PAGE_H

#include "ctx.h"

#define PAGE_SIZE_DEFAULT 10
#define PAGE_SIZE_MAX     500                 /* more is clamped */
#define PAGE_NUMBER_MAX   INT64_C(1000000000) /* no organisation has a row beyond it */
#define PAGE_COUNT_CAP    10000 /* counted exactly up to here unless an exact count is asked for */

enum page_count { PAGE_COUNT_CAPPED, PAGE_COUNT_EXACT, PAGE_COUNT_NONE };

struct page_in {
	int64_t page, per_page; /* 0 = not sent */
};

struct page_out {
	int64_t per_page, page, items, pages;
	bool items_capped;
};

/* Rows to skip and to read (one more than shown with PAGE_COUNT_NONE, to know of a next page). */
struct page_range {
	int64_t offset, limit;
};

/* page and per_page as they are in force. INVALID names the member. */
enum err page_open(struct ctx *ctx, const struct page_in *in, struct page_out *page_r,
		   struct page_range *range_r);
/* items as counted (> PAGE_COUNT_CAP = capped, unless exact). */
void page_close(struct page_out *page, int64_t items, bool exact);
/* Without a count: what is known from the rows seen on this page. */
void page_close_uncounted(struct page_out *page, int64_t rows_seen, bool more);

#endif
