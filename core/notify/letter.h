/* What is said to a mail server and to an SMS gateway. */
#ifndef NOTIFY_LETTER_H
#define NOTIFY_LETTER_H

#include "rows_gen.h"

struct buf;

/* No control characters: it may stand in a header line. */
bool letter_address_is_good(struct str address);
/* The whole mail: headers (RFC 5322, RFC 2047 for the subject) and the text as base64. */
void letter_mail(struct buf *buf, const struct message_row *message, struct str from,
		 int64_t now_ms);
/* A template with {to} = the phone's digits and {text} = the text, percent-encoded (RFC 3986). */
void letter_sms(struct buf *buf, struct str template, const struct message_row *message);

#endif
