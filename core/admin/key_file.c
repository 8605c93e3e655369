#include "key_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto.h"

#define ERROR_MAX   512
#define SECRET_TEXT (4 * (KEY_SECRET_LEN + 2) / 3 + 4)
#define TEXT_MAX    ((size_t)2 * KEYRING_SIZE)

struct key_file {
	struct admin *admin;
	const char *path;
	bool states;
	int lock; /* of the folder: the file itself is replaced */
	bool existed;
	struct stat st;
	struct key_lines lines;
	size_t len;
	char text[TEXT_MAX];
};

static enum status fault(const struct key_file *file)
{
	return admin_fault("%s: %s", file->path, strerror(errno));
}

static bool lock_folder(struct key_file *file)
{
	const char *slash = strrchr(file->path, '/');
	char *folder = slash && slash > file->path
			       ? strndup(file->path, (size_t)(slash - file->path))
			       : strdup(slash ? "/" : ".");

	assert(folder);
	file->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = file->lock >= 0 && flock(file->lock, LOCK_EX) == 0;
	free(folder);
	return good;
}

static bool read_text(struct key_file *file)
{
	FILE *stream = fopen(file->path, "re");

	if (!stream)
		return false;
	file->len = fread(file->text, 1, KEYRING_SIZE, stream);
	bool good = !ferror(stream);
	fclose(stream);
	if (good && file->len > 0 && file->text[file->len - 1] != '\n')
		file->text[file->len++] = '\n';
	return good;
}

static bool read_file(struct key_file *file)
{
	char error[ERROR_MAX];

	file->existed = stat(file->path, &file->st) == 0;
	if (!file->existed && errno == ENOENT)
		return true;
	if (!key_lines_read(&file->lines, file->path, file->states, error, sizeof(error))) {
		admin_fault("%s", error);
		return false;
	}
	if (!read_text(file)) {
		fault(file);
		return false;
	}
	return true;
}

struct key_file *key_file_open(struct admin *admin, const char *path, bool states)
{
	struct key_file *file = calloc(1, sizeof(*file));

	assert(file);
	file->admin = admin;
	file->path = path;
	file->states = states;
	if (!lock_folder(file)) {
		fault(file);
		key_file_close(&file);
	} else if (!read_file(file)) {
		key_file_close(&file);
	}
	return file;
}

const struct key_lines *key_file_lines(const struct key_file *file)
{
	return &file->lines;
}

void key_file_add(struct key_file *file, struct str kid, enum key_state state)
{
	uint8_t secret[KEY_SECRET_LEN];
	char text[SECRET_TEXT];

	crypto_random(secret, sizeof(secret));
	base64_encode(secret, sizeof(secret), text);
	int len = snprintf(file->text + file->len, TEXT_MAX - file->len, "%.*s %s%s%s\n",
			   (int)kid.len, kid.at, text, file->states ? " " : "",
			   file->states ? key_state_text(state) : "");
	assert(len > 0 && (size_t)len < TEXT_MAX - file->len);
	file->len += (size_t)len;
	crypto_wipe(secret, sizeof(secret));
	crypto_wipe(text, sizeof(text));
}

/* Where the state of this kid's line stands in the text. */
static struct str find_state(const struct key_file *file, struct str kid)
{
	static const char spaces[] = " \t\r";
	const char *line = file->text, *end = file->text + file->len;

	while (line < end) {
		const char *at = line + strspn(line, spaces);
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		assert(newline);
		if (strncmp(at, kid.at, kid.len) == 0 && memchr(spaces, at[kid.len], 3)) {
			at += kid.len;
			at += strspn(at, spaces);
			at += strcspn(at, spaces);
			at += strspn(at, spaces);
			return (struct str){at, strcspn(at, " \t\r\n")};
		}
		line = newline + 1;
	}
	assert(false && "the kid is there");
	return (struct str){NULL, 0};
}

void key_file_set(struct key_file *file, struct str kid, enum key_state state)
{
	struct str old = find_state(file, kid), fresh = str_of(key_state_text(state));
	char *at = file->text + (old.at - file->text);
	size_t rest = file->len - (size_t)(old.at - file->text) - old.len;

	assert(file->len - old.len + fresh.len < TEXT_MAX);
	memmove(at + fresh.len, at + old.len, rest);
	memcpy(at, fresh.at, fresh.len);
	file->len = file->len - old.len + fresh.len;
	file->text[file->len] = '\0';
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

/* The group that may read the file keeps its right; nobody gains one. */
static bool keep_owner(const struct key_file *file, int fd)
{
	if (!file->existed)
		return true;
	if (fchown(fd, file->st.st_uid, file->st.st_gid) != 0 && errno != EPERM)
		return false;
	return fchmod(fd, file->st.st_mode & 0640) == 0;
}

enum status key_file_save(struct key_file *file)
{
	char beside[PATH_MAX];
	int fd = -1, len = snprintf(beside, sizeof(beside), "%s.XXXXXX", file->path);
	enum status status = STATUS_FAULT;

	if (len < 0 || (size_t)len >= sizeof(beside)) {
		errno = ENAMETOOLONG;
		return fault(file);
	}
	fd = mkostemp(beside, O_CLOEXEC); /* 0600 */
	if (fd < 0)
		return fault(file);
	if (!write_all(fd, file->text, file->len) || !keep_owner(file, fd) ||
	    rename(beside, file->path) != 0) {
		fault(file);
		unlink(beside);
		goto out;
	}
	(void)fsync(file->lock);
	status = STATUS_OK;
out:
	close(fd);
	return status;
}

void key_file_close(struct key_file **file)
{
	if ((*file)->lock >= 0)
		close((*file)->lock);
	crypto_wipe(*file, sizeof(**file));
	free(*file);
	*file = NULL;
}
