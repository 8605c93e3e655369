#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "application.h"
#include "arena.h"
#include "carrier.h"
#include "config.h"
#include "log.h"

#define PARAMS_MAX 64

/* What nginx would make of the request. */
struct params {
	struct arena *arena;
	struct {
		const char *name, *value;
	} list[PARAMS_MAX];
	size_t n;
	struct str answer;
};

static struct config config;

static void add(struct params *params, const char *name, const char *value)
{
	if (params->n < PARAMS_MAX) {
		params->list[params->n].name = name;
		params->list[params->n++].value = value;
	}
}

static const char *param(const struct exchange *exchange, const char *name)
{
	const struct params *params = exchange->transport;

	for (size_t i = 0; i < params->n; i++) {
		if (strcmp(params->list[i].name, name) == 0)
			return params->list[i].value;
	}
	return NULL;
}

static void take(struct exchange *exchange, const char *bytes, size_t len)
{
	struct params *params = exchange->transport;

	params->answer = str_dup(params->arena, (struct str){bytes, len});
}

/* "X-Request-Id" -> "HTTP_X_REQUEST_ID"; Content-Type has a name of its own. */
static const char *cgi_name(struct arena *arena, struct str header)
{
	struct buf name;

	buf_init(&name, arena, header.len + 8);
	buf_text(&name, "HTTP_");
	for (size_t i = 0; i < header.len; i++) {
		char c = header.at[i];

		buf_char(&name, c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	buf_done(&name);
	return strcmp(name.at, "HTTP_CONTENT_TYPE") == 0 ? "CONTENT_TYPE" : name.at;
}

static void add_headers(struct params *params, struct str lines)
{
	struct str line;

	while (script_line(&lines, &line)) {
		const char *colon = memchr(line.at, ':', line.len);
		struct str name, value;

		if (!colon)
			continue;
		name = (struct str){line.at, (size_t)(colon - line.at)};
		value = reply_header(&(struct reply){.headers = line}, name);
		add(params, cgi_name(params->arena, name), str_dup(params->arena, value).at);
	}
}

/* The file that nginx would send in the body's place. */
static bool follow(struct arena *arena, struct str method, struct reply *reply)
{
	static const char folder[] = "/_kartoteka_file/";
	struct str to = reply_header(reply, STR("X-Accel-Redirect"));
	struct buf path, body;
	size_t n;

	if (!to.at || to.len < sizeof(folder) || str_eq(method, STR("HEAD")))
		return true;
	buf_init(&path, arena, 256);
	buf_str(&path, config.files);
	buf_str(&path, (struct str){to.at + sizeof(folder) - 2, to.len - sizeof(folder) + 2});
	FILE *file = fopen(buf_done(&path).at, "re");
	if (!file)
		return false;
	buf_init(&body, arena, 65536);
	while ((n = fread(buf_reserve(&body, 4096), 1, 4096, file)) > 0)
		body.len += n;
	fclose(file);
	reply->body = buf_done(&body);
	return true;
}

static bool carry_direct(struct carrier *carrier, struct words *words, const struct step *step,
			 struct reply *reply_r)
{
	struct params params = {.arena = words->arena};
	struct exchange exchange = {
		.param = param, .send = take, .transport = &params, .body = step->body};

	(void)carrier;
	exchange.body_too_large = step->body.len > (size_t)config.body_max;
	add(&params, "REQUEST_METHOD", str_dup(words->arena, step->method).at);
	add(&params, "REQUEST_URI", str_dup(words->arena, step->target).at);
	add(&params, "REMOTE_ADDR", "127.0.0.1");
	add_headers(&params, carrier_headers(words, step));
	application_service()->serve(application_service()->arg, &exchange);
	if (!exchange.answered || params.answer.len < 12)
		return false;
	reply_r->status = (int)strtol(params.answer.at + strlen("Status: "), NULL, 10);
	return carrier_split(params.answer, reply_r) && follow(words->arena, step->method, reply_r);
}

bool carrier_direct(struct carrier *carrier, const char *config_path)
{
	char error[512];

	log_init(LOG_ERROR_);
	*carrier = (struct carrier){.carry = carry_direct};
	if (!config_load(&config, config_path, error, sizeof(error)) ||
	    !application_load(&config, error, sizeof(error))) {
		printf("Bail out! %s\n", error);
		return false;
	}
	return metrics_init(application_labels(), 1) &&
	       application_service()->open(application_service()->arg);
}

void carrier_close(struct carrier *carrier)
{
	if (carrier->carry != carry_direct)
		return;
	application_service()->close(application_service()->arg);
	metrics_fini();
	config_fini(&config);
}
