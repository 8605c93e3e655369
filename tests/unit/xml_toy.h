/* Maps that XML is tried on, with the toy dialect's forms. */
#ifndef TESTS_XML_TOY_H
#define TESTS_XML_TOY_H

#include "toy.h"

struct xml_part {
	struct str name;
	int64_t n;
};

struct xml_in {
	struct sent sent;
	struct str name;
	int64_t count;
	struct amount sum;
	bool flag;
	struct list parts;
};

struct xml_out {
	struct str name;
	struct amount sum, total;
	bool flag;
	struct xml_part main_part;
	struct list parts;
	int64_t method;
};

static inline void xml_word(struct buf *buf, const struct field *field, const void *member)
{
	(void)field;
	(void)member;
	buf_text(buf, "\"word\"");
}

static const struct form xml_word_form = {.write = xml_word};

static const struct field xml_part_fields[] = {
	FIELD(struct xml_part, name, "Name", .flags = F_REQUIRED),
	FIELD(struct xml_part, n, "N"),
};
static const struct map xml_part_map = MAP("XmlPart", struct xml_part, xml_part_fields);

static const struct field xml_in_fields[] = {
	FIELD(struct xml_in, name, "Name", .max = 4),
	FIELD(struct xml_in, count, "Count", .min = 1, .max = 9),
	FIELD(struct xml_in, sum, "Sum"),
	FIELD(struct xml_in, flag, "Flag"),
	FIELD(struct xml_in, parts, "Parts", .max = 2, .map = &xml_part_map),
};
static const struct map xml_in_map = MAP_SENT("XmlIn", struct xml_in, xml_in_fields);

static const struct field xml_out_fields[] = {
	FIELD(struct xml_out, name, "Name"),
	FIELD(struct xml_out, flag, "Flag"),
	FIELD(struct xml_out, main_part, "Main", .flags = F_OMIT_UNSET | F_ELSE_NULL,
	      .map = &xml_part_map),
	FIELD(struct xml_out, method, "Method", .xml_form = &xml_word_form),
	FIELD(struct xml_out, sum, "Sum", .flags = F_BASE),
	FIELD(struct xml_out, total, "Total", .flags = F_BASE),
	FIELD(struct xml_out, parts, "Parts", .flags = F_BASE, .map = &xml_part_map),
};
static const struct map xml_out_map = MAP("XmlOut", struct xml_out, xml_out_fields);

#endif
