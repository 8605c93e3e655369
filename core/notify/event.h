/*
 * A journal row as a webhook gets it: {id, organisation, operation, at, object_id, subject,
 * request_id, changes}, with a signature in the header
 *
 *   Kartoteka-Signature: t=<Unix seconds>,v1=<hexadecimal>
 *
 * v1 is HMAC-SHA256 over the digits of t, a full stop and the body, under the webhook's secret
 * as it was printed. Receivers refuse a t that is old, and know an event again by its id.
 */
#ifndef NOTIFY_EVENT_H
#define NOTIFY_EVENT_H

#include "buf.h"
#include "rows_gen.h"
#include "stmt_gen.h"

void event_body(struct buf *buf, int64_t organisation_id, const struct uuid *id,
		const struct event_get_row *event);
/* "t=...,v1=..." */
void event_signature(struct buf *buf, struct str secret, int64_t now_s, struct str body);

#endif
