#include "client.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum record { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

struct packet {
	unsigned char at[70000];
	size_t len;
};

static void put(struct packet *packet, enum record type, const void *content, size_t len)
{
	const unsigned char header[8] = {
		1, (unsigned char)type, 0, 1, (unsigned char)(len >> 8), (unsigned char)len, 0, 0};

	assert(len < 65536 && packet->len + sizeof(header) + len <= sizeof(packet->at));
	memcpy(packet->at + packet->len, header, sizeof(header));
	if (len > 0)
		memcpy(packet->at + packet->len + sizeof(header), content, len);
	packet->len += sizeof(header) + len;
}

/* Name and value shorter than 128 bytes: one byte of length each. */
static size_t pair(unsigned char *at, const char *name, const char *value)
{
	size_t name_len = strlen(name), value_len = strlen(value);

	assert(name_len < 128 && value_len < 128);
	at[0] = (unsigned char)name_len;
	at[1] = (unsigned char)value_len;
	memcpy(at + 2, name, name_len);
	memcpy(at + 2 + name_len, value, value_len);
	return 2 + name_len + value_len;
}

static void compose(struct packet *packet, const struct client_request *request)
{
	const unsigned char begin[8] = {0, 1, request->keep_connection, 0, 0, 0, 0, 0};
	unsigned char params[1024];
	size_t len = 0, body_len = request->body ? strlen(request->body) : 0;
	char length[24];

	snprintf(length, sizeof(length), "%zu", body_len);
	len += pair(params + len, "REQUEST_METHOD",
		    request->method ? request->method
		    : body_len      ? "POST"
				    : "GET");
	len += pair(params + len, "REQUEST_URI", request->uri ? request->uri : "/");
	len += pair(params + len, "QUERY_STRING", request->query ? request->query : "");
	len += pair(params + len, "CONTENT_LENGTH",
		    request->content_length ? request->content_length : length);
	packet->len = 0;
	put(packet, BEGIN, begin, sizeof(begin));
	put(packet, PARAMS, params, len);
	put(packet, PARAMS, NULL, 0);
	if (body_len > 0)
		put(packet, STDIN, request->body, body_len);
	put(packet, STDIN, NULL, 0);
}

static bool send_all(int fd, const unsigned char *at, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

int client_connect(const char *socket_path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct timeval most = {.tv_sec = 20};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", socket_path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

int client_send(const struct client_request *request)
{
	struct packet packet;
	int fd = client_connect(request->socket);

	compose(&packet, request);
	if (fd < 0 || send_all(fd, packet.at, packet.len))
		return fd;
	close(fd);
	return -1;
}

static bool receive_all(int fd, void *at, size_t len)
{
	return len == 0 || recv(fd, at, len, MSG_WAITALL) == (ssize_t)len;
}

bool client_receive(int fd, char *answer, size_t size)
{
	unsigned char header[8], content[65536 + 256];
	bool ended = false;
	size_t used = 0;

	while (!ended && receive_all(fd, header, sizeof(header))) {
		size_t len = (size_t)header[4] << 8 | header[5];

		if (!receive_all(fd, content, len + header[6]))
			break;
		ended = header[1] == END;
		if (header[1] != STDOUT)
			continue;
		if (len > size - 1 - used)
			len = size - 1 - used;
		memcpy(answer + used, content, len);
		used += len;
	}
	answer[used] = '\0';
	close(fd);
	return ended;
}

bool client_ask(const struct client_request *request, char *answer, size_t size)
{
	int fd = client_send(request);

	return fd >= 0 && client_receive(fd, answer, size) &&
	       strncmp(answer, "Status: 200", 11) == 0;
}

long client_figure(const char *answer, const char *name)
{
	const char *at = strstr(answer, name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

static void ask_until_stopped(struct load_figures *figures, const struct client_request *request)
{
	char answer[4096];

	while (!atomic_load(&figures->stop)) {
		bool answered = client_ask(request, answer, sizeof(answer));

		atomic_fetch_add(&figures->asked, 1);
		if (!answered)
			atomic_fetch_add(&figures->failed, 1);
	}
}

void load_start(struct load *load, int clients, const struct client_request *request)
{
	assert(clients <= (int)(sizeof(load->pids) / sizeof(load->pids[0])));
	load->clients = clients;
	load->figures = mmap(NULL, sizeof(*load->figures), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert(load->figures != MAP_FAILED);
	for (int i = 0; i < clients; i++) {
		load->pids[i] = fork();
		assert(load->pids[i] >= 0);
		if (load->pids[i] == 0) {
			ask_until_stopped(load->figures, request);
			_exit(0);
		}
	}
}

void load_stop(struct load *load)
{
	atomic_store(&load->figures->stop, true);
	for (int i = 0; i < load->clients; i++)
		waitpid(load->pids[i], NULL, 0);
}
