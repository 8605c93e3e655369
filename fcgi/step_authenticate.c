#include <strings.h>

#include "arena.h"
#include "crypto.h"
#include "request.h"
#include "step.h"
#include "text.h"

#define BASIC_MAX 4096 /* bytes of the header: beyond it is no login and no password */

/* What follows the scheme in Authorization (RFC 9110, 11.4); NULL text = another scheme. */
static struct str credentials(const struct request *request, const char *scheme)
{
	struct str header = request_param(request, "HTTP_AUTHORIZATION");
	size_t len = strlen(scheme);

	if (!header.at || header.len < len || strncasecmp(header.at, scheme, len) != 0)
		return (struct str){0};
	header.at += len;
	header.len -= len;
	while (header.len > 0 && header.at[0] == ' ') {
		header.at++;
		header.len--;
	}
	return header;
}

/*
 * The token of "Bearer <token>" (RFC 6750, 2.1), of the header `token`, or of the dialect's own
 * header: false when two are sent that differ.
 */
static bool find_token(const struct request *request, struct str *token_r)
{
	const char *own = request->dialect->token_header;
	const struct str sent[] = {
		request_param(request, "HTTP_TOKEN"),
		credentials(request, "Bearer "),
		own ? request_param(request, own) : (struct str){0},
	};

	*token_r = (struct str){0};
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		if (!sent[i].at || sent[i].len == 0)
			continue;
		if (token_r->at && !str_eq(*token_r, sent[i]))
			return false;
		*token_r = sent[i];
	}
	return true;
}

/* "Basic" base64(login ":" password) (RFC 7617, 2). */
static enum outcome enter_basic(struct request *request, struct str basic)
{
	size_t len = 0;
	char *pair = arena_alloc(request->ctx.arena, BASIC_MAX);
	bool good = basic.len <= BASIC_MAX &&
		    base64_decode(basic, (uint8_t *)pair, BASIC_MAX, &len) &&
		    text_is_utf8((struct str){pair, len}) && !memchr(pair, '\0', len);
	const char *colon = good ? memchr(pair, ':', len) : NULL;

	if (!colon || !request->host->enter)
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_LOGIN_REFUSED);
	struct str login = {pair, (size_t)(colon - pair)};
	struct str secret = {colon + 1, len - login.len - 1};
	return request->host->enter(request, login, secret);
}

enum outcome step_authenticate(struct request *request)
{
	struct str token, basic = {0};

	if (request->match.endpoint->route->flags & ROUTE_PUBLIC)
		return OUTCOME_OK;
	if (!find_token(request, &token))
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_TOKEN_TWO);
	if (token.at)
		return request->host->identify(request, token);
	if (request->dialect->flags & DIALECT_BASIC)
		basic = credentials(request, "Basic ");
	if (basic.at)
		return enter_basic(request, basic);
	return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_TOKEN_MISSING);
}
