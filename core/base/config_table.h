/* The parameters of kartoteka.ini as rows; private to config*.c. */
#ifndef BASE_CONFIG_TABLE_H
#define BASE_CONFIG_TABLE_H

#include "config.h"

enum param_type {
	PARAM_TEXT,
	PARAM_PATH,   /* a relative one is taken from the file's folder */
	PARAM_INT,    /* decimal */
	PARAM_OCTAL,  /* permission bits */
	PARAM_CHOICE, /* one of the words in `choices` */
};

struct param {
	const char *section, *name;
	size_t offset; /* in struct config */
	enum param_type type;
	const char *fallback; /* the default, as it stands in a file */
	int64_t min, max;     /* numbers: value; PARAM_TEXT, PARAM_PATH: bytes */
	const char *choices;  /* space-separated */
	const char *help;     /* one line */
};

extern const struct param config_params[];
extern const size_t config_params_n;

static inline bool param_is_number(const struct param *param)
{
	return param->type == PARAM_INT || param->type == PARAM_OCTAL;
}

static inline struct str *param_text(const struct param *param, struct config *config)
{
	return (struct str *)(void *)((char *)config + param->offset);
}

static inline int64_t *param_number(const struct param *param, struct config *config)
{
	return (int64_t *)(void *)((char *)config + param->offset);
}

#define PARAM_LIMITS_MAX 128
/* What the value may be, as words: "1 to 1024". */
void param_limits(const struct param *param, char limits[PARAM_LIMITS_MAX]);

#endif
