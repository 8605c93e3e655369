#include "codec_xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <strings.h>

#include "arena.h"
#include "text.h"

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

struct xml_node {
	struct str name; /* without its prefix */
	struct str text; /* all of its own character data */
	bool nil;
	struct xml_node *parent, *first, *last, *next;
	struct buf gathered;
};

struct reader {
	struct arena *arena;
	xmlParserCtxtPtr parser;
	struct xml_node *root, *open; /* the innermost that is not closed */
	size_t depth, attributes;
	enum reason reason; /* the first fault */
	struct str where;
};

static void fail_at(struct reader *reader, enum reason reason, int line, int column)
{
	struct buf where;

	if (reader->reason != REASON_NONE)
		return;
	buf_init(&where, reader->arena, 48);
	buf_printf(&where, "line %d, column %d", line, column);
	reader->reason = reason;
	reader->where = buf_done(&where);
}

static void stop(struct reader *reader, enum reason reason)
{
	fail_at(reader, reason, xmlSAX2GetLineNumber(reader->parser),
		xmlSAX2GetColumnNumber(reader->parser));
	xmlStopParser(reader->parser);
}

static const char *text_of(const xmlChar *text)
{
	return (const char *)text;
}

/* Five pointers an attribute: name, prefix, namespace, value, end of the value. */
static bool says_nil(const xmlChar *const *attribute)
{
	struct str value = {text_of(attribute[3]), (size_t)(attribute[4] - attribute[3])};

	return strcmp(text_of(attribute[0]), "nil") == 0 && attribute[2] &&
	       strcmp(text_of(attribute[2]), XSI) == 0 &&
	       (str_eq(value, STR("true")) || str_eq(value, STR("1")));
}

static void adopt(struct reader *reader, struct xml_node *node)
{
	struct xml_node *parent = reader->open;

	node->parent = parent;
	if (!parent)
		reader->root = node;
	else if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	if (parent)
		parent->last = node;
	reader->open = node;
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int n_namespaces, const xmlChar **namespaces, int n_attributes,
		     int n_defaulted, const xmlChar **attributes)
{
	struct reader *reader = arg;
	struct xml_node *node;

	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)n_defaulted;
	reader->attributes += (size_t)(n_attributes + n_namespaces);
	if (reader->attributes > XML_ATTRIBUTES_MAX) {
		stop(reader, REASON_TOO_MANY);
		return;
	}
	if (++reader->depth > XML_DEPTH_MAX) {
		stop(reader, REASON_TOO_DEEP);
		return;
	}
	node = arena_new(reader->arena, struct xml_node);
	node->name = str_dup(reader->arena, str_of(text_of(name)));
	for (size_t i = 0; i < (size_t)n_attributes; i++)
		node->nil = node->nil || says_nil(&attributes[i * 5]);
	adopt(reader, node);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *reader = arg;
	struct xml_node *node = reader->open;

	(void)name;
	(void)prefix;
	(void)uri;
	node->text = node->gathered.at ? buf_done(&node->gathered) : STR("");
	reader->open = node->parent;
	reader->depth--;
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	struct reader *reader = arg;
	struct xml_node *node = reader->open;

	if (!node)
		return;
	if (!node->gathered.at)
		buf_init(&node->gathered, reader->arena, (size_t)len + 1);
	buf_put(&node->gathered, text, (size_t)len);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	stop(arg, REASON_DOCTYPE);
}

/* Prefixes that are not declared and the like are no faults of ours to find. */
static void on_error(void *arg, xmlErrorPtr error)
{
	struct reader *reader = arg;

	if (error->level == XML_ERR_FATAL)
		fail_at(reader, REASON_MALFORMED, error->line, error->int2);
}

static xmlParserInputPtr load_nothing(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url;
	(void)id;
	(void)parser;
	return NULL;
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = on_error,
};

/* libxml2 would follow the encoding that a body names, UTF-7 too; only the true one may stand
 * there. XML 1.0, 2.8 and 4.3.3. */
static bool names_utf8(struct str body)
{
	const char *end, *name, *close;

	if (body.len < 6 || memcmp(body.at, "<?xml", 5) != 0)
		return true;
	end = memmem(body.at, body.len, "?>", 2);
	name = end ? memmem(body.at, (size_t)(end - body.at), "encoding", 8) : NULL;
	if (!name)
		return true;
	for (name += 8; name < end && *name != '"' && *name != '\''; name++)
		;
	close = name < end ? memchr(name + 1, *name, (size_t)(end - name - 1)) : NULL;
	return close && close - name == 6 && strncasecmp(name + 1, "utf-8", 5) == 0;
}

