/*
 * Who asks, as a checked token says it, and what he may do. Scopes and roles are
 * lists: the token, the program `kartoteka` and the route table use the same words.
 */
#ifndef AUTH_PRINCIPAL_H
#define AUTH_PRINCIPAL_H

#include "buf.h"
#include "types.h"

#define SCOPE_LIST(X)                                                                              \
	X(CARDS_READ, "cards:read")                                                                \
	X(CARDS_WRITE, "cards:write")                                                              \
	X(LEDGER_READ, "ledger:read")                                                              \
	X(LEDGER_WRITE, "ledger:write")                                                            \
	X(PEOPLE_READ, "people:read")                                                              \
	X(PEOPLE_WRITE, "people:write")                                                            \
	X(WASHING_READ, "washing:read")                                                            \
	X(WASHING_WRITE, "washing:write")                                                          \
	X(REPORTS_READ, "reports:read")                                                            \
	X(ADMIN, "admin")

enum scope_index {
#define X(name, text) SCOPE_INDEX_##name,
	SCOPE_LIST(X)
#undef X
		SCOPE_INDEX__MAX
};

/* One bit each; credential.scopes stores them, so rows are only added at the end. */
enum scope {
#define X(name, text) SCOPE_##name = 1 << SCOPE_INDEX_##name,
	SCOPE_LIST(X)
#undef X
};

#define SCOPE_ALL ((uint32_t)((1u << SCOPE_INDEX__MAX) - 1))

/* credential.role stores the number. */
enum role { ROLE_NONE, ROLE_ORGANISATION, ROLE_CLIENT };

#define SUBJECT_MAX 255 /* bytes */
#define JTI_MAX     255 /* bytes */

struct principal {
	int64_t organisation_id;
	enum role role;
	uint32_t scopes;       /* SCOPE_... bits */
	struct str subject;    /* a login, or for ROLE_CLIENT the person's UUID in lower case */
	struct str jti;        /* the token's id */
	struct uuid person_id; /* ROLE_CLIENT only */
	int64_t issued_ms, expires_ms;
};

/* A client sees what belongs to its own person only; unset = it belongs to nobody. */
bool principal_may_see(const struct principal *principal, const struct uuid *person_id);
/* "organization", "client"; "" for ROLE_NONE. Static. */
const char *role_text(enum role role);
/* ROLE_NONE when it is neither word. */
enum role role_parse(struct str text);
/* One word -> its bit, 0 when unknown. */
uint32_t scope_parse_word(struct str word);
/* Words divided by single or more spaces. false when one is unknown; *scopes_r holds the known
 * ones. */
bool scope_parse(struct str text, uint32_t *scopes_r);
/* The words of the bits, in the list's order, divided by one space. */
void scope_print(uint32_t scopes, struct buf *buf);

#endif
