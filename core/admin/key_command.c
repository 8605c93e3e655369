#include <stdio.h>
#include <time.h>

#include "admin.h"
#include "key_file.h"

#define KID_TRIES 100

static const struct key_line *find(const struct key_lines *lines, struct str kid)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (str_eq(str_of(lines->key[i].kid), kid))
			return &lines->key[i];
	}
	return NULL;
}

static const struct key_line *signing(const struct key_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (lines->key[i].state == KEY_SIGN)
			return &lines->key[i];
	}
	return NULL;
}

static struct key_file *open_file(struct admin *admin)
{
	bool ledger = admin_has(admin, "ledger");
	struct str path = ledger ? admin->config.ledger_keys : admin->config.keyring;

	return key_file_open(admin, path.at, !ledger);
}

/* A day and a number that is free: k20261121-1. */
static struct str fresh_kid(struct admin *admin, const struct key_lines *lines)
{
	time_t second = (time_t)(admin->now_ms / 1000);
	char day[16] = "";
	struct tm tm;

	if (gmtime_r(&second, &tm))
		strftime(day, sizeof(day), "%Y%m%d", &tm);
	for (int i = 1; i <= KID_TRIES; i++) {
		struct buf buf;
		buf_init(&buf, &admin->arena, KID_MAX);
		buf_printf(&buf, "k%s-%d", day, i);
		struct str kid = buf_done(&buf);
		if (!find(lines, kid))
			return kid;
	}
	return (struct str){NULL, 0};
}

static enum status parse_kid(struct admin *admin, const struct key_lines *lines, struct str *kid_r)
{
	*kid_r = admin_has(admin, "kid") ? admin_str(admin, "kid") : fresh_kid(admin, lines);
	if (!kid_is_good(*kid_r))
		return admin_usage("--kid: not 1 to 32 of A-Z a-z 0-9 . _ -");
	if (find(lines, *kid_r))
		return admin_fault("--kid: %s is there already", kid_r->at);
	if (lines->n == KEYRING_MAX)
		return admin_fault("key file: it holds %d keys, no more fit", KEYRING_MAX);
	return STATUS_OK;
}

static enum status parse_state(struct admin *admin, enum key_state *state_r)
{
	struct str text = admin_str(admin, "state");

	*state_r = KEY_SIGN;
	if (!text.at)
		return STATUS_OK;
	if (admin_has(admin, "ledger"))
		return admin_usage("--state: ledger keys have none");
	if (str_eq(text, STR("verify")))
		*state_r = KEY_VERIFY;
	else if (!str_eq(text, STR("sign")))
		return admin_usage("--state: not sign or verify");
	return STATUS_OK;
}

/* One key signs: the one before goes on checking. */
static void demote(struct admin *admin, struct key_file *file)
{
	const struct key_line *old = signing(key_file_lines(file));

	if (old && !admin_has(admin, "ledger"))
		key_file_set(file, str_of(old->kid), KEY_VERIFY);
}

static enum status run_add(struct admin *admin)
{
	enum key_state state;
	struct str kid;

	enum status status = parse_state(admin, &state);
	if (status)
		return status;
	struct key_file *file = open_file(admin);
	if (!file)
		return STATUS_FAULT;
	status = parse_kid(admin, key_file_lines(file), &kid);
	if (!status) {
		if (state == KEY_SIGN)
			demote(admin, file);
		key_file_add(file, kid, state);
		status = key_file_save(file);
	}
	key_file_close(&file);
	if (!status)
		printf("%s\n", kid.at);
	return status;
}

/* A key that is there, in the state that the command asks for. */
static enum status change(struct admin *admin, enum key_state state)
{
	struct key_file *file = open_file(admin);
	struct str kid = admin_str(admin, "kid");
	enum status status;

	if (!file)
		return STATUS_FAULT;
	const struct key_line *line = find(key_file_lines(file), kid);
	if (!line) {
		status = admin_fault("--kid: %s is not in the key ring", kid.at);
	} else if (state == KEY_RETIRED && line->state == KEY_SIGN) {
		status = admin_fault("--kid: %s signs; let another key sign first", kid.at);
	} else {
		if (state == KEY_SIGN)
			demote(admin, file);
		key_file_set(file, kid, state);
		status = key_file_save(file);
	}
	key_file_close(&file);
	return status;
}

static enum status run_sign(struct admin *admin)
{
	return change(admin, KEY_SIGN);
}

static enum status run_retire(struct admin *admin)
{
	return change(admin, KEY_RETIRED);
}

static enum status run_list(struct admin *admin)
{
	static const char *const names[] = {"kid", "state"};
	struct key_file *file = open_file(admin);
	struct table table;

	if (!file)
		return STATUS_FAULT;
	const struct key_lines *lines = key_file_lines(file);
	table_begin(&table, admin, names, 2);
	for (size_t i = 0; i < lines->n; i++)
		table_row(&table,
			  (struct cell[]){{str_of(lines->key[i].kid), 0},
					  {str_of(key_state_text(lines->key[i].state)), 0}});
	table_end(&table);
	key_file_close(&file);
	return STATUS_OK;
}

#define LEDGER_OPTION                                                                              \
	{                                                                                          \
		"ledger", NULL, "the file of the ledger's chain keys, of which the newest signs",  \
			0, NULL                                                                    \
	}

static const struct option_row add_options[] = {
	{"kid", "K", "its name, of A-Z a-z 0-9 . _ -; default: made from the day", 0, NULL},
	{"state", "STATE",
	 "sign (default; the key that signed becomes verify) or verify (first on every host)", 0,
	 "sign verify"},
	LEDGER_OPTION,
};

static const struct option_row kid_options[] = {
	{"kid", "K", "its name", OPTION_REQUIRED, NULL},
};

static const struct option_row list_options[] = {
	LEDGER_OPTION,
	{"json", NULL, "as JSON", 0, NULL},
};

static const struct command commands[] = {
	{.name = "key add",
	 .help = "Add a fresh key to the key ring and print its kid; workers read it on reload",
	 OPTIONS(add_options),
	 .needs = NEED_CONFIG,
	 .run = run_add},
	{.name = "key sign",
	 .help = "Let a key that every host knows sign; the one before becomes verify",
	 OPTIONS(kid_options),
	 .needs = NEED_CONFIG,
	 .run = run_sign},
	{.name = "key retire",
	 .help = "Refuse the tokens of a key that does not sign any more",
	 OPTIONS(kid_options),
	 .needs = NEED_CONFIG,
	 .run = run_retire},
	{.name = "key list",
	 .help = "List the keys, never their secrets",
	 OPTIONS(list_options),
	 .needs = NEED_CONFIG,
	 .run = run_list},
};

const struct command_group key_commands = COMMAND_GROUP(commands);
