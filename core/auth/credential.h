/*
 * Logins with their password verifiers. A password is kept as three scrypt keys
 * (RFC 7914) under one salt: of itself, of its SHA-1 and of its MD5 in lower-case
 * hexadecimal, because vendors' clients send one or the other. An unknown login
 * costs the same work as a wrong password.
 */
#ifndef AUTH_CREDENTIAL_H
#define AUTH_CREDENTIAL_H

#include "arena.h"
#include "err.h"
#include "principal.h"
#include "reason.h"
#include "rows_gen.h"

#define LOGIN_MAX    255  /* characters, and bytes of it and of its folded key */
#define PASSWORD_MAX 1024 /* bytes */

struct db;

/* In which forms a password may come in at some door. */
enum secret_form { SECRET_PLAIN = 1, SECRET_SHA1 = 2, SECRET_MD5 = 4 };

/* The one spelling of a login: folded. NULL text when empty or too long. */
struct str login_key(struct arena *arena, struct str login);

/*
 * Fills login, key, salt and verifiers; the caller sets organisation_id, id, role,
 * scopes, person_id, created_at. REASON_NONE, or what is wrong with the login
 * (*member_r "login") or the password ("password").
 */
enum reason credential_fill(struct credential_row *row, struct arena *arena, struct str login,
			    struct str password, int cost, const char **member_r);
/* ERR_TAKEN when the login exists anywhere in the installation. May run in a transaction. */
enum err credential_add(struct db *db, const struct credential_row *row);
/*
 * The `sub` of its tokens, by which they are called back: the login as it was made, for
 * a client his person's UUID. Borrowed from the row or in the arena.
 */
struct str credential_subject(const struct credential_row *row, struct arena *arena);

/*
 * Whether `secret` is the password in one of `forms` (enum secret_form bits). `cost` is
 * what an unknown login costs. ERR_UNAUTHENTICATED for any kind of no.
 */
enum err credential_check(struct db *db, struct arena *arena, struct str login_folded,
			  struct str secret, unsigned forms, int cost,
			  struct credential_row *row_r);

#endif
