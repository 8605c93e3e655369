#include "file_crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db.h"

#define BYTES_MIN 262144     /* a file for which a process more is worth it */
#define LOOK_NS   100000000L /* between two looks at the crew */
#define LINE_HEAD 7          /* "record " */

struct crew {
	struct importing *importing;
	pid_t pid[CREW_MAX];
	FILE *report[CREW_MAX];
};

struct import_share *crew_shares(void)
{
	void *shares = mmap(NULL, CREW_MAX * sizeof(struct import_share), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shares == MAP_FAILED ? NULL : shares;
}

static int crew_size(const struct file_run *run)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!run->is_regular || run->bytes < BYTES_MIN || processors < 2)
		return 1;
	return processors > CREW_MAX ? CREW_MAX : (int)processors;
}

/* In a child: connection and place in the file are its own. */
static void work(struct crew *crew, int turn)
{
	struct importing *importing = crew->importing;
	struct file_run *run = importing->run;
	struct db_options options = db_options_of(&run->admin->config);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	run->admin->db = run->ctx.db = db_open(&options);
	run->fd = open(run->path, O_RDONLY | O_CLOEXEC);
	importing->turn = turn;
	importing->share = &importing->shares[turn];
	importing->report = crew->report[turn];
	enum status status = run->fd < 0 ? admin_fault("%s: %s", run->path, strerror(errno))
					 : import_share(importing);
	bool told = fflush(importing->report) == 0;
	db_close(&run->admin->db);
	_exit(told ? (int)status : STATUS_FAULT);
}

static bool is_running(struct crew *crew, enum status *status)
{
	bool running = false;

	for (int turn = 0; turn < crew->importing->size; turn++) {
		int code;

		if (crew->pid[turn] <= 0)
			continue;
		if (progress_is_stopped())
			kill(crew->pid[turn], SIGTERM);
		if (waitpid(crew->pid[turn], &code, WNOHANG) == 0) {
			running = true;
			continue;
		}
		crew->pid[turn] = 0;
		if (!WIFEXITED(code) || WEXITSTATUS(code) != STATUS_OK)
			*status = STATUS_FAULT;
	}
	return running;
}

static void watch(struct crew *crew, enum status *status)
{
	const struct timespec pause = {.tv_nsec = LOOK_NS};
	struct importing *importing = crew->importing;

	while (is_running(crew, status)) {
		int64_t least = INT64_MAX;

		for (int turn = 0; turn < importing->size; turn++) {
			if (importing->shares[turn].offset < least)
				least = importing->shares[turn].offset;
		}
		progress_to(&importing->run->progress, least / 1000);
		nanosleep(&pause, NULL);
	}
}

/* A line and the number of its record; INT64_MAX when the report has no more. */
struct line {
	char *text;
	size_t size;
	int64_t number;
};

static void next_line(struct line *line, FILE *file)
{
	bool there = getline(&line->text, &line->size, file) > LINE_HEAD;

	line->number = there ? strtoll(line->text + LINE_HEAD, NULL, 10) : INT64_MAX;
}

static int first_of(const struct line *lines, int size)
{
	int first = 0;

	for (int turn = 1; turn < size; turn++) {
		if (lines[turn].number < lines[first].number)
			first = turn;
	}
	return first;
}

static void merge_reports(const struct crew *crew)
{
	int size = crew->importing->size;
	struct line lines[CREW_MAX] = {{0}};

	for (int turn = 0; turn < size; turn++) {
		rewind(crew->report[turn]);
		next_line(&lines[turn], crew->report[turn]);
	}
	for (int first = first_of(lines, size); lines[first].number != INT64_MAX;
	     first = first_of(lines, size)) {
		fputs(lines[first].text, stdout);
		next_line(&lines[first], crew->report[first]);
	}
	for (int turn = 0; turn < size; turn++)
		free(lines[turn].text);
}

static enum status start(struct crew *crew)
{
	fflush(NULL);
	for (int turn = 0; turn < crew->importing->size; turn++) {
		crew->report[turn] = tmpfile();
		if (!crew->report[turn])
			return admin_fault("temporary file: %s", strerror(errno));
		crew->pid[turn] = fork();
		if (crew->pid[turn] == 0)
			work(crew, turn);
		if (crew->pid[turn] < 0)
			return admin_fault("no process: %s", strerror(errno));
	}
	return STATUS_OK;
}

static void stop(struct crew *crew)
{
	for (int turn = 0; turn < crew->importing->size; turn++) {
		if (crew->pid[turn] > 0)
			kill(crew->pid[turn], SIGTERM);
	}
}

enum status import_with_crew(struct importing *importing)
{
	struct crew crew = {.importing = importing};

	importing->size = crew_size(importing->run);
	importing->turn = 0;
	importing->share = &importing->shares[0];
	if (importing->size == 1)
		return import_share(importing);
	enum status status = start(&crew);
	if (status)
		stop(&crew);
	watch(&crew, &status);
	if (!status)
		merge_reports(&crew);
	for (int turn = 0; turn < importing->size; turn++) {
		if (crew.report[turn])
			fclose(crew.report[turn]);
	}
	return status;
}
