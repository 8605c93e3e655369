/*
 * The one listening unix socket: inherited (systemd's LISTEN_FDS, or descriptor 0
 * as the FastCGI specification has it), else made here. FCGX_OpenSocket is not
 * used: it exits on errors, unlinks blindly and knows no mode.
 */
#ifndef FCGI_LISTENER_H
#define FCGI_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/un.h>

struct listener {
	int fd;   /* non-blocking, close-on-exec, never 0 to 2 */
	bool own; /* made here, so also removed here */
	dev_t device;
	ino_t inode;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/*
 * Takes the inherited socket if there is one; else binds `path` with permission bits
 * `mode`, replacing a socket file only when nobody listens on it. False: what is wrong is in
 * error[].
 */
bool listener_open(struct listener *listener, const char *path, mode_t mode, char *error,
		   size_t error_size);
/*
 * Own socket: takes the name away and refuses new connections; those already queued can
 * still be accepted. An inherited socket is left as it is: its queue waits for the next process.
 */
void listener_stop(struct listener *listener);
void listener_close(struct listener *listener);

#endif
