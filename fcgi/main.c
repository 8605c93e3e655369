/* kartoteka-fcgi: command line, configuration, and the hand-over to the master. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "application.h"
#include "config.h"
#include "listener.h"
#include "log.h"
#include "master.h"
#include "metrics.h"

#define DEFAULT_CONFIG "/etc/kartoteka/kartoteka.ini"
#define EXIT_USAGE     2

enum mode { MODE_SERVE, MODE_CHECK, MODE_ROUTES };

struct program {
	enum mode mode;
	const char *config_path;
	int64_t workers; /* of the command line; 0 = as configured */
	/* The one in force and the one that a reload reads. */
	struct config config[2];
	size_t current;
};

static const char usage[] =
	"usage: kartoteka-fcgi [OPTION]...\n"
	"Serves the card service's APIs over FastCGI.\n"
	"\n"
	"  --config FILE   configuration; else $KARTOTEKA_CONF, else " DEFAULT_CONFIG "\n"
	"  --workers N     number of worker processes, instead of the configured one\n"
	"  --check         check configuration, keys, routes and database, then leave\n"
	"  --routes        print the routes, then leave\n"
	"  --help          print this text\n"
	"  --version       print the version\n"
	"\n"
	"SIGTERM stops after the requests at hand; SIGHUP reloads and replaces the workers.\n";

static const struct option options[] = {
	{"config", required_argument, NULL, 'c'},
	{"workers", required_argument, NULL, 'w'},
	{"check", no_argument, NULL, 'k'},
	{"routes", no_argument, NULL, 'r'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'v'},
	{NULL, 0, NULL, 0},
};

static int usage_fault(const char *fault, const char *value)
{
	fprintf(stderr, "kartoteka-fcgi: %s: %s\n%s", value, fault, usage);
	return EXIT_USAGE;
}

/* -1 = go on; else leave with this status. */
static int take_option(struct program *program, int option)
{
	switch (option) {
	case 'c':
		program->config_path = optarg;
		return -1;
	case 'w':
		if (!str_to_i64(str_of(optarg), &program->workers) || program->workers < 1 ||
		    program->workers > ROSTER_WORKERS_MAX)
			return usage_fault("no number of workers", optarg);
		return -1;
	case 'k':
		program->mode = MODE_CHECK;
		return -1;
	case 'r':
		program->mode = MODE_ROUTES;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	case 'v':
		puts("kartoteka-fcgi " KARTOTEKA_VERSION);
		return EXIT_SUCCESS;
	default: /* getopt_long has named it */
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
}

static int take_arguments(struct program *program, int argc, char **argv)
{
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		status = take_option(program, option);
		if (status >= 0)
			return status;
	}
	return optind < argc ? usage_fault("not an option", argv[optind]) : -1;
}

static void log_fault(const char *event, const char *fault)
{
	log_event(LOG_ERROR_, event, (struct log_pair[]){{"fault", fault, 0}, {0}});
}

static void apply_log_level(const struct config *config)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(config->log_level, str_of(names[i])))
			log_init((enum log_level)i);
}

static bool load(struct program *program, struct config *config)
{
	char error[512];

	if (!config_load(config, program->config_path, error, sizeof(error))) {
		log_fault("configuration", error);
		return false;
	}
	if (program->workers != 0)
		config->workers = program->workers;
	return true;
}

static struct master_settings settings_of(const struct config *config)
{
	return (struct master_settings){.pool = {.workers = config->workers,
						 .max_requests = config->max_requests,
						 .body_max = config->body_max,
						 .watchdog_s = config->watchdog_s},
					.shutdown_s = config->shutdown_s};
}

static bool load_application(const struct config *config)
{
	char error[512];

	if (application_load(config, error, sizeof(error)))
		return true;
	log_fault("start", error);
	return false;
}

static bool reload(void *arg, struct master_settings *settings_r)
{
	struct program *program = arg;
	struct config *old = &program->config[program->current];
	struct config *new = &program->config[!program->current];

	if (!load(program, new))
		return false;
	if (!load_application(new)) {
		config_fini(new);
		return false;
	}
	if (!str_eq(old->socket, new->socket))
		log_fault("reload", "server.socket: takes effect at the next start");
	config_fini(old);
	program->current = !program->current;
	apply_log_level(new);
	*settings_r = settings_of(new);
	return true;
}

/* What is opened later must not become anybody's standard output or error. */
static bool hold_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd >= 0 && close(fd) == 0;
}

static int serve(struct program *program)
{
	const struct config *config = &program->config[program->current];
	struct listener listener = {.fd = -1};
	struct master master = {.service = application_service(),
				.listener = &listener,
				.settings = settings_of(config),
				.reload = reload,
				.arg = program};
	char error[256];
	int status = EXIT_FAILURE;

	master_block_signals();
	if (!hold_standard_descriptors() || !load_application(config))
		return status;
	if (!listener_open(&listener, config->socket.at, (mode_t)config->socket_mode, error,
			   sizeof(error))) {
		log_fault("listen", error);
		return status;
	}
	if (metrics_init(application_labels(), ROSTER_SLOTS) && application_share())
		status = master_run(&master);
	else
		log_fault("start", strerror(errno));
	application_unshare();
	metrics_fini();
	listener_close(&listener);
	return status;
}

int main(int argc, char **argv)
{
	const char *path = getenv("KARTOTEKA_CONF");
	struct program program = {.config_path = path && *path ? path : DEFAULT_CONFIG};
	struct config *config = &program.config[0];
	int status = take_arguments(&program, argc, argv);

	if (status >= 0)
		return status;
	if (program.mode == MODE_ROUTES) {
		application_routes();
		return EXIT_SUCCESS;
	}
	if (!load(&program, config))
		return EXIT_FAILURE;
	apply_log_level(config);
	if (program.mode == MODE_CHECK)
		status = application_check(config) ? EXIT_SUCCESS : EXIT_FAILURE;
	else
		status = serve(&program);
	config_fini(&program.config[program.current]);
	return status;
}
