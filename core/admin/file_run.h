/* One run of `kartoteka import cards` or `export cards`: what its files share. */
#ifndef ADMIN_FILE_RUN_H
#define ADMIN_FILE_RUN_H

#include "admin.h"
#include "ctx.h"
#include "progress.h"
#include "serial.h"

struct settings_cache;

struct file_run {
	struct admin *admin;
	struct arena arena; /* of some records and of what is done with them */
	struct clock clock;
	struct ctx ctx;
	struct keyring *keys;
	struct settings_cache *settings;
	struct progress progress;
	int64_t organisation_id;
	const char *path;
	int fd;
	int64_t bytes; /* of the file; 0 = not known */
	bool is_regular, rewrites;
};

/* Reads the open file into the organisation; reports on standard output. */
enum status file_import(struct file_run *run);

#endif
