/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/modprobe.h"

#include "base/cmdline.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void settings_free(struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		free(settings->v[i].where);
		free(settings->v[i].module);
		free(settings->v[i].text);
	}
	free(settings->v);
	*settings = (struct settings){ 0 };
}

const struct setting *settings_find(const struct settings *settings,
				    enum setting_command command, const char *module)
{
	for (size_t i = 0; i < settings->n; i++)
		if (settings->v[i].command == command &&
		    strcmp(settings->v[i].module, module) == 0)
			return &settings->v[i];
	return NULL;
}

char *settings_option(const struct settings *settings, const char *module,
		      const char *parameter, const struct setting **ret_line)
{
	char *value = NULL;

	for (size_t i = 0; i < settings->n; i++) {
		const struct setting *line = &settings->v[i];
		cleanup_cmdline struct cmdline options = { 0 };
		const char *found;

		if (line->command != SETTING_OPTIONS || strcmp(line->module, module) != 0)
			continue;
		/* The kernel takes both apart with one function, next_arg(). */
		cmdline_parse(line->text, &options);
		found = cmdline_value(&options, parameter);
		if (!found)
			continue;
		free(value);
		value = xstrdup(found);
		*ret_line = line;
	}
	return value;
}
