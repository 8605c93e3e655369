/* JSON schemas (2020-12) of field tables; shared by the parts of the OpenAPI writer. */
#ifndef FCGI_OPENAPI_SCHEMA_H
#define FCGI_OPENAPI_SCHEMA_H

#include "codec.h"
#include "route.h"

enum schema_way { SCHEMA_IN, SCHEMA_OUT };

/* A map that a schema component was written for. */
struct component {
	const struct dialect *dialect;
	const struct codec *codec;
	enum schema_way way;
};

struct components {
	struct arena *arena;
	struct component *list;
	size_t n, cap;
};

/* {"type":...} of one field; lists and objects refer to components, which it notes. */
void schema_put_field(struct buf *buf, struct components *components, const struct dialect *dialect,
		      const struct codec *codec, size_t index, enum schema_way way);
/* "name":{...},... and "a","b": body fields only on the way in. */
void schema_put_properties(struct buf *buf, struct components *components,
			   const struct dialect *dialect, const struct codec *codec,
			   enum schema_way way);
void schema_put_required(struct buf *buf, const struct codec *codec, enum schema_way way);
/* {"$ref":...} of a map, noted as a component. */
void schema_put_reference(struct buf *buf, struct components *components,
			  const struct dialect *dialect, const struct codec *codec,
			  enum schema_way way);
/* "Name":{...},... of all that were noted, and of those that these refer to. */
void schema_put_components(struct buf *buf, struct components *components);

#endif
