#include "keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIELDS_MAX 3

static const char *const state_texts[] = {
	[KEY_RETIRED] = "retired",
	[KEY_VERIFY] = "verify",
	[KEY_SIGN] = "sign",
};

/* Where a reader stands, and where its complaint goes. */
struct reader {
	const char *path;
	bool states;
	size_t line;
	char *error;
	size_t error_size;
};

const char *key_state_text(enum key_state state)
{
	return state_texts[state];
}

static bool refuse(const struct reader *reader, const char *what)
{
	if (reader->line == 0)
		snprintf(reader->error, reader->error_size, "%s: %s", reader->path, what);
	else
		snprintf(reader->error, reader->error_size, "%s:%zu: %s", reader->path,
			 reader->line, what);
	return false;
}

bool kid_is_good(struct str kid)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789._-";

	if (kid.len == 0 || kid.len > KID_MAX)
		return false;
	for (size_t i = 0; i < kid.len; i++) {
		if (!memchr(alphabet, kid.at[i], sizeof(alphabet) - 1))
			return false;
	}
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Splits at white space; FIELDS_MAX + 1 when there are more. */
static size_t split(struct str line, struct str fields[FIELDS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < line.len;) {
		if (is_space(line.at[i])) {
			i++;
			continue;
		}
		size_t start = i;
		while (i < line.len && !is_space(line.at[i]))
			i++;
		if (n == FIELDS_MAX)
			return FIELDS_MAX + 1;
		fields[n++] = (struct str){line.at + start, i - start};
	}
	return n;
}

static bool state_parse(struct str text, enum key_state *state_r)
{
	for (enum key_state state = KEY_RETIRED; state <= KEY_SIGN; state++) {
		if (str_eq(text, str_of(state_texts[state]))) {
			*state_r = state;
			return true;
		}
	}
	return false;
}

static bool clashes(const struct key_lines *lines, const struct key_line *key, bool *signs_r)
{
	*signs_r = false;
	for (size_t i = 0; i < lines->n; i++) {
		if (strcmp(lines->key[i].kid, key->kid) == 0)
			return true;
		if (lines->key[i].state == KEY_SIGN && key->state == KEY_SIGN)
			*signs_r = true;
	}
	return false;
}

static bool secret_parse(const struct reader *reader, struct str text, struct key_line *key)
{
	if (!base64_decode(text, key->secret, sizeof(key->secret), &key->secret_len))
		return refuse(reader, "the secret is not base64 of at most 256 bytes");
	if (key->secret_len < SECRET_MIN)
		return refuse(reader, "the secret is shorter than 32 bytes");
	return true;
}

static bool add_line(const struct reader *reader, struct key_lines *lines,
		     const struct str fields[FIELDS_MAX])
{
	struct key_line *key = &lines->key[lines->n];
	bool second_sign;

	if (lines->n == KEYRING_MAX)
		return refuse(reader, "more than 32 keys");
	memset(key, 0, sizeof(*key));
	if (!kid_is_good(fields[0]))
		return refuse(reader, "the kid is not 1 to 32 of A-Z a-z 0-9 . _ -");
	memcpy(key->kid, fields[0].at, fields[0].len);
	key->state = KEY_VERIFY;
	if (reader->states && !state_parse(fields[2], &key->state))
		return refuse(reader, "the state is not sign, verify or retired");
	if (!secret_parse(reader, fields[1], key))
		return false;
	if (clashes(lines, key, &second_sign))
		return refuse(reader, "the kid appears twice");
	if (second_sign)
		return refuse(reader, "a second key with the state sign");
	lines->n++;
	return true;
}

static bool parse(struct reader *reader, struct str text, struct key_lines *lines)
{
	size_t wanted = reader->states ? 3 : 2;

	for (size_t at = 0; at < text.len; at++) {
		struct str fields[FIELDS_MAX], line = {text.at + at, 0};
		const char *end = memchr(line.at, '\n', text.len - at);
		line.len = end ? (size_t)(end - line.at) : text.len - at;
		at += line.len;
		reader->line++;
		size_t n = split(line, fields);
		if (n == 0 || fields[0].at[0] == '#')
			continue;
		if (n != wanted)
			return refuse(reader, reader->states ? "not `kid secret state`"
							     : "not `kid secret`");
		if (!add_line(reader, lines, fields))
			return false;
	}
	if (!reader->states && lines->n > 0)
		lines->key[lines->n - 1].state = KEY_SIGN;
	return true;
}

static bool check_file(const struct reader *reader, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(reader, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(reader, "not a regular file");
	if (st.st_mode & S_IROTH)
		return refuse(reader, "readable by everybody: chmod o-rwx it");
	if (st.st_mode & (S_IWOTH | S_IXOTH | S_IWGRP))
		return refuse(reader, "writable beyond its owner: chmod g-w,o-rwx it");
	if (st.st_size > KEYRING_SIZE)
		return refuse(reader, "larger than 64 KiB");
	return true;
}

/* Returns the length, or -1 with errno. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, text + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

bool key_lines_read(struct key_lines *lines, const char *path, bool states, char *error,
		    size_t error_size)
{
	struct reader reader = {path, states, 0, error, error_size};
	char text[KEYRING_SIZE + 1];
	ssize_t len = 0;
	bool good = false;

	lines->n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		refuse(&reader, strerror(errno));
		goto out;
	}
	if (!check_file(&reader, fd))
		goto out;
	len = read_all(fd, text, sizeof(text));
	if (len < 0)
		refuse(&reader, strerror(errno));
	else if (len > KEYRING_SIZE)
		refuse(&reader, "larger than 64 KiB");
	else
		good = parse(&reader, (struct str){text, (size_t)len}, lines);
out:
	if (fd >= 0)
		close(fd);
	crypto_wipe(text, len > 0 ? (size_t)len : 0);
	if (!good)
		key_lines_wipe(lines);
	return good;
}

void key_lines_wipe(struct key_lines *lines)
{
	crypto_wipe(lines, sizeof(*lines));
}
