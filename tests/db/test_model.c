/*
 * The ledger against the model: random histories, compared after every step. A history that
 * fails is made as short as it can be and printed; its seed plays it again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cases.h"
#include "model_history.h"
#include "stage.h"
#include "verify.h"

#define STEPS        150 /* of a history */
#define SECONDS      15  /* after them no other history begins */
#define LEAST_SEEDS  3
#define FIXED_SEEDS  8 /* the first ones; what comes then is never the same */
#define SHRINK_TRIES 400

static struct scene scene;
static struct stage stage;
static struct model model;
static struct model_answer expected; /* of the last step */

struct options {
	uint64_t seed; /* 0 = the fixed ones, then others */
	int steps;
	int64_t seconds;
};

static void print_answer(const char *who, const struct model_answer *answer)
{
	fprintf(stderr,
		"%s answers %d (faults %x, replayed %d, of %d, %" PRId64 " available, %" PRId64
		" expired, %" PRId64 " clipped)\n",
		who, answer->outcome, answer->faults, answer->replayed, answer->posting,
		answer->available, answer->expired, answer->clipped);
}

static bool outcome_agrees(const struct model_answer *here)
{
	bool same = here->outcome == expected.outcome &&
		    (here->outcome != MODEL_CONFLICT || (here->faults & expected.faults) != 0) &&
		    here->replayed == expected.replayed &&
		    (here->outcome != MODEL_OK || here->posting == expected.posting) &&
		    here->available == expected.available && here->expired == expected.expired &&
		    here->clipped == expected.clipped;

	if (!same && !stage_is_quiet) {
		print_answer("the ledger", here);
		print_answer("the model ", &expected);
	}
	return same;
}

/* One step on both, and whether they still agree. */
static bool step(const struct model_command *command)
{
	expected = model_do(&model, command);
	struct model_answer here = stage_do(&stage, command);

	int64_t now = command->at;
	bool odd = command->name % 2 == 1;

	return outcome_agrees(&here) && stage_agrees(&stage, &model, command->card, now) &&
	       (command->other == MODEL_NONE ||
		stage_agrees(&stage, &model, command->other, now)) &&
	       (odd || stage_explains(&stage, &model, command->card, now, now)) &&
	       stage_explains(&stage, &model, command->seen_card, now, command->seen_at);
}

static bool books_are_sound(void)
{
	struct verify_report report;
	enum err err = ledger_verify(scene.on.db, scene.ctx.ledger_keys, stage.organisation, NULL,
				     NULL, &report);

	if (err == ERR_OK && !report.table)
		return true;
	if (!stage_is_quiet)
		fprintf(stderr, "verify: %s %s %s\n", err_text(err),
			report.table ? report.table : "", report.table ? report.fault : "");
	return false;
}

/* Does this history fail? With `arg` (an enum model_verb): at a command of that verb, so that what
 * is left after shrinking fails as the whole did; MODEL_VERBS stands for the verdict on the books.
 */
static bool fails(void *arg, const struct model_command *commands, int n)
{
	const int *verb = arg;

	model.n = 0;
	if (!stage_begin(&stage, &scene))
		exit(1);
	for (int i = 0; i < n; i++)
		if (!step(&commands[i]))
			return !verb || *verb == (int)commands[i].verb;
	return (!verb || *verb == MODEL_VERBS) && !books_are_sound();
}

static void report(uint64_t seed, const struct model_command *commands, int n)
{
	fprintf(stderr, "seed %" PRIu64 " fails in %d steps:\n", seed, n);
	for (int i = 0; i < n; i++)
		history_print(stderr, &commands[i]);
	fails(NULL, commands, n);
}

static bool shrink_and_report(uint64_t seed, int verb)
{
	static struct model_command commands[MODEL_COMMANDS];
	int n = model.n;

	fprintf(stderr, "seed %" PRIu64 " fails at step %d; shrinking\n", seed, n);
	memcpy(commands, model.commands, (size_t)n * sizeof *commands);
	stage_is_quiet = true;
	n = history_shrink(commands, n, SHRINK_TRIES, fails, &verb);
	stage_is_quiet = false;
	report(seed, commands, n);
	return false;
}

static bool play_seed(uint64_t seed, int steps)
{
	static struct history history;

	history_begin(&history, seed);
	model.n = 0;
	if (!stage_begin(&stage, &scene))
		exit(1);
	for (int i = 0; i < steps; i++) {
		struct model_command command = history_next(&history, &model);
		if (!step(&command))
			return shrink_and_report(seed, (int)command.verb);
		history_note(&history, &command,
			     expected.outcome == MODEL_OK && !expected.replayed);
	}
	return books_are_sound() || shrink_and_report(seed, MODEL_VERBS);
}

/* The histories that have a name. */
static bool play_cases(void)
{
	bool good = true;

	for (int i = 0; i < model_cases_n; i++) {
		struct model_command commands[CASE_COMMANDS];
		int n = 0;
		for (; n < CASE_COMMANDS && model_cases[i].commands[n].at != 0; n++) {
			commands[n] = model_cases[i].commands[n];
			commands[n].name = n + 1;
			commands[n].seen_card = commands[n].card;
			if (commands[n].seen_at == 0)
				commands[n].seen_at = commands[n].at - 1;
		}
		if (!fails(NULL, commands, n))
			continue;
		fprintf(stderr, "failed: %s\n", model_cases[i].name);
		good = false;
	}
	return good;
}

static bool read_options(int argc, char **argv, struct options *options)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			options->seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--steps") == 0)
			options->steps = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--seconds") == 0)
			options->seconds = atoi(argv[i + 1]);
		else
			return false;
	}
	return argc % 2 == 1 && options->steps > 0 && options->steps <= MODEL_COMMANDS;
}

static bool play_all(const struct options *options)
{
	struct timespec now;
	time_t begin = time(NULL);
	long steps = 0;
	bool good = play_cases();

	clock_gettime(CLOCK_REALTIME, &now);
	uint64_t i = 1, chosen = (uint64_t)now.tv_nsec * 1000;
	for (; good && (i <= LEAST_SEEDS || time(NULL) - begin < options->seconds); i++) {
		good = play_seed(i <= FIXED_SEEDS ? i : chosen + i, options->steps);
		steps += model.n;
	}
	printf("%ld steps in %" PRIu64 " histories: seeds 1 to %d, then %" PRIu64 " and on\n",
	       steps, i - 1, FIXED_SEEDS, chosen + FIXED_SEEDS + 1);
	return good;
}

int main(int argc, char **argv)
{
	struct options options = {.steps = STEPS, .seconds = SECONDS};

	if (!read_options(argc, argv, &options)) {
		fprintf(stderr, "usage: test_model [--seed N] [--steps N] [--seconds N]\n");
		return 2;
	}
	if (!scene_open(&scene, "test_model"))
		return 1;
	bool good = options.seed ? play_seed(options.seed, options.steps) : play_all(&options);
	scene_close(&scene);
	return good ? 0 : 1;
}
