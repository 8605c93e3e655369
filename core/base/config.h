/*
 * kartoteka.ini: one table of parameters, each with its section, name, type,
 * default, limits and a line of help. The shipped file and kartoteka.ini(5) are
 * written from the same table.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct config {
	/* [server] */
	struct str socket;	 /* path of the workers' unix socket */
	int64_t socket_mode;	 /* octal permission bits */
	int64_t workers;	 /* processes */
	int64_t max_requests;	 /* requests a worker serves before it is replaced; 0 = never */
	int64_t body_max;	 /* bytes */
	int64_t shutdown_s;	 /* grace before SIGKILL */
	int64_t watchdog_s;	 /* a worker serving one request longer than this is killed */
	struct str log_level;	 /* debug, info, warn, error */
	struct str cors_origins; /* space-separated allow-list; "" = CORS off */
	/* [database] */
	struct str db_socket, db_host, db_name, db_user, db_password_file, db_tls;
	int64_t db_port, db_connect_timeout_s, db_statement_timeout_ms, db_lock_wait_s;
	/* [token] */
	struct str keyring, issuer, audience;
	int64_t token_ttl_s, leeway_s;
	/* [ledger] */
	struct str ledger_keys;
	/* [idempotency] */
	int64_t idempotency_keep_h;
	/* [throttle] */
	int64_t sign_in_per_subject, sign_in_per_address, sign_in_window_s;
	int64_t codes_per_subject, codes_per_address, codes_window_s;
	int64_t scrypt_cost; /* log2 N */
	/* [files] */
	struct str files;
	/* [notify] */
	struct str spool;
	struct str mail, sms; /* ways out: spool or smtp; spool or http */
	struct str smtp_url, smtp_tls, smtp_from, smtp_user, smtp_password_file;
	struct str sms_url, sms_body, sms_user, sms_password_file;
	struct str notify_ca_file;                /* "" = the system's */
	struct str webhook_private, webhook_http; /* refuse or allow */
	int64_t notify_timeout_s, notify_retry_s, webhook_tries;
};

/* Defaults only. Strings are static. */
void config_defaults(struct config *config);
/*
 * Reads a file over the defaults. Unknown section or key, a value out of range,
 * an indented continuation, a key twice: false, with "file:line: what" in error[].
 * Relative paths are taken from the file's folder. Strings live until config_fini.
 */
bool config_load(struct config *config, const char *path, char *error, size_t error_size);
/* The same of a text; `path` is its name in messages, and its folder that of relative paths. */
bool config_parse(struct config *config, struct str text, const char *path, char *error,
		  size_t error_size);
void config_fini(struct config *config);
/* Writes the commented file with all defaults. */
void config_print(struct buf *buf);
/* kartoteka.ini(5) as roff. */
void config_print_man(struct buf *buf);

#endif
