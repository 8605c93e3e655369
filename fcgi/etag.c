#include "arena.h"
#include "crypto.h"
#include "request.h"
#include "step.h"

#define ETAG_BYTES 12

struct str etag_make(struct request *request, struct str state)
{
	struct buf text;
	uint8_t digest[SHA256_LEN];

	buf_init(&text, request->ctx.arena, state.len + 32);
	buf_str(&text, state);
	buf_char(&text, '\0');
	buf_text(&text, request->dialect->name);
	buf_char(&text, '\0');
	buf_i64(&text, (int64_t)request->language);
	sha256(text.at, text.len, digest);
	buf_init(&text, request->ctx.arena, ETAG_BYTES * 2 + 2);
	buf_char(&text, '"');
	buf_hex(&text, digest, ETAG_BYTES);
	buf_char(&text, '"');
	return buf_done(&text);
}

/* RFC 9110, 8.8.3: elements are [W/]"opaque", divided by commas; what is no tag names nothing. */
bool etag_listed(struct str list, struct str etag, bool weak)
{
	const char *at = list.at, *end = list.at + list.len;

	while (at < end) {
		bool is_weak = end - at > 2 && at[0] == 'W' && at[1] == '/';
		const char *open = is_weak ? at + 2 : at, *close;

		if (*at == '*')
			return true;
		if (*open != '"') {
			at++;
			continue;
		}
		close = memchr(open + 1, '"', (size_t)(end - open - 1));
		if (!close)
			return false;
		if ((weak || !is_weak) &&
		    str_eq((struct str){open, (size_t)(close - open) + 1}, etag))
			return true;
		at = close + 1;
	}
	return false;
}

bool etag_matches(const struct ctx *ctx, struct str state)
{
	struct request *request = request_of((struct ctx *)(uintptr_t)ctx);

	return etag_listed(request_param(request, "HTTP_IF_MATCH"), etag_make(request, state),
			   false);
}
