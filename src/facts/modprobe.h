/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modprobe.d says of the modules that reserve, with the line that says it. */
#pragma once

#include <stddef.h>

enum setting_command { SETTING_OPTIONS, SETTING_BLACKLIST, SETTING_INSTALL };

struct setting {
	enum setting_command command;
	char *where;  /* 'FILE:LINE' */
	char *module; /* with underscores */
	char *text;   /* what follows it: options, or a command of the shell; or '' */
};

/* In the order in which libkmod reads the files and their lines. */
struct settings {
	struct setting *v;
	size_t n;
};
void settings_free(struct settings *settings);

/* The first line of that command for the module, or NULL. Borrowed. */
const struct setting *settings_find(const struct settings *settings,
				    enum setting_command command, const char *module);

/*
 * The value of a parameter by all `options` lines of a module, which it gets in one
 * string: the last one counts. NULL where there is none; *ret_line, borrowed, is the line
 * that has it. The caller frees it.
 */
char *settings_option(const struct settings *settings, const char *module,
		      const char *parameter, const struct setting **ret_line);
