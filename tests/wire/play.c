/* Plays transcripts of requests and wanted answers against the service. */
#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "arena.h"
#include "carrier.h"
#include "json.h"
#include "schema.h"

#define ARENA_MAX ((size_t)1 << 30)

static const char usage[] =
	"usage: play (--url URL | --config FILE) [--define NAME=VALUE]... FILE|FOLDER...\n"
	"Plays *.http transcripts, sorted by name, against a server or in-process.\n"
	"Every answer must fit the transcript and /openapi.json.\n"
	"  --url URL            over HTTP, e.g. http://127.0.0.1:8080\n"
	"  --config FILE        in-process, with this configuration\n"
	"  --define NAME=VALUE  a variable of the transcripts; `token` is sent where none is "
	"named\n"
	"Exit status: 0 all fit, 1 not all, 2 usage.\n";

struct player {
	struct arena arena;
	struct carrier carrier;
	const struct json_value *document;
	struct words words;
	size_t count, failed;
};

static bool fetch_document(struct player *player)
{
	struct step step = {
		.method = STR("GET"), .target = STR("/openapi.json"), .headers = STR("token:")};
	struct reply reply = {0};
	const char *where = "";

	if (!player->carrier.carry(&player->carrier, &player->words, &step, &reply) ||
	    reply.status != 200 ||
	    json_parse(&player->arena, reply.body, &player->document, &where) != REASON_NONE) {
		printf("Bail out! no /openapi.json (%d %s)\n", reply.status, where);
		return false;
	}
	return true;
}

static bool fill(struct words *words, struct step *step)
{
	struct str *parts[] = {&step->target, &step->headers, &step->body};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		*parts[i] = words_fill(words, parts[i]->at ? *parts[i] : STR(""));
		if (!parts[i]->at)
			return false;
	}
	return true;
}

static bool play_step(struct player *player, struct step step)
{
	struct reply reply = {0};
	bool good;

	if (!fill(&player->words, &step))
		return false;
	if (!player->carrier.carry(&player->carrier, &player->words, &step, &reply)) {
		puts("# no answer");
		return false;
	}
	good = judge(&player->words, &step, &reply);
	return schema_check(&player->arena, player->document, step.method, step.target, &reply) &&
	       good;
}

static void tell(struct player *player, const char *path, const struct step *step, bool good)
{
	player->count++;
	player->failed += !good;
	printf("%s %zu - %s:%zu %.*s %.*s\n", good ? "ok" : "not ok", player->count, path,
	       step->line, (int)step->method.len, step->method.at,
	       (int)(step->target.len > 100 ? 100 : step->target.len), step->target.at);
}

static void play_file(struct player *player, const char *path)
{
	struct words before = player->words;
	size_t mark = arena_mark(&player->arena);
	struct script script;

	if (!script_read(&script, &player->arena, path)) {
		player->failed++;
		printf("not ok %zu - %s\n", ++player->count, path);
	} else {
		for (size_t i = 0; i < script.n; i++)
			tell(player, path, &script.steps[i], play_step(player, script.steps[i]));
	}
	player->words = before; /* a transcript stands for itself */
	arena_reset(&player->arena, mark);
}

static void check_examples(struct player *player)
{
	bool good = schema_examples(player->document);

	player->count++;
	player->failed += !good;
	printf("%s %zu - examples of /openapi.json\n", good ? "ok" : "not ok", player->count);
}

static int is_transcript(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".http") == 0;
}

static void play_path(struct player *player, const char *path)
{
	struct stat status;
	struct dirent **list = NULL;
	int n;

	if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
		play_file(player, path);
		return;
	}
	n = scandir(path, &list, is_transcript, alphasort);
	for (int i = 0; i < n; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, list[i]->d_name);
		play_file(player, file);
		free(list[i]);
	}
	free(list);
	if (n <= 0) {
		player->failed++;
		printf("not ok %zu - %s: no transcript\n", ++player->count, path);
	}
}

static bool take_define(struct player *player, const char *pair)
{
	const char *mark = strchr(pair, '=');

	if (!mark)
		return false;
	words_set(&player->words, (struct str){pair, (size_t)(mark - pair)}, str_of(mark + 1));
	return true;
}

/* False = usage. */
static bool take_options(struct player *player, int argc, char **argv, const char **url_r,
			 const char **config_r)
{
	static const struct option options[] = {
		{"url", required_argument, NULL, 'u'},
		{"config", required_argument, NULL, 'c'},
		{"define", required_argument, NULL, 'd'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (option == 'u')
			*url_r = optarg;
		else if (option == 'c')
			*config_r = optarg;
		else if (option != 'd' || !take_define(player, optarg))
			return false;
	}
	return optind < argc && (*url_r == NULL) != (*config_r == NULL);
}

int main(int argc, char **argv)
{
	static struct player player;
	const char *url = NULL, *config = NULL;
	bool open;

	if (!arena_init(&player.arena, ARENA_MAX))
		return 2;
	player.words.arena = &player.arena;
	if (!take_options(&player, argc, argv, &url, &config)) {
		fputs(usage, stderr);
		return 2;
	}
	open = url ? carrier_http(&player.carrier, &player.arena, url)
		   : carrier_direct(&player.carrier, config);
	if (!open || !fetch_document(&player))
		return 1;
	check_examples(&player);
	for (; optind < argc; optind++)
		play_path(&player, argv[optind]);
	carrier_close(&player.carrier);
	printf("1..%zu\n%zu passed, %zu failed\n", player.count, player.count - player.failed,
	       player.failed);
	arena_fini(&player.arena);
	return player.failed > 0;
}
