#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void nap_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

int toy_set_up(void **state)
{
	struct toy_run *toy = calloc(1, sizeof(*toy));

	if (!toy)
		return -1;
	*state = toy;
	toy->inherited_fd = -1;
	snprintf(toy->folder, sizeof(toy->folder), "/tmp/kartoteka-toy-XXXXXX");
	if (!mkdtemp(toy->folder))
		return -1;
	snprintf(toy->socket, sizeof(toy->socket), "%s/socket", toy->folder);
	snprintf(toy->log, sizeof(toy->log), "%s/log", toy->folder);
	snprintf(toy->control, sizeof(toy->control), "control=%s", toy->folder);
	return 0;
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

int toy_tear_down(void **state)
{
	struct toy_run *toy = *state;
	long faults = toy_logged(toy, "Sanitizer") + toy_logged(toy, "runtime error");
	int left = toy->master == 0 ? 0 : toy_stop(toy);

	if (toy->inherited_fd >= 0)
		close(toy->inherited_fd);
	remove_folder(toy->folder);
	free(toy);
	return left == 0 && faults == 0 ? 0 : -1;
}

/* A socket that listens before the toy is there, as a service manager makes it. */
static void make_inherited(struct toy_run *toy)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	if (!toy->inherit || toy->inherited_fd >= 0)
		return;
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", toy->socket);
	toy->inherited_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(toy->inherited_fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(toy->inherited_fd, 100), 0);
}

static void pass_inherited(const struct toy_run *toy)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	if (strcmp(toy->inherit, "0") == 0) {
		dup2(toy->inherited_fd, 0);
		return;
	}
	dup2(toy->inherited_fd, 3);
	fcntl(3, F_SETFD, 0); /* it may have been 3 already */
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_PID", pid, 1);
}

static void become_toy(const struct toy_run *toy, const char *const arguments[])
{
	const char *argv[ARGUMENTS_MAX + 4] = {TOY_PROGRAM, toy->socket, toy->control};
	int log = open(toy->log, O_CREAT | O_WRONLY | O_APPEND, 0600);

	for (size_t i = 0; arguments[i]; i++)
		argv[3 + i] = arguments[i];
	dup2(log, STDERR_FILENO);
	if (toy->inherit)
		pass_inherited(toy);
	if (toy->notify[0]) {
		setenv("NOTIFY_SOCKET", toy->notify, 1);
		setenv("WATCHDOG_USEC", "400000", 1);
	}
	execv(TOY_PROGRAM, (char *const *)(uintptr_t)argv);
	_exit(127);
}

void toy_launch(struct toy_run *toy, const char *const arguments[])
{
	make_inherited(toy);
	toy->master = fork();
	assert_true(toy->master >= 0);
	if (toy->master == 0)
		become_toy(toy, arguments);
}

void toy_start(struct toy_run *toy, const char *const arguments[])
{
	long ready = toy_logged(toy, "\"ready\"");

	toy_launch(toy, arguments);
	toy_await_log(toy, "\"ready\"", ready + 1, PATIENCE_MS);
}

int toy_wait(struct toy_run *toy, int most_ms)
{
	long until = now_ms() + most_ms;
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(toy->master, &status, WNOHANG)) == 0 && now_ms() < until)
		nap_ms(2);
	if (pid == 0) {
		kill(toy->master, SIGKILL);
		waitpid(toy->master, &status, 0);
	}
	toy->master = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int toy_stop(struct toy_run *toy)
{
	kill(toy->master, SIGTERM);
	return toy_wait(toy, PATIENCE_MS);
}

bool gone(pid_t pid)
{
	char path[40], state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	if (fscanf(file, "%*d %*s %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state == 'Z';
}

size_t toy_workers(const struct toy_run *toy, pid_t pids[WORKERS_SEEN])
{
	char path[64];
	size_t n = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)toy->master,
		 (int)toy->master);
	file = fopen(path, "r");
	while (file && n < WORKERS_SEEN && fscanf(file, "%d", &pids[n]) == 1)
		n += !gone(pids[n]);
	if (file)
		fclose(file);
	return n;
}

void toy_await_workers(const struct toy_run *toy, size_t n, pid_t pids[WORKERS_SEEN])
{
	long until = now_ms() + PATIENCE_MS;

	while (toy_workers(toy, pids) != n) {
		if (now_ms() > until)
			fail_msg("%zu workers, not %zu", toy_workers(toy, pids), n);
		nap_ms(5);
	}
}

void toy_control(const struct toy_run *toy, const char *name, const char *text)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", toy->folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

void toy_uncontrol(const struct toy_run *toy, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", toy->folder, name);
	assert_int_equal(unlink(path), 0);
}

/* Calls `seen` for each line that holds the text, with what follows the text. */
static void each_line(const struct toy_run *toy, const char *text,
		      void (*seen)(const char *after, long *result), long *result)
{
	FILE *file = fopen(toy->log, "r");
	char line[4096];

	while (file && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, text);

		if (at)
			seen(at + strlen(text), result);
	}
	if (file)
		fclose(file);
}

static void count_line(const char *after, long *result)
{
	(void)after;
	(*result)++;
}

static void most_of_lines(const char *after, long *result)
{
	long value = strtol(after, NULL, 10);

	if (value > *result)
		*result = value;
}

long toy_logged(const struct toy_run *toy, const char *text)
{
	long n = 0;

	each_line(toy, text, count_line, &n);
	return n;
}

long toy_logged_from(const struct toy_run *toy, const char *text, long least)
{
	FILE *file = fopen(toy->log, "r");
	char line[4096];
	long n = 0;

	while (file && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, text);

		n += at && strtol(at + strlen(text), NULL, 10) >= least;
	}
	if (file)
		fclose(file);
	return n;
}

long toy_logged_most(const struct toy_run *toy, const char *text)
{
	long most = -1;

	each_line(toy, text, most_of_lines, &most);
	return most;
}

void toy_await_log(const struct toy_run *toy, const char *text, long n, int most_ms)
{
	long until = now_ms() + most_ms;

	while (toy_logged(toy, text) < n) {
		if (now_ms() > until)
			fail_msg("%ld times %s, not %ld", toy_logged(toy, text), text, n);
		nap_ms(2);
	}
}

struct client_request toy_request(const struct toy_run *toy, const char *query)
{
	return (struct client_request){.socket = toy->socket, .query = query};
}

void toy_ask(const struct toy_run *toy, const char *query, char *answer, size_t size)
{
	struct client_request request = toy_request(toy, query);

	if (!client_ask(&request, answer, size))
		fail_msg("no answer to \"%s\"", query);
}
