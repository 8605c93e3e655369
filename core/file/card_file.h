/*
 * The card file (Munu data store): all cards of an organisation as of one moment. Rows become
 * records here, for the export, for the download and for what an import compares with.
 */
#ifndef FILE_CARD_FILE_H
#define FILE_CARD_FILE_H

#include "card_record.h"
#include "ctx.h"
#include "rows_gen.h"

#define CARD_FILE_PAGE     1000 /* cards that are read at once */
#define CARD_FILE_SUFFIX   "-customer_client_card.json"
#define CARD_FILE_NAME_MAX 64

/* "10352-customer_client_card.json" */
void card_file_name(int64_t organisation_id, char name[CARD_FILE_NAME_MAX]);
/* The organisation that a file is named for; false when it is named otherwise. */
bool card_file_names(struct str name, int64_t *organisation_id_r);

/*
 * What the file says of these cards at this moment: their own accounts, those that the clock has
 * changed counted anew; nothing of a card that posts to a master's; no holder of a replaced one.
 * Texts are the rows'.
 */
enum err card_file_records(struct ctx *ctx, const struct file_card_row *rows, size_t n,
			   struct card_record *records);

struct card_file_progress {
	void (*to)(void *arg, int64_t records); /* NULL = nobody looks */
	void *arg;
	bool (*stopped)(void);
};

/*
 * Writes the whole file as of now to a new file in `folder`, all of it or nothing: a temporary
 * name, fsync, rename to `name`; *n_r = records. Nothing is made when there is no card. Constant
 * memory. INVALID: the folder or the file cannot be written (errno).
 */
enum err card_file_export(struct ctx *ctx, const char *folder, const char *name,
			  const struct card_file_progress *progress, int64_t *n_r);

#define CARD_SNAPSHOT_DIGEST 16 /* bytes of the content's digest in a snapshot's name */
#define CARD_SNAPSHOT_KEPT_S                                                                       \
	3600                      /* a snapshot of the same content is the same file for so long   \
				   */
#define CARD_SNAPSHOT_GONE_S 7200 /* and goes after so long */

/*
 * The same into a file that is named for its organisation and content, for a web server to send:
 * the same cards have the same name. NOT_FOUND: no card. INVALID: see card_file_export().
 */
enum err card_file_snapshot(struct ctx *ctx, const char *folder,
			    const struct card_file_progress *progress, struct str *name_r);
/* Removes snapshots of all organisations made before a moment; dry: only counts. False: errno. */
bool card_file_purge(const char *folder, int64_t before_ms, bool dry, int64_t *n_r);

#endif
