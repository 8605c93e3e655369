#include "event.h"

#include "crypto.h"
#include "json.h"
#include "uuid.h"

static void put_uuid(struct buf *buf, const char *name, const struct uuid *id)
{
	char text[UUID_TEXT_LEN];

	uuid_format(id, text);
	json_put_name(buf, name);
	json_put_string(buf, (struct str){text, uuid_is_unset(id) ? 0 : sizeof(text)});
}

static void put_text(struct buf *buf, const char *name, struct str text)
{
	json_put_name(buf, name);
	json_put_string(buf, text);
}

void event_body(struct buf *buf, int64_t organisation_id, const struct uuid *id,
		const struct event_get_row *event)
{
	buf_char(buf, '{');
	put_uuid(buf, "id", id);
	json_put_name(buf, "organisation");
	buf_i64(buf, organisation_id);
	put_text(buf, "operation", event->operation);
	json_put_name(buf, "at");
	buf_i64(buf, event->at.ms);
	put_uuid(buf, "object_id", &event->object_id);
	put_text(buf, "subject", event->subject);
	put_text(buf, "request_id", event->request_id);
	json_put_name(buf, "changes");
	buf_str(buf, event->changes.len > 0 ? event->changes : STR("{}"));
	buf_char(buf, '}');
}

void event_signature(struct buf *buf, struct str secret, int64_t now_s, struct str body)
{
	struct hmac *hmac = hmac_open(secret.at, secret.len);
	uint8_t tag[SHA256_LEN];
	struct buf time;

	buf_init(&time, buf->arena, 24);
	buf_i64(&time, now_s);
	struct str parts[] = {buf_done(&time), STR("."), body};
	hmac_sign_parts(hmac, parts, sizeof(parts) / sizeof(parts[0]), tag);
	hmac_close(&hmac);
	buf_text(buf, "t=");
	buf_str(buf, parts[0]);
	buf_text(buf, ",v1=");
	buf_hex(buf, tag, sizeof(tag));
}
