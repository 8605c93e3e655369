/* The file written: pages of one snapshot, a temporary name until all of it is on the disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card_file.h"
#include "crypto.h"
#include "db.h"
#include "settings.h"
#include "stmt_gen.h"
#include "tx.h"

#define FILE_MODE 0640

struct export
{
	struct ctx *ctx;
	const struct card_file_progress *progress;
	int dir, fd;
	char temporary[CARD_FILE_NAME_MAX + 32];
	int64_t n, last_serial;
	uint8_t digest[SHA256_LEN]; /* of the digest before and of the text, piece by piece */
};

static enum err write_all(struct export *export, struct str text)
{
	uint8_t both[2 * SHA256_LEN];

	memcpy(both, export->digest, SHA256_LEN);
	sha256(text.at, text.len, both + SHA256_LEN);
	sha256(both, sizeof(both), export->digest);
	while (text.len > 0) {
		ssize_t n = write(export->fd, text.at, text.len);

		if (n < 0 && errno != EINTR)
			return ERR_INVALID;
		if (n > 0)
			text = (struct str){text.at + n, text.len - (size_t)n};
	}
	return ERR_OK;
}

/* Made with the first card: without any there is no file. */
static enum err file_open(struct export *export)
{
	export->fd = openat(export->dir, export->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    FILE_MODE);
	if (export->fd < 0 || fchmod(export->fd, FILE_MODE) != 0)
		return ERR_INVALID;
	return ERR_OK;
}

static enum err write_page(struct export *export, const struct list *rows)
{
	struct ctx *ctx = export->ctx;
	const struct file_card_row *row = rows->rows;
	struct card_record *records = arena_array(ctx->arena, struct card_record, rows->n);
	enum err err = card_file_records(ctx, row, rows->n, records);
	struct buf buf;

	if (err == ERR_OK && export->n == 0)
		err = file_open(export);
	if (err != ERR_OK)
		return err;
	buf_init(&buf, ctx->arena, rows->n * 512);
	for (size_t i = 0; i < rows->n; i++) {
		buf_text(&buf, export->n++ ? ",\n" : "[\n");
		card_record_write(&buf, &records[i], ctx->settings->timezone);
	}
	export->last_serial = row[rows->n - 1].serial;
	return write_all(export, buf_done(&buf));
}

static enum err one_page(struct export *export, size_t *n_r)
{
	struct ctx *ctx = export->ctx;
	struct file_card_page_in in = {ctx_organisation(ctx), export->last_serial, CARD_FILE_PAGE};
	struct list rows = {0};
	enum err err = sql_file_card_page(ctx->db, ctx->arena, &in, &rows);

	*n_r = rows.n;
	return err == ERR_OK && rows.n > 0 ? write_page(export, &rows) : err;
}

static bool is_stopped(const struct export *export)
{
	return export->progress && export->progress->stopped && export->progress->stopped();
}

/* In the snapshot: the clock stands still with it. */
static enum err all_pages(void *arg)
{
	struct export *export = arg;
	struct arena *arena = export->ctx->arena;
	const struct clock *running = export->ctx->clock;
	struct clock still = {.fixed_ms = clock_now_ms(running)};
	size_t n = CARD_FILE_PAGE;
	enum err err = ERR_OK;

	export->ctx->clock = &still;

	while (err == ERR_OK && n == CARD_FILE_PAGE && !is_stopped(export)) {
		size_t mark = arena_mark(arena);

		err = one_page(export, &n);
		arena_reset(arena, mark);
		if (export->progress && export->progress->to)
			export->progress->to(export->progress->arg, export->n);
	}
	export->ctx->clock = running;
	return err;
}

/* A file of this content that nginx may still be about to open is left as it is. */
static bool is_kept(const struct export *export, const char *name)
{
	struct stat stat;

	return fstatat(export->dir, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
	       clock_now_ms(export->ctx->clock) / 1000 - stat.st_mtime < CARD_SNAPSHOT_KEPT_S;
}

static enum err give_name(struct export *export, const char *name)
{
	return renameat(export->dir, export->temporary, export->dir, name) == 0 ? ERR_OK
										: ERR_INVALID;
}

/* On the disk before it has its name. */
static enum err close_named(struct export *export, const char *name)
{
	enum err err = write_all(export, STR("\n]\n"));

	if (err == ERR_OK && fsync(export->fd) != 0)
		err = ERR_INVALID;
	if (err == ERR_OK)
		err = give_name(export, name);
	if (err == ERR_OK)
		(void)fsync(export->dir);
	return err;
}

/* Named for its content: the same cards are the same file. */
static enum err close_snapshot(struct export *export, struct str *name_r)
{
	enum err err = write_all(export, STR("\n]\n"));
	struct buf name;

	buf_init(&name, export->ctx->arena, CARD_FILE_NAME_MAX);
	buf_printf(&name, "%lld-", (long long)ctx_organisation(export->ctx));
	buf_hex(&name, export->digest, CARD_SNAPSHOT_DIGEST);
	buf_text(&name, ".json");
	*name_r = buf_done(&name);
	return err != ERR_OK || is_kept(export, name_r->at) ? err : give_name(export, name_r->at);
}

/* All pages into a temporary file. */
static enum err begin(struct export *export, const char *folder, const char *name)
{
	snprintf(export->temporary, sizeof(export->temporary), ".%s.%ld", name, (long)getpid());
	export->fd = -1;
	export->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (export->dir < 0)
		return ERR_INVALID;
	(void)unlinkat(export->dir, export->temporary, 0);
	return tx_snapshot(export->ctx->db, all_pages, export);
}

static void end(struct export *export)
{
	int saved = errno;

	if (export->fd >= 0) {
		(void)unlinkat(export->dir, export->temporary, 0);
		(void)close(export->fd);
	}
	if (export->dir >= 0)
		(void)close(export->dir);
	errno = saved;
}

enum err card_file_export(struct ctx *ctx, const char *folder, const char *name,
			  const struct card_file_progress *progress, int64_t *n_r)
{
	struct export export = {.ctx = ctx, .progress = progress};
	enum err err = begin(&export, folder, name);

	if (err == ERR_OK && export.n > 0 && !is_stopped(&export))
		err = close_named(&export, name);
	end(&export);
	*n_r = export.n;
	return err;
}

enum err card_file_snapshot(struct ctx *ctx, const char *folder,
			    const struct card_file_progress *progress, struct str *name_r)
{
	struct export export = {.ctx = ctx, .progress = progress};
	enum err err = begin(&export, folder, "snapshot");

	if (err == ERR_OK)
		err = export.n > 0 ? close_snapshot(&export, name_r) : ERR_NOT_FOUND;
	end(&export);
	return err;
}
