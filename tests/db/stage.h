/*
 * Plays commands of tests/model on the real ledger: each on an organisation of its own, with
 * the clock that the command names, and says what became of it in the model's words.
 */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "model.h"
#include "scene.h"

#define STAGE_DAYS 4 /* idle days after which points end: 1 to 3; 0 = never */

struct stage {
	struct scene *scene;
	int64_t organisation;
	struct uuid posted[MODEL_COMMANDS + 1];       /* by name of the command: what it made */
	struct uuid levels[STAGE_DAYS][MODEL_LIMITS]; /* unset = no level */
};

/* A fresh organisation: nothing has happened. False with a line on standard error. */
bool stage_begin(struct stage *stage, struct scene *scene);
struct model_answer stage_do(struct stage *stage, const struct model_command *command);
struct uuid stage_card(int card);

/* Nothing is said on standard error: while a history is shrunk. */
extern bool stage_is_quiet;

/* Does the card say now of itself and of its balance what the model says? Else false, with a line
 * on standard error. */
bool stage_agrees(struct stage *stage, const struct model *model, int card, int64_t now);
/* Does it explain its balance at `at`, which may lie before or after `now`? A card that is not
 * there now, or was not there then, explains nothing. */
bool stage_explains(struct stage *stage, const struct model *model, int card, int64_t now,
		    int64_t at);

#endif
