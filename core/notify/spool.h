/*
 * Messages as files: one each, for a program that sends them, or for people to look at.
 *
 *   Channel: email
 *   To: anna@example.org
 *   Subject: ...
 *
 *   text
 */
#ifndef NOTIFY_SPOOL_H
#define NOTIFY_SPOOL_H

#include "rows_gen.h"

/*
 * Writes <folder>/<id>.txt, mode 0640, beside it and by renaming: who sees it sees all of it, and
 * a message that is written twice is one file. 0 or errno.
 */
int spool_write(const char *folder, const struct message_row *message);

#endif
