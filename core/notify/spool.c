#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "one_time_code.h"
#include "uuid.h"

#define MODE 0640

static bool put_text(FILE *file, const struct message_row *message)
{
	const char *channel = message->channel == MESSAGE_EMAIL ? "email" : "sms";

	return fprintf(file, "Channel: %s\nTo: %s\nSubject: %s\n\n%s\n", channel,
		       message->recipient.at, message->subject.at, message->body.at) > 0;
}

/* The name is there after a power cut, too. */
static bool keep_name(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool kept = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return kept;
}

static int put_file(const char *path, const struct message_row *message)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE), fault = 0;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		fault = errno;
		if (fd >= 0)
			close(fd);
		return fault;
	}
	if (fchmod(fd, MODE) != 0 || !put_text(file, message) || fflush(file) != 0 ||
	    fsync(fd) != 0)
		fault = errno;
	if (fclose(file) != 0 && !fault)
		fault = errno;
	return fault;
}

int spool_write(const char *folder, const struct message_row *message)
{
	char name[UUID_TEXT_LEN], path[PATH_MAX], beside[PATH_MAX];

	uuid_format(&message->id, name);
	int len = snprintf(path, sizeof(path), "%s/%.*s.txt", folder, UUID_TEXT_LEN, name);
	int len2 = snprintf(beside, sizeof(beside), "%s/.%.*s.%ld", folder, UUID_TEXT_LEN, name,
			    (long)getpid());
	if (len >= PATH_MAX || len2 >= PATH_MAX)
		return ENAMETOOLONG;
	int fault = put_file(beside, message);
	if (!fault && (rename(beside, path) != 0 || !keep_name(folder)))
		fault = errno;
	if (fault)
		unlink(beside);
	return fault;
}
