#include "carrier.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"

#define ANSWER_MAX ((size_t)8 << 20)

static bool names(struct str lines, const char *name)
{
	struct reply as_reply = {.headers = lines};

	return reply_header(&as_reply, str_of(name)).at != NULL;
}

static void add_line(struct buf *out, struct str line)
{
	const char *colon = memchr(line.at, ':', line.len);

	/* "token:" says: send none */
	if (!colon || colon + 1 + strspn(colon + 1, " ") >= line.at + line.len)
		return;
	buf_str(out, line);
	buf_text(out, "\r\n");
}

struct str carrier_headers(struct words *words, const struct step *step)
{
	struct str rest = step->headers, token = words_get(words, STR("token")), line;
	struct buf out;

	buf_init(&out, words->arena, 512);
	while (script_line(&rest, &line))
		add_line(&out, line);
	if (!names(step->headers, "token") && !names(step->headers, "Authorization") && token.at)
		buf_printf(&out, "token: %s\r\n", token.at);
	if (step->body.len > 0 && !names(step->headers, "Content-Type"))
		buf_text(&out, "Content-Type: application/json\r\n");
	return buf_done(&out);
}

bool carrier_split(struct str answer, struct reply *reply_r)
{
	const char *end = memmem(answer.at, answer.len, "\r\n\r\n", 4);

	if (!end)
		return false;
	reply_r->headers = (struct str){answer.at, (size_t)(end - answer.at) + 2};
	reply_r->body = (struct str){end + 4, answer.len - (size_t)(end - answer.at) - 4};
	return true;
}

static int connect_to(const struct carrier *carrier)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	int fd = -1;

	if (getaddrinfo(carrier->host, carrier->port, &hints, &list) != 0)
		return -1;
	fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, list->ai_addr, list->ai_addrlen) != 0) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes.at += n;
		bytes.len -= (size_t)n;
	}
	return true;
}

static struct str read_all(struct arena *arena, int fd)
{
	struct buf in;
	ssize_t n;

	buf_init(&in, arena, 65536);
	while (in.len < ANSWER_MAX && (n = read(fd, buf_reserve(&in, 65536), 65536)) > 0)
		in.len += (size_t)n;
	return buf_done(&in);
}

static struct str request_text(const struct carrier *carrier, struct words *words,
			       const struct step *step)
{
	struct buf out;

	buf_init(&out, words->arena, step->body.len + 4096);
	buf_str(&out, step->method);
	buf_char(&out, ' ');
	buf_str(&out, step->target);
	buf_printf(&out, " HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n", carrier->host,
		   carrier->port);
	buf_str(&out, carrier_headers(words, step));
	if (step->body.len > 0 || str_eq(step->method, STR("POST")))
		buf_printf(&out, "Content-Length: %zu\r\n", step->body.len);
	buf_text(&out, "\r\n");
	buf_str(&out, step->body);
	return buf_done(&out);
}

static bool carry_http(struct carrier *carrier, struct words *words, const struct step *step,
		       struct reply *reply_r)
{
	struct str request = request_text(carrier, words, step), answer;
	int fd = connect_to(carrier);

	if (fd < 0)
		return false;
	write_all(fd, request); /* an early answer (413) may close before all is sent */
	answer = read_all(words->arena, fd);
	close(fd);
	if (answer.len < 12 || memcmp(answer.at, "HTTP/1.", 7) != 0)
		return false;
	reply_r->status = (int)strtol(answer.at + 9, NULL, 10);
	return carrier_split(answer, reply_r);
}

bool carrier_http(struct carrier *carrier, struct arena *arena, const char *url)
{
	const char *host = url + 7, *colon;

	if (strncmp(url, "http://", 7) != 0)
		return false;
	colon = strrchr(host, ':');
	*carrier = (struct carrier){.carry = carry_http};
	carrier->host =
		arena_strndup(arena, host, colon ? (size_t)(colon - host) : strcspn(host, "/"));
	carrier->port =
		colon ? arena_strndup(arena, colon + 1, strspn(colon + 1, "0123456789")) : "80";
	return true;
}
