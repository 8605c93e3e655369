/*
 * Labels: words of an organisation for the six statuses. The six names are labels themselves and
 * need no row; each status has one default label, its own name until another is made that.
 */
#ifndef CARD_LABEL_H
#define CARD_LABEL_H

#include "status.h"

#define LABEL_MAX        64   /* characters */
#define LABEL_KEY_MAX    256  /* bytes */
#define LABELS_MAX       1000 /* of an organisation */
#define LABELS_AT_ONCE   100  /* of one status in one mapping */
#define LABEL_SERIAL_MIN 100  /* below are the six: a label without a row has its status' number */

struct label_view {
	struct status_label_row row;
};

struct label_list_out {
	struct list labels; /* struct label_view: the six, then the organisation's by serial */
	struct list warnings, errors;
};

struct label_word {
	struct str label;
	bool is_default;
};

/* Labels of statuses; a status that is named has exactly one default among its labels. */
struct label_mapping {
	struct list not_issued, issued, active, suspended, expired, deleted; /* struct label_word */
};

struct label_map_in {
	struct label_mapping mapping;
};

struct label_map_out {
	struct label_mapping mapping;
	struct list warnings, errors;
};

/*
 * label_map adds labels and moves the default; a label that is there keeps its status. INVALID:
 * LABEL_NO_DEFAULT, LABEL_DEFAULTS, LABEL_REPEATED, LABEL_REQUIRED.
 */
extern const struct operation op_label_list, op_label_map;

/* The status' own name as a label: its id is all zero but for the last byte, the status. */
struct card_label card_label_of_status(enum card_status status);
/* The default label of a status. */
enum err card_label_default(struct ctx *ctx, enum card_status status, struct card_label *label_r);
/* The status of this name, folded; NONE when it is no name of one. */
enum card_status card_label_find_own(struct ctx *ctx, struct str key);

#endif
