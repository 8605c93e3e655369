/*
 * XML bodies in and out, driven by the same field tables as JSON; the only user of libxml2. In:
 * no DOCTYPE, no entity but the five of XML, nothing is fetched, UTF-8 only. Namespaces,
 * attributes, comments and instructions are passed over; xsi:nil="true" is null. Out: as .NET's
 * XmlSerializer writes (learn.microsoft.com, System.Xml.Serialization).
 */
#ifndef FCGI_CODEC_XML_H
#define FCGI_CODEC_XML_H

#include "codec.h"

#define XML_BODY_MAX       ((size_t)32768)
#define XML_ATTRIBUTES_MAX 64 /* of a whole body, namespaces too */
#define XML_DEPTH_MAX      32
/* Most that a parsed body takes of an arena, in bytes: each element and text piece is bounded. */
#define XML_ARENA_MAX ((size_t)8 << 20)

struct xml_node; /* an element, in the arena of its body */

/*
 * Parses a whole body of at most XML_BODY_MAX bytes (a UTF-8 BOM is skipped). On refusal: not
 * REASON_NONE, and *where_r is "line 3, column 7".
 */
enum reason xml_parse(struct arena *arena, struct str body, const struct xml_node **root_r,
		      struct str *where_r);
/* The members of a body whose root is named as the codec's map. */
bool decode_xml(struct decode *decode, const struct xml_node *root);

/*
 * A whole document: the map's name is the root's, and that of a list's elements; F_BASE members
 * come first; null is xsi:nil="true"; numbers without trailing zeros of a fraction.
 */
void xml_write(struct buf *buf, const struct codec *codec, const void *row);
/* The same of a JSON object whose members are no objects or arrays. */
void xml_write_flat(struct buf *buf, const char *root, const struct json_value *object);

#endif
