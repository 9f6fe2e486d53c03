/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/ini.h"

#include "base/memory.h"

#include <iniparser.h>
#include <stdlib.h>

struct ini {
	dictionary *values;
};

/* The index has its own words, with lines, for everything that iniparser complains of. */
static int say_nothing(const char *format, ...)
{
	return 0;
}

struct ini *ini_load(const char *path)
{
	dictionary *values;
	struct ini *ini;

	iniparser_set_error_callback(say_nothing);
	values = iniparser_load(path);
	iniparser_set_error_callback(NULL);
	if (!values)
		return NULL;
	ini = xcalloc(1, sizeof *ini);
	ini->values = values;
	return ini;
}

void ini_free(struct ini *ini)
{
	if (!ini)
		return;
	iniparser_freedict(ini->values);
	free(ini);
}

const char *ini_value(const struct ini *ini, const char *section, const char *key)
{
	cleanup_free char *entry = xasprintf("%s:%s", section, key);

	return iniparser_getstring(ini->values, entry, NULL);
}
