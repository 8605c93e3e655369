#include "principal.h"

#include "uuid.h"

static const char *const role_texts[] = {
	[ROLE_NONE] = "",
	[ROLE_ORGANISATION] = "organization",
	[ROLE_CLIENT] = "client",
};

static const char *const scope_texts[SCOPE_INDEX__MAX] = {
#define X(name, text) [SCOPE_INDEX_##name] = text,
	SCOPE_LIST(X)
#undef X
};

bool principal_may_see(const struct principal *principal, const struct uuid *person_id)
{
	return principal->role != ROLE_CLIENT ||
	       (!uuid_is_unset(person_id) && uuid_eq(person_id, &principal->person_id));
}

const char *role_text(enum role role)
{
	return role_texts[role];
}

enum role role_parse(struct str text)
{
	for (enum role role = ROLE_ORGANISATION; role <= ROLE_CLIENT; role++) {
		if (str_eq(text, str_of(role_texts[role])))
			return role;
	}
	return ROLE_NONE;
}

uint32_t scope_parse_word(struct str word)
{
	for (unsigned i = 0; i < SCOPE_INDEX__MAX; i++) {
		if (str_eq(word, str_of(scope_texts[i])))
			return 1u << i;
	}
	return 0;
}

bool scope_parse(struct str text, uint32_t *scopes_r)
{
	uint32_t scopes = 0;
	bool known = true;

	for (size_t i = 0; i < text.len;) {
		size_t start = i;
		while (i < text.len && text.at[i] != ' ')
			i++;
		if (i > start) {
			uint32_t bit = scope_parse_word((struct str){text.at + start, i - start});
			known = known && bit != 0;
			scopes |= bit;
		}
		i++;
	}
	*scopes_r = scopes;
	return known;
}

void scope_print(uint32_t scopes, struct buf *buf)
{
	bool first = true;

	for (unsigned i = 0; i < SCOPE_INDEX__MAX; i++) {
		if (!(scopes & (1u << i)))
			continue;
		if (!first)
			buf_char(buf, ' ');
		buf_text(buf, scope_texts[i]);
		first = false;
	}
}
