/* Who may take the socket's name, with which rights, and what is inherited. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "listener.h"

static char folder[64], path[96];

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/kartoteka-listener-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

/* 0 or the errno of connect(). */
static int dial(const char *to)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), result;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", to);
	result = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 ? 0 : errno;
	close(fd);
	return result;
}

static bool opens(struct listener *listener, const char *at, mode_t mode)
{
	char error[256] = "";
	bool opened = listener_open(listener, at, mode, error, sizeof(error));

	assert_true(opened == (error[0] == '\0'));
	return opened;
}

static void test_mode_is_exact_whatever_the_umask(void **state)
{
	static const mode_t modes[] = {0600, 0660, 0666};
	struct listener listener;
	struct stat status;
	mode_t before = umask(0077);

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		assert_true(opens(&listener, path, modes[i]));
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, modes[i]);
		assert_true(fcntl(listener.fd, F_GETFL) & O_NONBLOCK);
		assert_true(fcntl(listener.fd, F_GETFD) & FD_CLOEXEC);
		listener_close(&listener);
		assert_int_equal(access(path, F_OK), -1);
	}
	umask(before);
}

static void test_live_socket_is_not_replaced_and_a_stale_one_is(void **state)
{
	struct listener first, second;

	(void)state;
	assert_true(opens(&first, path, 0600));
	assert_false(opens(&second, path, 0600));
	assert_int_equal(dial(path), 0);
	close(first.fd);
	assert_int_equal(dial(path), ECONNREFUSED);
	assert_true(opens(&second, path, 0600));
	assert_int_equal(dial(path), 0);
	listener_close(&second);
}

static void test_what_is_no_socket_is_not_replaced(void **state)
{
	struct listener listener;
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	(void)state;
	close(fd);
	assert_false(opens(&listener, path, 0600));
	assert_int_equal(access(path, F_OK), 0);
}

static void test_length_of_the_name_has_a_limit(void **state)
{
	char longest[sizeof(((struct sockaddr_un *)0)->sun_path)], longer[sizeof(longest) + 1];
	struct listener listener;
	int pad = (int)(sizeof(longest) - 1 - strlen(folder) - 1);

	(void)state;
	snprintf(longest, sizeof(longest), "%s/%0*d", folder, pad, 0);
	snprintf(longer, sizeof(longer), "%s/%0*d", folder, pad + 1, 0);
	assert_true(opens(&listener, longest, 0600));
	listener_close(&listener);
	assert_false(opens(&listener, longer, 0600));
}

static void test_folder_must_exist(void **state)
{
	struct listener listener;

	(void)state;
	assert_false(opens(&listener, "/nonexistent/socket", 0600));
}

static void test_stop_refuses_the_new_and_keeps_the_queued(void **state)
{
	struct listener listener;
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int queued = socket(AF_UNIX, SOCK_STREAM, 0), late = socket(AF_UNIX, SOCK_STREAM, 0), fd;

	(void)state;
	assert_true(opens(&listener, path, 0600));
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_int_equal(connect(queued, (struct sockaddr *)&at, sizeof(at)), 0);
	listener_stop(&listener);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(connect(late, (struct sockaddr *)&at, sizeof(at)), -1);
	fd = accept(listener.fd, NULL, NULL);
	assert_true(fd >= 0);
	assert_int_equal(accept(listener.fd, NULL, NULL), -1);
	close(fd);
	close(queued);
	close(late);
	listener_close(&listener);
}

static void test_close_leaves_the_name_to_a_later_owner(void **state)
{
	struct listener first, second;

	(void)state;
	assert_true(opens(&first, path, 0600));
	unlink(path);
	assert_true(opens(&second, path, 0600));
	listener_close(&first);
	assert_int_equal(dial(path), 0);
	listener_close(&second);
}

static int listening_socket(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 5) != 0)
		_exit(9);
	return fd;
}

/* What systemd does before exec; `pid` as LISTEN_PID. */
static void pass_sockets(const char *n, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	setenv("LISTEN_FDS", n, 1);
	setenv("LISTEN_PID", text, 1);
}

static bool inherits(struct listener *listener)
{
	return opens(listener, "/nonexistent/socket", 0600) && !listener->own &&
	       listener->fd > STDERR_FILENO && (fcntl(listener->fd, F_GETFL) & O_NONBLOCK);
}

static bool takes_descriptor_0(void)
{
	struct listener listener;

	dup2(listening_socket(), 0);
	return inherits(&listener) && dial(path) == 0;
}

static bool takes_listen_fds(void)
{
	struct listener listener;

	dup2(listening_socket(), 3);
	pass_sockets("1", getpid());
	return inherits(&listener) && dial(path) == 0 && !getenv("LISTEN_FDS");
}

static bool leaves_sockets_of_another_process(void)
{
	struct listener listener;

	dup2(listening_socket(), 3);
	pass_sockets("1", getppid());
	return !inherits(&listener);
}

static bool refuses_two(void)
{
	struct listener listener;

	dup2(listening_socket(), 3);
	pass_sockets("2", getpid());
	return !inherits(&listener);
}

static bool refuses_what_does_not_listen(void)
{
	struct listener listener;

	dup2(socket(AF_UNIX, SOCK_STREAM, 0), 3);
	pass_sockets("1", getpid());
	return !inherits(&listener);
}

static bool keeps_the_name_of_an_inherited_socket(void)
{
	struct listener listener;
	bool inherited;

	dup2(listening_socket(), 0);
	inherited = inherits(&listener);
	listener_stop(&listener);
	if (!inherited || dial(path) != 0)
		return false;
	listener_close(&listener);
	return access(path, F_OK) == 0;
}

static void test_inherited_sockets(void **state)
{
	static bool (*const cases[])(void) = {
		takes_descriptor_0,
		takes_listen_fds,
		leaves_sockets_of_another_process,
		refuses_two,
		refuses_what_does_not_listen,
		keeps_the_name_of_an_inherited_socket,
	};
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(cases[i]() ? 0 : 1);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status != 0)
			fail_msg("case %zu: status %d", i, status);
		unlink(path);
	}
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_mode_is_exact_whatever_the_umask),
		CASE(test_live_socket_is_not_replaced_and_a_stale_one_is),
		CASE(test_what_is_no_socket_is_not_replaced),
		CASE(test_length_of_the_name_has_a_limit),
		CASE(test_folder_must_exist),
		CASE(test_stop_refuses_the_new_and_keeps_the_queued),
		CASE(test_close_leaves_the_name_to_a_later_owner),
		CASE(test_inherited_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
