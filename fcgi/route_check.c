#include <string.h>
#include <strings.h>

#include "codec.h"
#include "dialect.h"
#include "operation.h"
#include "principal.h"
#include "route.h"

struct check {
	const struct dialect *dialect;
	const struct route *route;
	struct buf *faults;
};

/* "organization GET /path: what (detail)" */
static void fault(const struct check *check, const char *what, const char *detail)
{
	buf_printf(check->faults, "%s %s %s: %s", check->dialect->name,
		   method_name(check->route->method), check->route->path, what);
	if (detail)
		buf_printf(check->faults, " (%s)", detail);
	buf_char(check->faults, '\n');
}

static size_t split(const char *path, struct str segments[ROUTE_SEGMENTS_MAX + 1])
{
	size_t n = 0;

	while (*path == '/' && n <= ROUTE_SEGMENTS_MAX) {
		segments[n] = (struct str){path + 1, strcspn(path + 1, "/")};
		path = segments[n].at + segments[n].len;
		n++;
	}
	return n;
}

static bool is_param(struct str segment)
{
	return segment.len > 2 && segment.at[0] == '{' && segment.at[segment.len - 1] == '}';
}

static bool same_paths(const char *a, const char *b, bool fold)
{
	struct str left[ROUTE_SEGMENTS_MAX + 1], right[ROUTE_SEGMENTS_MAX + 1];
	size_t n = split(a, left);

	if (n != split(b, right))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (is_param(left[i]) && is_param(right[i]))
			continue;
		if (left[i].len != right[i].len ||
		    (fold ? strncasecmp(left[i].at, right[i].at, left[i].len) != 0
			  : strncmp(left[i].at, right[i].at, left[i].len) != 0))
			return false;
	}
	return true;
}

static void check_twins(const struct check *check)
{
	const struct route *routes = check->dialect->routes;
	bool fold = check->dialect->flags & DIALECT_FOLD_CASE;

	for (const struct route *other = routes; other < check->route; other++) {
		if (other->method == check->route->method &&
		    same_paths(other->path, check->route->path, fold))
			fault(check, "two rows match this path", other->path);
	}
}

static bool has_path_field(const struct map *map, struct str name)
{
	for (size_t i = 0; map && i < map->n; i++) {
		if (map->fields[i].from == FROM_PATH && str_eq(str_of(map->fields[i].wire), name))
			return true;
	}
	return false;
}

static void check_path_fields(const struct check *check, const struct str *segments, size_t n)
{
	const struct map *in = check->route->in;

	for (size_t i = 0; in && i < in->n; i++) {
		bool found = in->fields[i].from != FROM_PATH;

		for (size_t j = 0; j < n && !found; j++)
			found = is_param(segments[j]) &&
				str_eq((struct str){segments[j].at + 1, segments[j].len - 2},
				       str_of(in->fields[i].wire));
		if (!found)
			fault(check, "path field without its {param}", in->fields[i].wire);
	}
}

/* A {param} where a prefix has digits may be some. */
static const struct dialect *owner(const struct dialect *const *list, size_t n_list,
				   const struct str *segments, size_t n)
{
	struct str asked[ROUTE_SEGMENTS_MAX + 1];

	for (size_t i = 0; i < n; i++)
		asked[i] = is_param(segments[i]) ? STR("0") : segments[i];
	return dialect_of_path(list, n_list, asked, n);
}

static void check_path(const struct check *check, const struct dialect *const *list, size_t n_list)
{
	struct str segments[ROUTE_SEGMENTS_MAX + 1];
	size_t n = split(check->route->path, segments), params = 0;

	if (check->route->path[0] != '/' || n > ROUTE_SEGMENTS_MAX || segments[n - 1].len == 0) {
		fault(check, "path malformed or too deep", NULL);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct str name = {segments[i].at + 1, segments[i].len - 2};

		if (!is_param(segments[i]))
			continue;
		params++;
		if (!has_path_field(check->route->in, name))
			fault(check, "{param} without a path field", segments[i].at);
	}
	if (params > ROUTE_PARAMS_MAX)
		fault(check, "too many {param}s", NULL);
	check_path_fields(check, segments, n);
	if (owner(list, n_list, segments, n) != check->dialect)
		fault(check, "path belongs to another dialect's prefix", NULL);
}

static void check_source(const struct check *check, const struct field *field)
{
	bool plain = field->type < FT_JSON && !field->reader;

	if (field->from != FROM_BODY && !plain)
		fault(check, "only a body carries JSON, lists and objects", field->wire);
	if (field->from == FROM_BODY && check->route->method == METHOD_GET &&
	    !(field->flags & F_QUERY_TOO))
		fault(check, "GET reads no body", field->wire);
	if ((field->flags & F_QUERY_TOO) && !plain)
		fault(check, "no place in a query string", field->wire);
}

static void check_field(const struct check *check, const struct map *map, size_t index)
{
	const struct field *field = &map->fields[index];
	size_t end;

	if (field->reader)
		return;
	if (field->type >= FT_LIST && !field->map) {
		fault(check, "list or object without a map", field->wire);
		return;
	}
	end = field->offset + codec_member_size(field);
	if (end > map->size)
		fault(check, "field beyond its struct", field->wire);
	if (map->has_sent &&
	    (field->offset < sizeof(struct sent) || field->offset >= SENT_STRUCT_MAX))
		fault(check, "field outside what `sent` can note", field->wire);
	if (field->type < FT_LIST && !field->form && !check->dialect->forms[field->type])
		fault(check, "the dialect has no form for the type", field->wire);
	if (field->min > field->max)
		fault(check, "least above most", field->wire);
	for (size_t i = 0; i < index; i++) {
		if (map->fields[i].from == field->from &&
		    strcasecmp(map->fields[i].wire, field->wire) == 0)
			fault(check, "name twice in a map", field->wire);
	}
}

