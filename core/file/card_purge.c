/* Snapshots that were sent, or that a killed worker left behind. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card_file.h"

/* "10352-0123456789abcdef0123456789abcdef.json", ".snapshot.4711" */
static bool is_snapshot(const char *name)
{
	const size_t digest = 2 * (size_t)CARD_SNAPSHOT_DIGEST; /* as it is printed */
	size_t digits = strspn(name, "0123456789");

	if (strncmp(name, ".snapshot.", 10) == 0)
		return true;
	return digits > 0 && name[digits] == '-' &&
	       strspn(name + digits + 1, "0123456789abcdef") == digest &&
	       strcmp(name + digits + 1 + digest, ".json") == 0;
}

static bool is_old(int dir, const char *name, int64_t before_ms)
{
	struct stat stat;

	return fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(stat.st_mode) &&
	       (int64_t)stat.st_mtime * 1000 < before_ms;
}

bool card_file_purge(const char *folder, int64_t before_ms, bool dry, int64_t *n_r)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	*n_r = 0;
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (!is_snapshot(entry->d_name) || !is_old(dirfd(dir), entry->d_name, before_ms))
			continue;
		if (dry || unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			(*n_r)++;
	}
	closedir(dir);
	return true;
}
