/*
 * Work of the demo by several processes, each with a connection of its own: the server works
 * on one processor a connection. Who comes takes the next part, and what a part makes
 * depends on its number alone.
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

#define CREW_MAX 8
#define LOOK_NS  20000000L /* between two looks at each other */

static const struct timespec look = {.tv_nsec = LOOK_NS};

/* Shared by the crew. */
struct tally {
	_Atomic int64_t taken, done, ready;
	_Atomic bool begun;
};

static int crew_size(const struct demo_job *job)
{
	int64_t size = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t useful = job->parts / job->parts_min;

	if (size > useful)
		size = useful;
	return size < 1 ? 1 : size > CREW_MAX ? CREW_MAX : (int)size;
}

static void show_progress(struct demo *demo, const struct demo_job *job, struct tally *tally)
{
	int64_t things = atomic_load(&tally->done) * job->part_things;

	progress_to(&demo->progress, things < job->things_n ? things : job->things_n);
}

static enum status make_parts(struct demo *demo, const struct demo_job *job, struct tally *tally,
			      bool alone)
{
	enum status status = STATUS_OK;
	int64_t part;

	while (!status && (part = atomic_fetch_add(&tally->taken, 1)) < job->parts) {
		status = job->make(demo, part);
		atomic_fetch_add(&tally->done, 1);
		if (alone)
			show_progress(demo, job, tally);
	}
	return status;
}

/* The parent's connection stays the parent's: the child has its own, or none. */
static enum status connect_own(struct demo *demo, const struct demo_job *job)
{
	struct db_options options = db_options_of(&demo->admin->config);

	demo->admin->db = job->connects ? db_open(&options) : NULL;
	demo->ctx.db = demo->admin->db;
	enum err err = job->connects ? db_ready(demo->admin->db) : ERR_OK;
	return err ? admin_err(demo->admin, err, "database") : STATUS_OK;
}

static void work(struct demo *demo, const struct demo_job *job, struct tally *tally)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	enum status status = connect_own(demo, job);
	if (!status)
		atomic_fetch_add(&tally->ready, 1);
	while (!status && !atomic_load(&tally->begun))
		nanosleep(&look, NULL);
	if (!status)
		status = make_parts(demo, job, tally, false);
	if (demo->admin->db)
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

static enum status start_crew(struct demo *demo, const struct demo_job *job, struct tally *tally,
			      int size)
{
	enum status status = STATUS_OK;

	fflush(NULL);
	for (int i = 0; i < size; i++) {
		pid_t pid = fork();

		if (pid == 0)
			work(demo, job, tally);
		if (pid < 0)
			status = admin_fault("no process: the %s are not complete", job->things);
	}
	while (!status && atomic_load(&tally->ready) < size && next_ended(&status))
		nanosleep(&look, NULL);
	return status;
}

/* A crew that cannot begin finds no part left. */
static enum status run_crew(struct demo *demo, const struct demo_job *job, struct tally *tally,
			    int size)
{
	enum status status = start_crew(demo, job, tally, size);

	if (!status && job->prepare)
		status = job->prepare(demo);
	if (status)
		atomic_store(&tally->taken, job->parts);
	atomic_store(&tally->begun, true);
	while (next_ended(&status)) {
		show_progress(demo, job, tally);
		nanosleep(&look, NULL);
	}
	show_progress(demo, job, tally);
	return status;
}

static enum status run_alone(struct demo *demo, const struct demo_job *job, struct tally *tally)
{
	enum status status = job->prepare ? job->prepare(demo) : STATUS_OK;

	return status ? status : make_parts(demo, job, tally, true);
}

enum status demo_share_out(struct demo *demo, const struct demo_job *job)
{
	int size = crew_size(job);
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (tally == MAP_FAILED)
		return admin_fault("no memory");
	progress_begin(&demo->progress, job->things, job->things_n);
	enum status status =
		size == 1 ? run_alone(demo, job, tally) : run_crew(demo, job, tally, size);
	munmap(tally, sizeof(*tally));
	progress_end(&demo->progress);
	return status;
}