/* What is chosen is noted by offset; a reader has rows to speak of. */
static void check_choice(const struct check *check, const struct map *map)
{
	if (map->by_choice && map->size > SENT_STRUCT_MAX)
		fault(check, "rows by choice beyond what can be noted", map->name);
	for (size_t i = 0; i < map->n; i++) {
		if (map->fields[i].reader && !map->about)
			fault(check, "reader without rows that it is about", map->fields[i].wire);
	}
}

/* What XML cannot carry, and what an in-map cannot read. */
static void check_forms(const struct check *check, const struct field *field, bool in)
{
	const struct form *form = field->form;

	if (field->type < FT_LIST && !form)
		form = check->dialect->forms[field->type];
	if (in && form && !form->read)
		fault(check, "a form that is only written", field->wire);
	if (check->dialect->xml_error && (field->type == FT_JSON || field->reader))
		fault(check, "XML carries no JSON", field->wire);
}

static void check_map(const struct check *check, const struct map *map, bool in, bool top)
{
	if (!map->name || !map->name[0])
		fault(check, "map without a name", NULL);
	check_choice(check, map);
	for (size_t i = 0; i < map->n; i++) {
		check_field(check, map, i);
		check_forms(check, &map->fields[i], in);
		if (map->fields[i].type >= FT_LIST && map->fields[i].map)
			check_map(check, map->fields[i].map, in, false);
		if (in && top)
			check_source(check, &map->fields[i]);
	}
}

/* The fields do not show whether the struct begins with `sent`; room for it that no field
 * reaches does. */
static void check_sent(const struct check *check, const struct map *map)
{
	size_t least = map->size;

	for (size_t i = 0; i < map->n; i++)
		least = map->fields[i].offset < least ? map->fields[i].offset : least;
	if (!map->has_sent && map->n > 0 && least >= sizeof(struct sent))
		fault(check, "in-struct begins with `sent`, its map does not say so (MAP_SENT)",
		      map->name);
}

/* Its own map, or one below it, that has this name and is not this map. */
static bool name_is_used(const struct map *map, const struct map *other)
{
	if (other && other != map && strcmp(other->name, map->name) == 0)
		return true;
	for (size_t i = 0; other && i < other->n; i++) {
		if (other->fields[i].type >= FT_LIST && name_is_used(map, other->fields[i].map))
			return true;
	}
	return false;
}

/* OpenAPI names its schemas after the maps. */
static void check_names(const struct check *check, const struct map *map)
{
	const struct route *routes = check->dialect->routes;

	for (const struct route *other = routes; other < check->route; other++) {
		if (name_is_used(map, other->in) || name_is_used(map, other->out))
			fault(check, "two maps of one name", map->name);
	}
	for (size_t i = 0; i < map->n; i++) {
		if (map->fields[i].type >= FT_LIST && map->fields[i].map)
			check_names(check, map->fields[i].map);
	}
}

static void check_size(const struct check *check, const struct map *map, size_t size,
		       const char *which)
{
	if ((map ? map->size : sizeof(struct nothing)) != size)
		fault(check, "map and operation differ in size", which);
}

/* A bare answer has rows; an answer that is kept for a repeat has no headers of its own. */
static void check_bare(const struct check *check)
{
	const struct map *out = check->route->out;
	size_t lists = 0;

	for (size_t i = 0; out && i < out->n; i++) {
		lists += out->fields[i].type == FT_LIST;
		if (out->fields[i].from == FROM_HEADER && check->route->op->mutates)
			fault(check, "header of an answer that is kept", out->fields[i].wire);
	}
	if (check->route->flags & ROUTE_BARE && lists != 1)
		fault(check, "bare answer without one list", NULL);
}

static void check_operation(const struct check *check)
{
	const struct route *route = check->route;
	const struct operation *op = route->op;

	check_size(check, route->in, op->in_size, "in");
	if (!(route->flags & ROUTE_RAW))
		check_size(check, route->out, op->out_size, "out");
	else if (route->out || op->out_size != sizeof(struct raw))
		fault(check, "raw route whose operation answers otherwise", op->name);
	if (check->dialect->xml_error && (!route->in || !route->out))
		fault(check, "XML has no root without a map", op->name);
	check_bare(check);
	if (op->mutates && route->method == METHOD_GET)
		fault(check, "GET must not write", op->name);
	if (op->mutates && (route->flags & ROUTE_PUBLIC))
		fault(check, "writes without a token", op->name);
}

static void check_words(const struct check *check)
{
	const struct route *route = check->route;
	const struct route_doc *doc = route->doc;

	if (!doc || !doc->summary || !doc->summary[0] || !doc->tag || !doc->tag[0])
		fault(check, "summary or tag missing", NULL);
	if (route->scope & ~SCOPE_ALL)
		fault(check, "unknown scope", NULL);
	if (route->scope && (route->flags & ROUTE_PUBLIC))
		fault(check, "scope without a token", NULL);
	if (route->ok < 200 || route->ok > 299)
		fault(check, "status of success out of range", NULL);
}

bool route_check(const struct dialect *const *list, size_t n, struct buf *faults)
{
	size_t before = faults->len;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < list[i]->n_routes; j++) {
			struct check check = {list[i], &list[i]->routes[j], faults};

			check_twins(&check);
			check_path(&check, list, n);
			check_words(&check);
			check_operation(&check);
			if (check.route->in) {
				check_map(&check, check.route->in, true, true);
				check_sent(&check, check.route->in);
				check_names(&check, check.route->in);
			}
			if (check.route->out) {
				check_map(&check, check.route->out, false, true);
				check_names(&check, check.route->out);
			}
		}
	}
	return faults->len == before;
}
