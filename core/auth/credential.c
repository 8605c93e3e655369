#include "credential.h"

#include "crypto.h"
#include "db.h"
#include "stmt_gen.h"
#include "text.h"
#include "uuid.h"

#define SALT_LEN      16
#define SCRYPT_KEY    32
#define LOGIN_KEY_MAX 255
#define COST_MAX      20 /* 1 GiB: beyond it a stored row is damaged */

struct str login_key(struct arena *arena, struct str login)
{
	struct str none = {NULL, 0};

	if (!text_is_utf8(login) || text_length(login) > LOGIN_MAX)
		return none;
	struct str key = text_fold(arena, login, LOGIN_KEY_MAX + 1);
	return key.len == 0 || key.len > LOGIN_KEY_MAX ? none : key;
}

static struct str derive(struct arena *arena, struct str secret, struct str salt, int cost)
{
	uint8_t *key = arena_alloc(arena, SCRYPT_KEY);

	if (!scrypt(secret, (const uint8_t *)salt.at, cost, key))
		return (struct str){NULL, 0};
	return (struct str){(const char *)key, SCRYPT_KEY};
}

/* The three texts that a password may come as, each under the row's salt. */
static bool verifiers_fill(struct credential_row *row, struct arena *arena, struct str password)
{
	char sha1[41], md5[33];
	int cost = (int)row->cost;

	sha1_hex(password.at, password.len, sha1);
	md5_hex(password.at, password.len, md5);
	row->plain_key = derive(arena, password, row->salt, cost);
	row->sha1_key = derive(arena, str_of(sha1), row->salt, cost);
	row->md5_key = derive(arena, str_of(md5), row->salt, cost);
	crypto_wipe(sha1, sizeof(sha1));
	crypto_wipe(md5, sizeof(md5));
	return row->plain_key.at && row->sha1_key.at && row->md5_key.at;
}

enum reason credential_fill(struct credential_row *row, struct arena *arena, struct str login,
			    struct str password, int cost, const char **member_r)
{
	uint8_t *salt = arena_alloc(arena, SALT_LEN);

	*member_r = "login";
	row->login = login;
	row->login_key = login_key(arena, login);
	if (!row->login_key.at)
		return login.len == 0 ? REASON_REQUIRED : REASON_MALFORMED;
	if (login.len > SUBJECT_MAX)
		return REASON_TOO_LONG;
	*member_r = "password";
	if (password.len == 0)
		return REASON_REQUIRED;
	if (password.len > PASSWORD_MAX)
		return REASON_TOO_LONG;
	crypto_random(salt, SALT_LEN);
	row->salt = (struct str){(const char *)salt, SALT_LEN};
	row->cost = cost;
	return verifiers_fill(row, arena, password) ? REASON_NONE : REASON_BUG;
}

enum err credential_add(struct db *db, const struct credential_row *row)
{
	return sql_credential_insert(db, row, NULL);
}

struct str credential_subject(const struct credential_row *row, struct arena *arena)
{
	if (row->role != ROLE_CLIENT)
		return row->login;
	char *text = arena_alloc(arena, UUID_TEXT_LEN + 1);
	uuid_format(&row->person_id, text);
	return (struct str){text, UUID_TEXT_LEN};
}

static bool is_sound(const struct credential_row *row)
{
	return row->salt.len == SALT_LEN && row->plain_key.len == SCRYPT_KEY &&
	       row->sha1_key.len == SCRYPT_KEY && row->md5_key.len == SCRYPT_KEY && row->cost > 0 &&
	       row->cost <= COST_MAX;
}

/* Every comparison is made, whatever the others said. */
static bool matches(const struct credential_row *row, struct str key, unsigned forms)
{
	unsigned match = 0;

	match |= crypto_equal(row->plain_key.at, key.at, SCRYPT_KEY) ? SECRET_PLAIN : 0u;
	match |= crypto_equal(row->sha1_key.at, key.at, SCRYPT_KEY) ? SECRET_SHA1 : 0u;
	match |= crypto_equal(row->md5_key.at, key.at, SCRYPT_KEY) ? SECRET_MD5 : 0u;
	return (match & forms) != 0;
}

enum err credential_check(struct db *db, struct arena *arena, struct str login_folded,
			  struct str secret, unsigned forms, int cost, struct credential_row *row_r)
{
	static const char nobodys_salt[SALT_LEN + 1] = "no such login at";
	struct credential_row row = {0};
	struct str salt = {nobodys_salt, SALT_LEN};

	enum err err = sql_credential_by_login(
		db, arena, &(struct credential_by_login_in){login_folded}, &row);
	if (err && err != ERR_NOT_FOUND)
		return err;
	bool known = !err && is_sound(&row);
	if (!err && !known)
		return ERR_INTERNAL;
	struct str key =
		derive(arena, secret, known ? row.salt : salt, known ? (int)row.cost : cost);
	if (!key.at)
		return ERR_INTERNAL;
	if (!known || !matches(&row, key, forms))
		return ERR_UNAUTHENTICATED;
	*row_r = row;
	return ERR_OK;
}
