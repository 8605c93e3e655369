#include <strings.h>

#include "request.h"
#include "step.h"

/* The token of "Bearer <token>" (RFC 6750, 2.1); another scheme is no token of ours. */
static struct str bearer(const struct request *request)
{
	struct str header = request_param(request, "HTTP_AUTHORIZATION");

	if (!header.at || header.len < 7 || strncasecmp(header.at, "Bearer ", 7) != 0)
		return (struct str){0};
	header.at += 7;
	header.len -= 7;
	while (header.len > 0 && header.at[0] == ' ') {
		header.at++;
		header.len--;
	}
	return header;
}

enum outcome step_authenticate(struct request *request)
{
	struct str plain = request_param(request, "HTTP_TOKEN"), bore = bearer(request);

	if (request->match.endpoint->route->flags & ROUTE_PUBLIC)
		return OUTCOME_OK;
	if (plain.at && plain.len > 0 && bore.at && !str_eq(plain, bore))
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_TOKEN_TWO);
	if (!plain.at || plain.len == 0)
		plain = bore;
	if (!plain.at || plain.len == 0)
		return request_fail(request, OUTCOME_UNAUTHENTICATED, NULL, REASON_TOKEN_MISSING);
	return request->host->identify(request, plain);
}
