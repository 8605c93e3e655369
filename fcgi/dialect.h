/*
 * A dialect: one vendor's API as const tables and a few converters. Adding one is
 * a .c file below dialect/ and its line in dialect.c.
 */
#ifndef FCGI_DIALECT_H
#define FCGI_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "form.h"
#include "outcome.h"
#include "reason.h"

struct request;
struct route;

#define DIALECT_FIELD_TYPES (FT_JSON + 1) /* FT_LIST and FT_OBJECT have no form */

enum dialect_flag {
	DIALECT_FOLD_CASE = 1 << 0,      /* paths and member names match without regard to case */
	DIALECT_STRICT_MEMBERS = 1 << 1, /* unknown members of a body are refused */
	DIALECT_BASIC = 1 << 2, /* login and password by HTTP Basic are as good as a token */
};

struct language {
	const char *tag; /* "ru" */
	/* Texts by enum reason, with at most one "%s", and by enum outcome; NULL = English. */
	const char *const *reasons;
	const char *const *outcomes;
};

struct dialect_status {
	short http;
	short code; /* the dialect's own number, where it has one */
};

/* What write_error puts into the dialect's form. */
struct failure {
	enum outcome outcome;
	enum reason reason;
	struct dialect_status status;
	struct str message; /* in the request's language, with the member's wire name in it */
	struct str member;  /* wire name or path of the member at fault; empty when none */
	struct str request_id;
};

struct dialect {
	const char *name;
	/* Path prefixes, whole segments; '#' stands for digits; "" owns what no other does. */
	const char *const *prefixes; /* NULL at the end */
	const char *alias; /* the routes answer also below this, one of the prefixes leads there;
			      NULL */
	const struct route *routes;
	size_t n_routes;
	unsigned flags;
	const char
		*token_header; /* CGI name of one more header that carries a token; NULL = none */
	const struct form *forms[DIALECT_FIELD_TYPES];
	int64_t text_max;                 /* characters of a text that has no limit of its own */
	const struct language *languages; /* the first is the default */
	size_t n_languages;
	struct dialect_status (*status)(enum outcome outcome, enum reason reason);
	void (*write_error)(struct buf *buf, const struct failure *failure);
	/* Root element of an error in XML, whose members are those that write_error writes; NULL =
	 * the dialect speaks JSON only. */
	const char *xml_error;
	/* Envelope around the members of an answer. */
	void (*open)(struct buf *buf, size_t language);
	void (*close)(struct buf *buf);
	/* A last word on a read that succeeded (an empty list, say); NULL = none. */
	enum outcome (*verdict)(struct request *request);
	/* OpenAPI, JSON texts: members of the envelope ("" = none) and a whole error. */
	const char *title;
	const char *envelope_schema;   /* "code":{...},"message":{...} */
	const char *envelope_required; /* "code","message" */
	const char *error_schema;
	const char *schemas; /* components of its own: "Name":{...}; NULL = none */
};

/* All dialects; static. */
extern const struct dialect *const dialects[];
extern const size_t dialects_n;

/* For dialects whose errors have no number of their own. */
struct dialect_status dialect_http_status(enum outcome outcome, enum reason reason);
/* Envelopes: the braces of the members alone, and none at all. */
void dialect_open_object(struct buf *buf, size_t language);
void dialect_close_object(struct buf *buf);
void dialect_open_nothing(struct buf *buf, size_t language);
void dialect_close_nothing(struct buf *buf);

/* The dialect whose prefix fits best; segments are decoded. */
const struct dialect *dialect_of_path(const struct dialect *const *list, size_t n,
				      const struct str *segments, size_t n_segments);
/* How many leading segments are the dialect's alias. */
size_t dialect_alias(const struct dialect *dialect, const struct str *segments, size_t n);
/* Index of the language that an Accept-Language header (NULL = none) wants most. */
size_t dialect_language(const struct dialect *dialect, const char *accept);

#endif