static enum reason check_bytes(struct str body)
{
	if (memchr(body.at, '\0', body.len))
		return REASON_HAS_NUL;
	if (!text_is_utf8(body) || !names_utf8(body))
		return REASON_NOT_UTF8;
	return REASON_NONE;
}

static void parse(struct reader *reader, struct str body)
{
	xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(body.at, (int)body.len);

	if (!parser) {
		fail_at(reader, REASON_MALFORMED, 1, 1); /* an empty body, say */
		return;
	}
	reader->parser = parser;
	*parser->sax = handler;
	parser->userData = reader;
	xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	xmlParseDocument(parser);
	if (!parser->wellFormed || !reader->root || reader->open)
		fail_at(reader, REASON_MALFORMED, xmlSAX2GetLineNumber(parser),
			xmlSAX2GetColumnNumber(parser));
	xmlFreeParserCtxt(parser);
}

enum reason xml_parse(struct arena *arena, struct str body, const struct xml_node **root_r,
		      struct str *where_r)
{
	struct reader reader = {.arena = arena};
	enum reason bytes;

	if (body.len >= 3 && memcmp(body.at, "\xEF\xBB\xBF", 3) == 0)
		body = (struct str){body.at + 3, body.len - 3};
	xmlSetExternalEntityLoader(load_nothing);
	bytes = check_bytes(body);
	if (bytes != REASON_NONE)
		fail_at(&reader, bytes, 1, 1);
	else
		parse(&reader, body);
	*root_r = reader.root;
	*where_r = reader.where;
	return reader.reason;
}

static bool is_null(const void *node)
{
	return ((const struct xml_node *)node)->nil;
}

static bool same(struct str name, const char *wanted, bool fold_case)
{
	return name.len == strlen(wanted) && (fold_case ? strncasecmp(name.at, wanted, name.len)
							: strncmp(name.at, wanted, name.len)) == 0;
}

/* An element is an object when no value stands in it. */
static bool is_object(const void *node)
{
	const struct xml_node *element = node;

	return !element->nil && strspn(element->text.at, " \t\r\n") == element->text.len;
}

static bool is_list(const void *node, const struct codec *row)
{
	const struct xml_node *list = node;

	for (const struct xml_node *child = list->first; child; child = child->next) {
		if (!same(child->name, row->map->name, row->fold_case))
			return false;
	}
	return is_object(node);
}

/* Space around a value that is no text is no part of it (XML Schema 1.0 part 2, 4.3.6). */
static struct str collapse(struct str text)
{
	size_t lead = strspn(text.at, " \t\r\n");

	text = (struct str){text.at + lead, text.len - lead};
	while (text.len > 0 && strchr(" \t\r\n", text.at[text.len - 1]))
		text.len--;
	return text;
}

static struct scalar scalar_of(const void *node, const struct field *field)
{
	const struct xml_node *element = node;
	struct scalar scalar = {.kind = SCALAR_TEXT, .text = element->text};

	if (element->nil)
		scalar.kind = SCALAR_NULL;
	else if (element->first)
		scalar.kind = SCALAR_TREE;
	else if (field->type != FT_STR)
		scalar.text = collapse(scalar.text);
	return scalar;
}

static struct str name_of(const void *member)
{
	return ((const struct xml_node *)member)->name;
}

static const void *first_of(const void *parent)
{
	return ((const struct xml_node *)parent)->first;
}

static const void *next_of(const void *node)
{
	return ((const struct xml_node *)node)->next;
}

static const struct tree xml_tree = {is_null, is_object, is_list, scalar_of,
				     name_of, first_of,  next_of};

bool decode_xml(struct decode *decode, const struct xml_node *root)
{
	const struct map *map = decode->codec->map;

	if (!same(root->name, map->name, decode->codec->fold_case))
		return decode_fail(decode, REASON_UNKNOWN_VALUE, root->name);
	if (!is_object(root))
		return decode_fail(decode, REASON_NOT_OBJECT, root->name);
	return decode_tree(decode, &xml_tree, root);
}
