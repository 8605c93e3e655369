/* kartoteka-notifier: command line, configuration, signals. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "log.h"
#include "notifier.h"

#define DEFAULT_CONFIG "/etc/kartoteka/kartoteka.ini"
#define EXIT_USAGE     2
#define ERROR_MAX      512

struct program {
	const char *config_path;
	bool check;
	struct config *config;
	struct notifier *notifier;
	int signals; /* descriptor */
	bool stopping;
	int64_t stop_us; /* monotonic: until when */
};

static const char usage[] =
	"usage: kartoteka-notifier [OPTION]...\n"
	"Sends what waits in the database: mail, SMS, and events to webhooks.\n"
	"\n"
	"  --config FILE   configuration; else $KARTOTEKA_CONF, else " DEFAULT_CONFIG "\n"
	"  --check         check configuration and database, then leave\n"
	"  --help          print this text\n"
	"  --version       print the version\n"
	"\n"
	"SIGTERM stops after what is under way; SIGHUP reads the configuration again. Several may\n"
	"run, on one host or on many.\n";

static const struct option options[] = {
	{"config", required_argument, NULL, 'c'},
	{"check", no_argument, NULL, 'k'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'v'},
	{NULL, 0, NULL, 0},
};

/* -1 = go on; else leave with this status. */
static int take_option(struct program *program, int option)
{
	switch (option) {
	case 'c':
		program->config_path = optarg;
		return -1;
	case 'k':
		program->check = true;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	case 'v':
		puts("kartoteka-notifier " KARTOTEKA_VERSION);
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
	if (optind == argc)
		return -1;
	fprintf(stderr, "kartoteka-notifier: %s: not an option\n%s", argv[optind], usage);
	return EXIT_USAGE;
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

/* Reads the configuration, and opens what it says; what runs stays when that is no good. */
static bool load(struct program *program)
{
	char error[ERROR_MAX];
	struct config *config = malloc(sizeof(*config));
	struct notifier *notifier;

	if (!config || !config_load(config, program->config_path, error, sizeof(error))) {
		log_fault("configuration", config ? error : "no memory");
		free(config);
		return false;
	}
	notifier = notifier_open(config, error, sizeof(error));
	if (!notifier) {
		log_fault("configuration", error);
		config_fini(config);
		free(config);
		return false;
	}
	notifier_close(&program->notifier);
	if (program->config)
		config_fini(program->config);
	free(program->config);
	program->config = config;
	program->notifier = notifier;
	apply_log_level(config);
	return true;
}

static bool hold_signals(struct program *program)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	program->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return program->signals >= 0;
}

/* A reload gives up nothing: it waits for what is under way. */
static void take_signals(struct program *program, bool *reload)
{
	struct signalfd_siginfo info;

	while (read(program->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP) {
			*reload = true;
			continue;
		}
		log_event(LOG_INFO_, "notifier stops", NULL);
		program->stopping = true;
		program->stop_us =
			clock_monotonic_us() + program->config->shutdown_s * INT64_C(1000000);
	}
}

static int serve(struct program *program)
{
	bool reload = false, busy = true;

	log_event(LOG_INFO_, "notifier started", NULL);
	while (!program->stopping || (busy && clock_monotonic_us() < program->stop_us)) {
		busy = notifier_step(program->notifier, program->signals,
				     program->stopping || reload);
		take_signals(program, &reload);
		if (reload && !busy) {
			log_event(LOG_INFO_, "notifier reloads", NULL);
			(void)load(program);
			reload = false;
		}
	}
	log_event(LOG_INFO_, "notifier stopped", NULL);
	return EXIT_SUCCESS;
}

static int check(struct program *program)
{
	const char *fault = notifier_check(program->notifier);

	if (fault)
		log_fault("check", fault);
	return fault ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *path = getenv("KARTOTEKA_CONF");
	struct program program = {.config_path = path && *path ? path : DEFAULT_CONFIG};
	int status = take_arguments(&program, argc, argv);

	if (status >= 0)
		return status;
	if (!hold_signals(&program) || !load(&program))
		return EXIT_FAILURE;
	status = program.check ? check(&program) : serve(&program);
	notifier_close(&program.notifier);
	config_fini(program.config);
	free(program.config);
	close(program.signals);
	return status;
}
