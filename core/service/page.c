#include "page.h"

enum err page_open(struct ctx *ctx, const struct page_in *in, struct page_out *page_r,
		   struct page_range *range_r)
{
	if (in->page < 0 || in->page > PAGE_NUMBER_MAX)
		return ctx_fail(ctx, ERR_INVALID, "page.page", REASON_OUT_OF_RANGE);
	*page_r = (struct page_out){.page = in->page ? in->page : 1,
				    .per_page = in->per_page ? in->per_page : PAGE_SIZE_DEFAULT};
	if (page_r->per_page > PAGE_SIZE_MAX)
		page_r->per_page = PAGE_SIZE_MAX;
	range_r->offset = (page_r->page - 1) * page_r->per_page;
	range_r->limit = page_r->per_page;
	return ERR_OK;
}

void page_close(struct page_out *page, int64_t items, bool exact)
{
	page->items_capped = !exact && items > PAGE_COUNT_CAP;
	page->items = page->items_capped ? PAGE_COUNT_CAP + 1 : items;
	page->pages = (page->items + page->per_page - 1) / page->per_page;
}

void page_close_uncounted(struct page_out *page, int64_t rows_seen, bool more)
{
	page->items = (page->page - 1) * page->per_page + rows_seen;
	page->pages = more ? page->page + 1 : page->page;
}
