#include "carrier.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "crypto.h"
#include "uuid.h"

#define ANSWER_MAX 65536 /* bytes of an answer that are looked away from */
#define AGENT      "kartoteka-notifier/" KARTOTEKA_VERSION

struct transfer {
	struct transfer *next, **from;
	struct job job;
	CURL *easy;
	struct curl_slist *headers, *recipients;
	char *body;
	size_t len, sent, swallowed;
	bool refused; /* no address may be called */
	char error[CURL_ERROR_SIZE];
};

struct carrier {
	CURLM *multi;
	struct transfer *first;
	carrier_done *done;
	void *arg;
	struct str ca_file;
};

/* A wrong option is our bug. */
#define SET(easy, option, value)                                                                   \
	do {                                                                                       \
		CURLcode code_ = curl_easy_setopt(easy, option, value);                            \
		assert(code_ == CURLE_OK);                                                         \
		(void)code_;                                                                       \
	} while (0)

struct carrier *carrier_open(carrier_done *done, void *arg, struct str ca_file)
{
	struct carrier *carrier = calloc(1, sizeof(*carrier));

	if (!carrier || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto fail;
	carrier->multi = curl_multi_init();
	if (!carrier->multi)
		goto fail;
	carrier->done = done;
	carrier->arg = arg;
	carrier->ca_file = ca_file;
	return carrier;
fail:
	free(carrier);
	return NULL;
}

static void transfer_free(struct carrier *carrier, struct transfer *transfer)
{
	*transfer->from = transfer->next;
	if (transfer->next)
		transfer->next->from = transfer->from;
	curl_multi_remove_handle(carrier->multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->recipients);
	if (transfer->body)
		crypto_wipe(transfer->body, transfer->len);
	free(transfer->body);
	free(transfer);
}

void carrier_close(struct carrier **carrier)
{
	struct carrier *c = *carrier;

	if (!c)
		return;
	for (struct transfer *next, *transfer = c->first; transfer; transfer = next) {
		next = transfer->next;
		transfer_free(c, transfer);
	}
	curl_multi_cleanup(c->multi);
	curl_global_cleanup();
	free(c);
	*carrier = NULL;
}

static size_t swallow(char *at, size_t size, size_t n, void *arg)
{
	struct transfer *transfer = arg;

	(void)at;
	transfer->swallowed += size * n;
	return transfer->swallowed > ANSWER_MAX ? 0 : size * n;
}

static size_t give(char *at, size_t size, size_t n, void *arg)
{
	struct transfer *transfer = arg;
	size_t left = transfer->len - transfer->sent, len = size * n < left ? size * n : left;

	memcpy(at, transfer->body + transfer->sent, len);
	transfer->sent += len;
	return len;
}

/* Every address that a name led to comes by here, just before it is called. */
static curl_socket_t open_public(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = arg;

	(void)purpose;
	if (!address_is_public(&address->addr)) {
		transfer->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A path of its own would add the system's certificates to those of the file. */
static void trust(CURL *easy, struct str ca_file)
{
	SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file.len == 0)
		return;
	SET(easy, CURLOPT_CAINFO, ca_file.at);
	SET(easy, CURLOPT_CAPATH, NULL);
}

static struct transfer *transfer_new(struct carrier *carrier, const struct job *job, struct str url,
				     struct str body, int64_t timeout_s)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));

	assert(transfer);
	transfer->job = *job;
	transfer->easy = curl_easy_init();
	transfer->len = body.len;
	transfer->body = malloc(body.len + 1);
	assert(transfer->easy && transfer->body);
	if (body.len > 0)
		memcpy(transfer->body, body.at, body.len);
	SET(transfer->easy, CURLOPT_URL, url.at);
	SET(transfer->easy, CURLOPT_PRIVATE, transfer);
	SET(transfer->easy, CURLOPT_ERRORBUFFER, transfer->error);
	SET(transfer->easy, CURLOPT_NOSIGNAL, 1L);
	SET(transfer->easy, CURLOPT_TIMEOUT, (long)timeout_s);
	/* A name server that is silent for longer would hold all others up, too. */
	SET(transfer->easy, CURLOPT_QUICK_EXIT, 1L);
	SET(transfer->easy, CURLOPT_PROXY, "");
	SET(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(transfer->easy, CURLOPT_WRITEFUNCTION, swallow);
	SET(transfer->easy, CURLOPT_WRITEDATA, transfer);
	SET(transfer->easy, CURLOPT_USERAGENT, AGENT);
	trust(transfer->easy, carrier->ca_file);
	transfer->from = &carrier->first;
	transfer->next = carrier->first;
	if (transfer->next)
		transfer->next->from = &transfer->next;
	carrier->first = transfer;
	return transfer;
}

static void log_in(CURL *easy, struct str user, struct str password)
{
	if (user.len == 0)
		return;
	SET(easy, CURLOPT_USERNAME, user.at);
	SET(easy, CURLOPT_PASSWORD, password.at ? password.at : "");
}

