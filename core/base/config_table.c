#include "config_table.h"

#include <inttypes.h>
#include <stdio.h>

#include "crypto.h"

/* The system's limit of a unix socket's path, sun_path of unix(7), less its NUL. */
#define SOCKET_PATH_MAX 107
#define FILE_PATH_MAX   4095
/* inih cuts a line at 199 bytes; what fits beside a name. */
#define TEXT_MAX 170

#define AT(member) offsetof(struct config, member)
#define TEXT(s, n, m, fallback, min, max, help)                                                    \
	{                                                                                          \
		s, n, AT(m), PARAM_TEXT, fallback, min, max, NULL, help                            \
	}
#define PATH(s, n, m, fallback, min, max, help)                                                    \
	{                                                                                          \
		s, n, AT(m), PARAM_PATH, fallback, min, max, NULL, help                            \
	}
#define INT(s, n, m, fallback, min, max, help)                                                     \
	{                                                                                          \
		s, n, AT(m), PARAM_INT, fallback, min, max, NULL, help                             \
	}
#define OCTAL(s, n, m, fallback, min, max, help)                                                   \
	{                                                                                          \
		s, n, AT(m), PARAM_OCTAL, fallback, min, max, NULL, help                           \
	}
#define CHOICE(s, n, m, fallback, choices, help)                                                   \
	{                                                                                          \
		s, n, AT(m), PARAM_CHOICE, fallback, 0, 0, choices, help                           \
	}

