#include "letter.h"

#include <time.h>

#include "buf.h"
#include "crypto.h"
#include "text.h"
#include "utf8.h"
#include "uuid.h"

#define WORD_BYTES 39 /* of text in an encoded word, so that its line keeps to 76 characters */
#define LINE_BYTES 57 /* of text in a line of base64: 76 characters */

bool letter_address_is_good(struct str address)
{
	for (size_t i = 0; i < address.len; i++) {
		if ((unsigned char)address.at[i] < ' ' || address.at[i] == 0x7f)
			return false;
	}
	return address.len > 0;
}

static void put_base64(struct buf *buf, struct str bytes)
{
	char *at = buf_reserve(buf, 4 * (bytes.len + 2) / 3 + 1);

	buf->len += base64_encode(bytes.at, bytes.len, at);
}

static void put_subject(struct buf *buf, struct str rest)
{
	buf_text(buf, "Subject:");
	do {
		size_t len = utf8_cut(rest.at, rest.len, WORD_BYTES);
		buf_text(buf, " =?UTF-8?B?");
		put_base64(buf, (struct str){rest.at, len});
		buf_text(buf, "?=\r\n");
		rest = (struct str){rest.at + len, rest.len - len};
	} while (rest.len > 0);
}

static void put_date(struct buf *buf, int64_t now_ms)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t second = (time_t)(now_ms / 1000);
	struct tm tm;

	gmtime_r(&second, &tm);
	buf_printf(buf, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
		   months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_id(struct buf *buf, const struct uuid *id, struct str from)
{
	const char *at = memchr(from.at, '@', from.len);
	char text[UUID_TEXT_LEN];

	uuid_format(id, text);
	buf_text(buf, "Message-ID: <");
	buf_put(buf, text, sizeof(text));
	if (at)
		buf_put(buf, at, from.len - (size_t)(at - from.at));
	buf_text(buf, ">\r\n");
}

void letter_mail(struct buf *buf, const struct message_row *message, struct str from,
		 int64_t now_ms)
{
	buf_text(buf, "From: <");
	buf_str(buf, from);
	buf_text(buf, ">\r\nTo: <");
	buf_str(buf, message->recipient);
	buf_text(buf, ">\r\n");
	put_subject(buf, message->subject);
	put_date(buf, now_ms);
	put_id(buf, &message->id, from);
	buf_text(buf, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t i = 0; i < message->body.len; i += LINE_BYTES) {
		size_t left = message->body.len - i;
		put_base64(buf, (struct str){message->body.at + i,
					     left < LINE_BYTES ? left : LINE_BYTES});
		buf_text(buf, "\r\n");
	}
}

static void put_percent(struct buf *buf, struct str text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < text.len; i++) {
		if (memchr(plain, text.at[i], sizeof(plain) - 1))
			buf_char(buf, text.at[i]);
		else
			buf_printf(buf, "%%%02X", (unsigned)(unsigned char)text.at[i]);
	}
}

static bool starts_with(struct str text, struct str word)
{
	return text.len >= word.len && memcmp(text.at, word.at, word.len) == 0;
}

void letter_sms(struct buf *buf, struct str template, const struct message_row *message)
{
	static const struct str to = {"{to}", 4}, text = {"{text}", 6};

	while (template.len > 0) {
		size_t step = 1;
		if (starts_with(template, to)) {
			buf_str(buf, text_digits(buf->arena, message->recipient));
			step = to.len;
		} else if (starts_with(template, text)) {
			put_percent(buf, message->body);
			step = text.len;
		} else {
			buf_char(buf, template.at[0]);
		}
		template = (struct str){template.at + step, template.len - step};
	}
}
