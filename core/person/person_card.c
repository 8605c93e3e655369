#include "person_card.h"

#include "attach.h"
#include "mutation.h"

static enum err card_add_user(struct ctx *ctx, const struct card_add_user_in *in,
			      struct id_out *out)
{
	struct attach_terms terms = {.name = in->name, .description = in->description};
	struct person_row holder;
	enum err err = person_lock(ctx, &in->person_id, "person_id", &holder);
	if (err != ERR_OK)
		return err;
	err = card_attach_free(ctx, &holder, &terms, &out->id);
	if (err == ERR_NOT_FOUND)
		return ctx_fail(ctx, err, NULL, REASON_NO_FREE_CARD);
	if (err == ERR_OK)
		journal_object(ctx, &out->id);
	return err;
}
OPERATION(card_add_user, struct card_add_user_in, struct id_out, .mutates = true);

static enum err card_attach_user(struct ctx *ctx, const struct card_attach_in *in,
				 struct nothing *out)
{
	struct person_row holder;
	enum err err = person_lock(ctx, &in->person_id, "person_id", &holder);
	(void)out;
	return err == ERR_OK ? card_attach(ctx, &holder, &in->card_id, "card_id") : err;
}
OPERATION(card_attach_user, struct card_attach_in, struct nothing, .mutates = true);
