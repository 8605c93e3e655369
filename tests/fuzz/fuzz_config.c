/* config_parse(): no file crashes it; what is refused is named with its line and leaves nothing. */
#include <assert.h>

#include "config_table.h"
#include "planted.h"
#include "text.h"

static void check_values(struct config *config)
{
	for (size_t i = 0; i < config_params_n; i++) {
		const struct param *param = &config_params[i];

		if (param_is_number(param)) {
			assert(*param_number(param, config) >= param->min);
			assert(*param_number(param, config) <= param->max);
		} else {
			struct str text = *param_text(param, config);

			assert(text_is_utf8(text) && text.at[text.len] == '\0');
			planted_overflow(text.at, text.len);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config;
	char error[256] = "";

	if (config_parse(&config, (struct str){(const char *)data, size}, "fuzz.ini", error,
			 sizeof(error))) {
		assert(error[0] == '\0');
		check_values(&config);
		config_fini(&config);
	} else {
		assert(strncmp(error, "fuzz.ini:", strlen("fuzz.ini:")) == 0);
		assert(!config.issuer.at);
	}
	return 0;
}
