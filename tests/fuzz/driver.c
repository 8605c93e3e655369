/*
 * main() of a fuzz target where there is no libFuzzer: plays every file of the
 * folders that are named, each from a block of its own size. Exit status 1 when
 * a file cannot be read or there is none.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "planted.h"

static int play(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat stat;
	uint8_t *data;
	size_t size;
	int status = -1;

	if (!file || fstat(fileno(file), &stat) != 0)
		goto out;
	size = (size_t)stat.st_size;
	data = malloc(size + (size == 0));
	if (data && fread(data, 1, size, file) == size)
		status = LLVMFuzzerTestOneInput(data, size);
	free(data);
out:
	if (file)
		fclose(file);
	if (status != 0)
		perror(path);
	return status;
}

/* Number of files played, or -1. */
static int play_folder(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), played = 0;
	char file[4096];

	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && played >= 0)
			played = play(file) == 0 ? played + 1 : -1;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return n >= 0 ? played : -1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int played = play_folder(argv[i]);

		printf("%s: %d files\n", argv[i], played);
		if (played <= 0)
			return 1;
	}
	return argc > 1 ? 0 : 2;
}
