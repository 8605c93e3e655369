#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

/* First descriptor passed by systemd, sd_listen_fds(3). */
#define LISTEN_FDS_START 3

static bool is_listening_unix(int fd)
{
	int listening = 0, domain = 0, type = 0;
	socklen_t size = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening &&
	       getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

/* How many sockets systemd passed to this very process; 0 = none. */
static int64_t passed_sockets(void)
{
	struct str pid_text = str_of(getenv("LISTEN_PID")), n_text = str_of(getenv("LISTEN_FDS"));
	int64_t pid, n;

	if (!pid_text.at || !n_text.at || !str_to_i64(pid_text, &pid) || pid != getpid() ||
	    !str_to_i64(n_text, &n))
		return 0;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return n;
}

/* A copy above the standard descriptors, whose original is replaced by /dev/null. */
static int take_over(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, LISTEN_FDS_START);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (copy >= 0 && null >= 0 && fd <= STDERR_FILENO)
		dup2(null, fd);
	else if (copy >= 0)
		close(fd);
	if (null >= 0)
		close(null);
	return copy;
}

static bool inherit(struct listener *listener, int fd, char *error, size_t error_size)
{
	if (!is_listening_unix(fd)) {
		snprintf(error, error_size, "descriptor %d: not a listening unix stream socket",
			 fd);
		return false;
	}
	listener->fd = take_over(fd);
	if (listener->fd < 0 ||
	    fcntl(listener->fd, F_SETFL, fcntl(listener->fd, F_GETFL) | O_NONBLOCK) < 0) {
		snprintf(error, error_size, "descriptor %d: %s", fd, strerror(errno));
		return false;
	}
	return true;
}

/* 0 = the name is free now; else an errno. */
static int clear_stale(const struct sockaddr_un *at)
{
	struct stat status;
	int fd, result;

	if (lstat(at->sun_path, &status) < 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(status.st_mode))
		return EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	result = connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 ? EADDRINUSE : errno;
	close(fd);
	if (result != ECONNREFUSED)
		return result == EAGAIN ? EADDRINUSE : result;
	return unlink(at->sun_path) == 0 ? 0 : errno;
}

/* The folder's lock keeps two masters from clearing and binding at the same time. */
static int lock_folder(const char *path)
{
	char copy[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int fd;

	memcpy(copy, path, strlen(path) + 1);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int bind_locked(struct listener *listener, const struct sockaddr_un *at, mode_t mode)
{
	struct stat status;
	mode_t before;
	int result = clear_stale(at);

	if (result != 0)
		return result;
	before = umask(0777 & ~mode);
	result = bind(listener->fd, (const struct sockaddr *)at, sizeof(*at)) < 0 ? errno : 0;
	umask(before);
	if (result == 0 &&
	    (lstat(at->sun_path, &status) < 0 || listen(listener->fd, SOMAXCONN) < 0))
		return errno;
	if (result == 0) {
		listener->own = true;
		listener->device = status.st_dev;
		listener->inode = status.st_ino;
	}
	return result;
}

static bool make(struct listener *listener, mode_t mode, char *error, size_t error_size)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int folder = lock_folder(listener->path), result;

	memcpy(at.sun_path, listener->path, sizeof(at.sun_path));
	listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (folder < 0 || listener->fd < 0)
		result = errno;
	else
		result = bind_locked(listener, &at, mode);
	if (folder >= 0)
		close(folder);
	if (result != 0)
		snprintf(error, error_size, "%s: %s", listener->path, strerror(result));
	return result == 0;
}

bool listener_open(struct listener *listener, const char *path, mode_t mode, char *error,
		   size_t error_size)
{
	int64_t passed = passed_sockets();
	bool opened;

	*listener = (struct listener){.fd = -1};
	if (passed > 1) {
		snprintf(error, error_size, "LISTEN_FDS: %" PRId64 " sockets, one is wanted",
			 passed);
		return false;
	}
	if (passed == 1) {
		opened = inherit(listener, LISTEN_FDS_START, error, error_size);
	} else if (is_listening_unix(STDIN_FILENO)) {
		opened = inherit(listener, STDIN_FILENO, error, error_size);
	} else if (strlen(path) >= sizeof(listener->path)) {
		snprintf(error, error_size, "%s: longer than the %zu bytes of a socket's name",
			 path, sizeof(listener->path) - 1);
		return false;
	} else {
		memcpy(listener->path, path, strlen(path) + 1);
		opened = make(listener, mode, error, error_size);
	}
	if (!opened)
		listener_close(listener);
	return opened;
}

/* A later process may have put its own socket under the name. */
static void remove_name(const struct listener *listener)
{
	struct stat status;

	if (lstat(listener->path, &status) == 0 && status.st_dev == listener->device &&
	    status.st_ino == listener->inode)
		unlink(listener->path);
}

void listener_stop(struct listener *listener)
{
	if (!listener->own)
		return;
	remove_name(listener);
	shutdown(listener->fd, SHUT_RD);
	listener->own = false;
}

void listener_close(struct listener *listener)
{
	if (listener->own)
		remove_name(listener);
	if (listener->fd >= 0)
		close(listener->fd);
	*listener = (struct listener){.fd = -1};
}