static void start(struct carrier *carrier, struct transfer *transfer)
{
	CURLMcode code = curl_multi_add_handle(carrier->multi, transfer->easy);

	assert(code == CURLM_OK);
	(void)code;
}

static struct curl_slist *list_of(const char *const *texts)
{
	struct curl_slist *list = NULL;

	for (; texts && *texts; texts++) {
		list = curl_slist_append(list, *texts);
		assert(list);
	}
	return list;
}

void carrier_call(struct carrier *carrier, const struct job *job, const struct call *call,
		  int64_t timeout_s)
{
	struct transfer *transfer = transfer_new(carrier, job, call->url, call->body, timeout_s);
	CURL *easy = transfer->easy;

	transfer->headers = list_of(call->headers);
	SET(easy, CURLOPT_PROTOCOLS_STR, call->https_only ? "https" : "http,https");
	SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(easy, CURLOPT_HTTPHEADER, transfer->headers);
	log_in(easy, call->user, call->password);
	if (call->body.at) {
		SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->len);
		SET(easy, CURLOPT_POSTFIELDS, transfer->body);
	}
	if (call->guarded) {
		SET(easy, CURLOPT_OPENSOCKETFUNCTION, open_public);
		SET(easy, CURLOPT_OPENSOCKETDATA, transfer);
	} else {
		/* A guarded transfer must not find this connection. */
		SET(easy, CURLOPT_FRESH_CONNECT, 1L);
		SET(easy, CURLOPT_FORBID_REUSE, 1L);
	}
	start(carrier, transfer);
}

void carrier_mail(struct carrier *carrier, const struct job *job, const struct mailing *mailing,
		  int64_t timeout_s)
{
	struct transfer *transfer =
		transfer_new(carrier, job, mailing->url, mailing->text, timeout_s);
	CURL *easy = transfer->easy;

	transfer->recipients = list_of((const char *const[]){mailing->to.at, NULL});
	SET(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(easy, CURLOPT_USE_SSL, (long)(mailing->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	log_in(easy, mailing->user, mailing->password);
	SET(easy, CURLOPT_MAIL_FROM, mailing->from.at);
	SET(easy, CURLOPT_MAIL_RCPT, transfer->recipients);
	SET(easy, CURLOPT_UPLOAD, 1L);
	SET(easy, CURLOPT_READFUNCTION, give);
	SET(easy, CURLOPT_READDATA, transfer);
	SET(easy, CURLOPT_FORBID_REUSE, 1L);
	start(carrier, transfer);
}

size_t carrier_busy(const struct carrier *carrier, enum job_kind kind,
		    const struct uuid *webhook_id)
{
	size_t n = 0;

	for (const struct transfer *t = carrier->first; t; t = t->next)
		n += t->job.kind == kind &&
		     (!webhook_id || uuid_eq(webhook_id, &t->job.webhook_id));
	return n;
}

/* What libcurl says may name what a server sent, and be cut in the middle of a character. */
static void fault_put(const struct transfer *transfer, CURLcode code, long status,
		      char fault[CURL_ERROR_SIZE])
{
	const char *words = *transfer->error ? transfer->error : curl_easy_strerror(code);

	if (transfer->refused)
		words = "the address is not public";
	if (code == CURLE_UNSUPPORTED_PROTOCOL)
		words = "not https://";
	if (code == CURLE_OK)
		snprintf(fault, CURL_ERROR_SIZE, "answered %ld", status);
	else
		snprintf(fault, CURL_ERROR_SIZE, "%s", words);
	for (char *at = fault; *at; at++) {
		if (*at < ' ' || *at > '~')
			*at = '?';
	}
}

/* An HTTP answer is good from 200 to 299; mail is when libcurl says so. */
static void finish(struct carrier *carrier, struct transfer *transfer, CURLcode code)
{
	struct outcome outcome = {.fault = ""};
	struct job job = transfer->job;
	char fault[CURL_ERROR_SIZE] = "";
	bool mail = transfer->recipients != NULL;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &outcome.status);
	/* A long answer was cut by ourselves. */
	if (code == CURLE_WRITE_ERROR && transfer->swallowed > ANSWER_MAX)
		code = CURLE_OK;
	outcome.good =
		code == CURLE_OK && (mail || (outcome.status >= 200 && outcome.status <= 299));
	if (!outcome.good)
		fault_put(transfer, code, outcome.status, fault);
	outcome.fault = fault;
	transfer_free(carrier, transfer);
	carrier->done(carrier->arg, &job, &outcome);
}

void carrier_step(struct carrier *carrier, int fd, int wait_ms)
{
	struct curl_waitfd other = {.fd = fd, .events = CURL_WAIT_POLLIN};
	struct transfer *transfer = NULL;
	int left;

	/* What was added just now is due at once: then it does not wait. */
	curl_multi_poll(carrier->multi, &other, 1, wait_ms, NULL);
	curl_multi_perform(carrier->multi, &left);
	for (CURLMsg *said; (said = curl_multi_info_read(carrier->multi, &left));) {
		CURLcode code = said->data.result;
		curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &transfer);
		finish(carrier, transfer, code);
	}
}
