/*
 * The demo's cards by several processes, each with a connection of its own: the server
 * fills indexes on one processor a connection. Chunks are dealt out in turn, and what is
 * in one depends on its number alone.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db.h"
#include "demo_run.h"

#define CREW_MAX   8
#define CHUNKS_MIN 4          /* a process with fewer is not worth it */
#define LOOK_NS    100000000L /* between two looks at the crew */

static int crew_size(const struct demo *demo)
{
	int64_t size = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t useful = demo->cards / DEMO_CHUNK / CHUNKS_MIN;

	if (size > useful)
		size = useful;
	return size < 1 ? 1 : size > CREW_MAX ? CREW_MAX : (int)size;
}

static void show_progress(struct demo *demo, int64_t chunks)
{
	int64_t cards = chunks * DEMO_CHUNK;

	progress_to(&demo->progress, cards < demo->cards ? cards : demo->cards);
}

/* Every size-th chunk, from number `turn` on. */
static enum status make_share(struct demo *demo, int turn, int size, _Atomic int64_t *chunks)
{
	enum status status = STATUS_OK;

	for (int64_t from = (int64_t)turn * DEMO_CHUNK; !status && from < demo->cards;
	     from += (int64_t)size * DEMO_CHUNK) {
		status = demo_make_chunk(demo, from);
		atomic_fetch_add(chunks, 1);
		if (size == 1)
			show_progress(demo, atomic_load(chunks));
	}
	return status;
}

/* The parent's connection stays the parent's: the child has its own. */
static void work(struct demo *demo, int turn, int size, _Atomic int64_t *chunks)
{
	struct db_options options = db_options_of(&demo->admin->config);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	demo->admin->db = db_open(&options);
	demo->ctx.db = demo->admin->db;
	enum status status = make_share(demo, turn, size, chunks);
	db_close(&demo->admin->db);
	_exit((int)status);
}

/* false when there is none left. */
static bool next_ended(enum status *status)
{
	int code;
	pid_t pid = waitpid(-1, &code, WNOHANG);

	if (pid > 0 && (!WIFEXITED(code) || WEXITSTATUS(code) != STATUS_OK))
		*status = STATUS_FAULT;
	return pid >= 0 || errno == EINTR;
}

static enum status run_crew(struct demo *demo, int size, _Atomic int64_t *chunks)
{
	const struct timespec pause = {.tv_nsec = LOOK_NS};
	enum status status = STATUS_OK;

	fflush(NULL);
	for (int turn = 0; turn < size; turn++) {
		pid_t pid = fork();

		if (pid == 0)
			work(demo, turn, size, chunks);
		if (pid < 0)
			status = admin_fault("no process: the cards are not complete");
	}
	while (next_ended(&status)) {
		show_progress(demo, atomic_load(chunks));
		nanosleep(&pause, NULL);
	}
	show_progress(demo, atomic_load(chunks));
	return status;
}

enum status demo_make_cards(struct demo *demo)
{
	int size = crew_size(demo);
	_Atomic int64_t *chunks = mmap(NULL, sizeof(*chunks), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (chunks == MAP_FAILED)
		return admin_fault("no memory");
	progress_begin(&demo->progress, "cards", demo->cards);
	enum status status =
		size == 1 ? make_share(demo, 0, 1, chunks) : run_crew(demo, size, chunks);
	munmap(chunks, sizeof(*chunks));
	progress_end(&demo->progress);
	return status;
}
