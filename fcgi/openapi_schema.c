#include "openapi_schema.h"

#include <string.h>

#include "arena.h"
#include "decimal.h"
#include "dialect.h"
#include "json.h"

static bool is_shown(const struct field *field, enum schema_way way)
{
	return field->from == FROM_BODY || (way == SCHEMA_OUT && field->from != FROM_HEADER);
}

static size_t component_note(struct components *components, struct component component)
{
	size_t i;

	for (i = 0; i < components->n; i++) {
		const struct component *old = &components->list[i];

		if (old->dialect == component.dialect && old->way == component.way &&
		    old->codec->map == component.codec->map)
			return i;
	}
	if (components->n == components->cap) {
		size_t size = sizeof(struct component) * components->cap;

		components->list = arena_grow(components->arena, components->list, size,
					      size * 2 + sizeof(struct component) * 32);
		components->cap = components->cap * 2 + 32;
	}
	components->list[components->n++] = component;
	return i;
}

static void put_component_name(struct buf *buf, const struct component *component)
{
	buf_printf(buf, "%s.%s%s", component->dialect->name, component->codec->map->name,
		   component->way == SCHEMA_IN ? ".in" : "");
}

void schema_put_reference(struct buf *buf, struct components *components,
			  const struct dialect *dialect, const struct codec *codec,
			  enum schema_way way)
{
	size_t at = component_note(components, (struct component){dialect, codec, way});

	buf_text(buf, "{\"$ref\":\"#/components/schemas/");
	put_component_name(buf, &components->list[at]);
	buf_text(buf, "\"}");
}

static void put_amount_limit(struct buf *buf, const char *name, int64_t minor)
{
	char text[DECIMAL_TEXT_MAX];

	buf_text(buf, name);
	buf_put(buf, text, decimal_format((struct amount){minor}, text));
}

static void put_limits(struct buf *buf, const struct codec *codec, const struct field *field)
{
	bool ranged = field->min != 0 || field->max != 0;

	switch ((enum field_type)field->type) {
	case FT_STR:
		buf_printf(buf, ",\"maxLength\":%lld",
			   (long long)(field->max ? field->max : codec->text_max));
		if (field->min > 0 || (field->flags & F_NOT_EMPTY))
			buf_printf(buf, ",\"minLength\":%lld",
				   (long long)(field->min > 0 ? field->min : 1));
		break;
	case FT_I64:
	case FT_MOMENT:
		if (ranged && field->min > INT64_MIN)
			buf_printf(buf, ",\"minimum\":%lld", (long long)field->min);
		if (ranged && field->max < INT64_MAX)
			buf_printf(buf, ",\"maximum\":%lld", (long long)field->max);
		break;
	case FT_AMOUNT:
		if (ranged) {
			put_amount_limit(buf, ",\"minimum\":", field->min);
			put_amount_limit(buf, ",\"maximum\":", field->max);
		}
		break;
	case FT_BOOL:
	case FT_UUID:
	case FT_JSON:
	case FT_LIST:
	case FT_OBJECT:
		break;
	}
}

static void put_type(struct buf *buf, struct components *components, const struct dialect *dialect,
		     const struct codec_field *at, enum schema_way way)
{
	if (at->field->reader) {
		buf_text(buf, at->field->reader->schema);
		return;
	}
	if (at->form) {
		buf_text(buf, way == SCHEMA_IN ? at->form->schema_in : at->form->schema_out);
		return;
	}
	if (at->field->type == FT_LIST && !(at->field->flags & F_ROW)) {
		buf_text(buf, "\"type\":\"array\",\"items\":");
		schema_put_reference(buf, components, dialect, at->nested, way);
		return;
	}
	buf_text(buf, "\"allOf\":[");
	schema_put_reference(buf, components, dialect, at->nested, way);
	buf_char(buf, ']');
}

void schema_put_field(struct buf *buf, struct components *components, const struct dialect *dialect,
		      const struct codec *codec, size_t index, enum schema_way way)
{
	const struct codec_field *at = &codec->fields[index];
	bool nullable = way == SCHEMA_OUT && (at->field->flags & F_ELSE_NULL);
	size_t before;

	buf_char(buf, '{');
	before = buf->len;
	buf_text(buf, nullable ? "\"anyOf\":[{" : "");
	put_type(buf, components, dialect, at, way);
	buf_text(buf, nullable ? "},{\"type\":\"null\"}]" : "");
	if (way == SCHEMA_IN)
		put_limits(buf, codec, at->field);
	if (at->field->flags & F_SECRET)
		buf_text(buf, ",\"writeOnly\":true");
	if (at->field->doc) {
		buf_text(buf, buf->len > before ? ",\"description\":" : "\"description\":");
		json_put_string(buf, str_of(at->field->doc));
	}
	buf_char(buf, '}');
}

void schema_put_properties(struct buf *buf, struct components *components,
			   const struct dialect *dialect, const struct codec *codec,
			   enum schema_way way)
{
	for (size_t i = 0; i < codec->n; i++) {
		if (!is_shown(codec->fields[i].field, way))
			continue;
		json_put_comma(buf);
		json_put_string(buf, codec->fields[i].name);
		buf_char(buf, ':');
		schema_put_field(buf, components, dialect, codec, i, way);
	}
}

void schema_put_required(struct buf *buf, const struct codec *codec, enum schema_way way)
{
	for (size_t i = 0; i < codec->n; i++) {
		const struct field *field = codec->fields[i].field;

		if (!is_shown(field, way) || codec->map->by_choice ||
		    (way == SCHEMA_IN ? !(field->flags & F_REQUIRED)
				      : (field->when || field->flags & F_OMIT_UNSET) &&
						!(field->flags & F_ELSE_NULL)))
			continue;
		json_put_comma(buf);
		json_put_string(buf, codec->fields[i].name);
	}
}

void schema_put_components(struct buf *buf, struct components *components)
{
	/* writing one may note another */
	for (size_t i = 0; i < components->n; i++) {
		struct component component = components->list[i];

		json_put_comma(buf);
		buf_char(buf, '"');
		put_component_name(buf, &component);
		buf_text(buf, "\":{\"type\":\"object\",\"required\":[");
		schema_put_required(buf, component.codec, component.way);
		buf_text(buf, "],\"properties\":{");
		schema_put_properties(buf, components, component.dialect, component.codec,
				      component.way);
		buf_text(buf,
			 component.way == SCHEMA_OUT ? "},\"additionalProperties\":false}" : "}}");
	}
}
