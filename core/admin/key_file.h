/* Changing a key file: under a lock, whole or not at all, comments kept. */
#ifndef ADMIN_KEY_FILE_H
#define ADMIN_KEY_FILE_H

#include "admin.h"
#include "keyring.h"

#define KEY_SECRET_LEN 48 /* bytes of a fresh secret */

struct key_file;

/*
 * Locks and reads `path`; a file that does not exist counts as empty. `states` as of
 * key_lines_read. NULL after a message.
 */
struct key_file *key_file_open(struct admin *admin, const char *path, bool states);
const struct key_lines *key_file_lines(const struct key_file *file);
/* A fresh secret at the end. */
void key_file_add(struct key_file *file, struct str kid, enum key_state state);
/* The kid must be there. */
void key_file_set(struct key_file *file, struct str kid, enum key_state state);
/*
 * Writes beside the file, mode 0600 or the old file's, and renames. STATUS_FAULT after a
 * message: the file is as it was.
 */
enum status key_file_save(struct key_file *file);
/* Wipes and unlocks. */
void key_file_close(struct key_file **file);

#endif
