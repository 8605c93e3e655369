/* A toy master in a folder of its own, for one test. */
#ifndef TESTS_PROCESS_HARNESS_H
#define TESTS_PROCESS_HARNESS_H

#include "unit.h"

#include "client.h"

#define ARGUMENTS_MAX 8
#define WORKERS_SEEN  64

struct toy_run {
	char folder[64], socket[96], log[96], control[120];
	char notify[96];     /* NOTIFY_SOCKET of the toy when not empty */
	const char *inherit; /* "0" = socket on descriptor 0, "LISTEN_FDS" = on descriptor 3 */
	int inherited_fd;
	pid_t master;
};

/* cmocka's set-up and tear-down: *state is a struct toy_run. */
int toy_set_up(void **state);
int toy_tear_down(void **state);

/* Starts it with these arguments (NULL at the end) and returns at once. */
void toy_launch(struct toy_run *toy, const char *const arguments[]);
/* The same, and returns when it answers. */
void toy_start(struct toy_run *toy, const char *const arguments[]);
/* Waits for the end of the master, at most so long; exit status, or -1 for anything else. */
int toy_wait(struct toy_run *toy, int most_ms);
/* SIGTERM and toy_wait. */
int toy_stop(struct toy_run *toy);
/* Pids of the workers that live; how many. One may be missing while another one ends. */
size_t toy_workers(const struct toy_run *toy, pid_t pids[WORKERS_SEEN]);
/* Fails the test unless it has so many before long. */
void toy_await_workers(const struct toy_run *toy, size_t n, pid_t pids[WORKERS_SEEN]);
/* Whether a process is no more, whoever has or has not waited for it. */
bool gone(pid_t pid);

/* Creates or removes a file of the control folder. */
void toy_control(const struct toy_run *toy, const char *name, const char *text);
void toy_uncontrol(const struct toy_run *toy, const char *name);

/* Lines of the log that hold the text. */
long toy_logged(const struct toy_run *toy, const char *text);
/* Of these, those where a number of at least so much follows the text. */
long toy_logged_from(const struct toy_run *toy, const char *text, long least);
/* Greatest number that follows the text anywhere in the log; -1 = none. */
long toy_logged_most(const struct toy_run *toy, const char *text);
/* Fails the test when the log has not `n` such lines within so many milliseconds. */
void toy_await_log(const struct toy_run *toy, const char *text, long n, int most_ms);

struct client_request toy_request(const struct toy_run *toy, const char *query);
/* Fails the test when the answer is not 200. */
void toy_ask(const struct toy_run *toy, const char *query, char *answer, size_t size);

/* Enough on a machine that has much else to do: waits that end early cost nothing. */
#define PATIENCE_MS 30000L

long now_ms(void);
void nap_ms(long ms);

#endif
