/*
 * The other side of the socket, for tests: one FastCGI request (FastCGI 1.0, 3 to 5) per
 * connection, and processes that ask one after the other.
 */
#ifndef TESTS_PROCESS_CLIENT_H
#define TESTS_PROCESS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct client_request {
	const char *socket;
	const char *query;
	const char *method;         /* NULL = POST with a body, else GET */
	const char *uri;            /* NULL = "/" */
	const char *content_length; /* NULL = the length of the body */
	const char *body;           /* NULL = none */
	bool keep_connection;
};

/* A descriptor, or -1. */
int client_connect(const char *socket_path);
/* Connected and sent; a descriptor, or -1. */
int client_send(const struct client_request *request);
/*
 * The answer up to FCGI_END_REQUEST, NUL-terminated, and closes. False when the connection
 * ended before, or the wait for bytes took more than 20 s.
 */
bool client_receive(int fd, char *answer, size_t size);
/* Both, and true when the status is 200. */
bool client_ask(const struct client_request *request, char *answer, size_t size);
/* Number behind `name` in an answer: client_figure(answer, "pid="). */
long client_figure(const char *answer, const char *name);

/* Many clients at once. */
struct load {
	struct load_figures {
		_Atomic long asked, failed;
		_Atomic bool stop;
	} * figures; /* shared */
	int clients;
	int pids[32];
};

/* `clients` processes that ask without a pause until load_stop. */
void load_start(struct load *load, int clients, const struct client_request *request);
/* Returns when all have had their last answer. */
void load_stop(struct load *load);

#endif