/* clang-format off */
const struct param config_params[] = {
	PATH("server", "socket", socket, "/run/kartoteka/kartoteka.sock", 1, SOCKET_PATH_MAX,
	     "Unix socket of the workers, unless the service manager hands one over."),
	OCTAL("server", "socket_mode", socket_mode, "0660", 0, 0777,
	      "Permission bits of the socket."),
	INT("server", "workers", workers, "8", 1, 1024,
	    "Worker processes."),
	INT("server", "max_requests", max_requests, "100000", 0, 1000000000,
	    "Requests that a worker serves before a fresh one takes its place; 0 = never."),
	INT("server", "body_max", body_max, "1048576", 1024, 4194304,
	    "Largest request body, in bytes; nginx's client_max_body_size beside it."),
	INT("server", "shutdown_s", shutdown_s, "30", 1, 3600,
	    "Seconds that requests in flight get at shutdown."),
	INT("server", "watchdog_s", watchdog_s, "30", 1, 3600,
	    "A worker that serves one request for longer is killed."),
	CHOICE("server", "log_level", log_level, "info", "debug info warn error",
	       "Least level of the lines on standard error."),
	TEXT("server", "cors_origins", cors_origins, "", 0, TEXT_MAX,
	     "Origins that browsers may call from, space-separated; empty = CORS off."),

	PATH("database", "socket", db_socket, "/run/mysqld/mysqld.sock", 0, SOCKET_PATH_MAX,
	     "Unix socket of the database; used when host is empty."),
	TEXT("database", "host", db_host, "", 0, TEXT_MAX,
	     "Host of the database; empty = the unix socket."),
	INT("database", "port", db_port, "3306", 1, 65535,
	    "TCP port of the database."),
	TEXT("database", "name", db_name, "kartoteka", 1, 64,
	     "Database."),
	TEXT("database", "user", db_user, "kartoteka", 1, 80,
	     "Database user."),
	PATH("database", "password_file", db_password_file, "", 0, FILE_PATH_MAX,
	     "File with the password on its first line; empty = none."),
	CHOICE("database", "tls", db_tls, "off", "off required verify",
	       "TLS to the database; verify = check its certificate and name too."),
	INT("database", "connect_timeout_s", db_connect_timeout_s, "5", 1, 60,
	    "Seconds to connect in."),
	INT("database", "statement_timeout_ms", db_statement_timeout_ms, "2000", 10, 600000,
	    "Milliseconds that one statement may take."),
	INT("database", "lock_wait_s", db_lock_wait_s, "3", 1, 60,
	    "Seconds that a statement waits for a row's lock."),

	PATH("token", "keyring", keyring, "/etc/kartoteka/keyring", 1, FILE_PATH_MAX,
	     "Keys that tokens are signed with: lines of kid, secret in base64, state."),
	TEXT("token", "issuer", issuer, "kartoteka", 1, TEXT_MAX,
	     "Claim iss of tokens."),
	TEXT("token", "audience", audience, "kartoteka", 1, TEXT_MAX,
	     "Claim aud of tokens."),
	INT("token", "ttl_s", token_ttl_s, "86400", 60, 31622400,
	    "Seconds that a signed-in token lives."),
	INT("token", "leeway_s", leeway_s, "60", 0, 600,
	    "Seconds that other hosts' clocks may be off."),

	PATH("ledger", "keys", ledger_keys, "/etc/kartoteka/ledger.keys", 1, FILE_PATH_MAX,
	     "Keys of the ledger's chain: lines of kid, secret in base64."),

	INT("idempotency", "keep_h", idempotency_keep_h, "24", 24, 8760,
	    "Hours that the answer to an Idempotency-Key is kept."),

	INT("throttle", "sign_in_per_subject", sign_in_per_subject, "10", 1, 1000000,
	    "Failed sign-ins of one login within the window."),
	INT("throttle", "sign_in_per_address", sign_in_per_address, "300", 1, 1000000,
	    "Failed sign-ins from one address within the window."),
	INT("throttle", "sign_in_window_s", sign_in_window_s, "900", 1, 86400,
	    "Window of sign-ins, in seconds."),
	INT("throttle", "codes_per_subject", codes_per_subject, "5", 1, 1000000,
	    "One-time codes sent to one person within the window."),
	INT("throttle", "codes_per_address", codes_per_address, "100", 1, 1000000,
	    "One-time codes asked for from one address within the window."),
	INT("throttle", "codes_window_s", codes_window_s, "3600", 1, 86400,
	    "Window of one-time codes, in seconds."),
	INT("throttle", "scrypt_cost", scrypt_cost, "14", 10, SCRYPT_COST_MAX,
	    "Cost of new password verifiers: scrypt with N = 2^cost, so 1 KiB * N of memory."),

	PATH("files", "folder", files, "/var/lib/kartoteka/files", 1, FILE_PATH_MAX,
	     "Folder of card files on their way to a client; nginx sends them from there."),

	PATH("notify", "spool", spool, "/var/spool/kartoteka", 1, FILE_PATH_MAX,
	     "Folder of mail and SMS on their way out."),
	CHOICE("notify", "mail", mail, "spool", "spool smtp",
	       "Where e-mail goes."),
	CHOICE("notify", "sms", sms, "spool", "spool http",
	       "Where SMS go."),
	TEXT("notify", "smtp_url", smtp_url, "", 0, TEXT_MAX,
	     "Mail server: smtp://host:587, or smtps://host for TLS from the first byte."),
	CHOICE("notify", "smtp_tls", smtp_tls, "required", "off required",
	       "STARTTLS of an smtp:// server."),
	TEXT("notify", "smtp_from", smtp_from, "", 0, TEXT_MAX,
	     "Sender's address."),
	TEXT("notify", "smtp_user", smtp_user, "", 0, TEXT_MAX,
	     "Login at the mail server; empty = none."),
	PATH("notify", "smtp_password_file", smtp_password_file, "", 0, FILE_PATH_MAX,
	     "File with its password on the first line."),
	TEXT("notify", "sms_url", sms_url, "", 0, TEXT_MAX,
	     "SMS gateway; {to} is the phone's digits, {text} the message, percent-encoded."),
	TEXT("notify", "sms_body", sms_body, "", 0, TEXT_MAX,
	     "Form that is posted to it, with {to} and {text}; empty = a GET."),
	TEXT("notify", "sms_user", sms_user, "", 0, TEXT_MAX,
	     "Login at the gateway (HTTP Basic); empty = none."),
	PATH("notify", "sms_password_file", sms_password_file, "", 0, FILE_PATH_MAX,
	     "File with its password on the first line."),
	INT("notify", "timeout_s", notify_timeout_s, "10", 1, 60,
	    "Seconds that one mail, SMS or event may take."),
	INT("notify", "retry_s", notify_retry_s, "5", 1, 3600,
	    "Seconds before the second try; they double with each further one, up to an hour."),
	PATH("notify", "ca_file", notify_ca_file, "", 0, FILE_PATH_MAX,
	     "Certificates (PEM) of the authorities that servers are trusted by; empty = the system's."),
	INT("notify", "webhook_tries", webhook_tries, "15", 1, 100,
	    "Tries to deliver an event before it is a dead letter."),
	CHOICE("notify", "webhook_private", webhook_private, "refuse", "refuse allow",
	       "Webhooks at loopback, private and link-local addresses."),
	CHOICE("notify", "webhook_http", webhook_http, "allow", "refuse allow",
	       "Webhooks at http:// URLs, where anybody on the way can read along."),
};
/* clang-format on */

const size_t config_params_n = sizeof(config_params) / sizeof(config_params[0]);

void param_limits(const struct param *param, char limits[PARAM_LIMITS_MAX])
{
	static const char *const form[] = {
		[PARAM_TEXT] = "%" PRId64 " to %" PRId64 " bytes",
		[PARAM_PATH] = "path of %" PRId64 " to %" PRId64 " bytes",
		[PARAM_INT] = "%" PRId64 " to %" PRId64,
		[PARAM_OCTAL] = "octal, %" PRIo64 " to %" PRIo64,
	};

	if (param->type == PARAM_CHOICE)
		snprintf(limits, PARAM_LIMITS_MAX, "one of: %s", param->choices);
	else
		snprintf(limits, PARAM_LIMITS_MAX, form[param->type], param->min, param->max);
}
