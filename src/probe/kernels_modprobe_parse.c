/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of modprobe.d (libkmod/libkmod-config.c, kmod_config_parse). */
#include "probe/kernels_modprobe.h"

#include "base/memory.h"

#include <string.h>

#define BLANKS "\t "

/* The next line, joined where a backslash ends it; any other backslash disappears, as it
 * does in freadline_wrapped(). *number grows by the lines that were read. NULL at the
 * end. The caller frees it. */
static char *next_line(const char **text, unsigned *number)
{
	size_t size;
	char *line;
	FILE *out;

	if (!**text)
		return NULL;
	out = xopen_memstream(&line, &size);
	for (; **text && **text != '\n'; ++*text) {
		if (**text == '\\' && *++*text == '\n') {
			++*number;
			continue;
		}
		if (!**text)
			break;
		putc_unlocked(**text, out);
	}
	if (**text)
		++*text;
	++*number;
	fclose(out);
	return line;
}

/* '-' becomes '_' but for within brackets; false where those do not pair up
 * (shared/util.c, underscores). */
static bool to_underscores(char *name)
{
	for (char *c = name; *c; c++) {
		if (*c == ']')
			return false;
		if (*c == '-')
			*c = '_';
		if (*c == '[') {
			c += strcspn(c, "]");
			if (!*c)
				return false;
		}
	}
	return true;
}

static void parse_softdep(const char *pattern, const char *rest, const char *name,
			  unsigned number, struct softdep_lines *softdeps)
{
	struct softdep_line *line = array_add(softdeps->v, softdeps->n);
	cleanup_strings struct strings words = { 0 };
	struct strings *list = NULL;

	line->pattern = xstrdup(pattern);
	line->where = xasprintf("%s:%u", name, number);
	strings_split(&words, rest, " \t\n\v\f\r");
	/* Words before the first 'pre:' or 'post:' mean nothing, but such a line hides
	 * the later ones all the same. */
	for (size_t i = 0; i < words.n; i++) {
		if (strcmp(words.v[i], "pre:") == 0)
			list = &line->pre;
		else if (strcmp(words.v[i], "post:") == 0)
			list = &line->post;
		else if (list)
			strings_add(list, words.v[i]);
	}
}

static void parse_alias(const char *pattern, char *rest, struct aliases *aliases)
{
	char *state, *module = strtok_r(rest, BLANKS, &state);

	if (module && to_underscores(module))
		aliases_add(aliases, pattern, module);
}

/* What keeps a module from being loaded or changes what it does. */
static const struct {
	const char *name;
	enum setting_command command;
	bool needs_text;
} setting_commands[] = {
	{ "options", SETTING_OPTIONS, true },
	{ "blacklist", SETTING_BLACKLIST, false },
	{ "install", SETTING_INSTALL, true },
};

static void parse_setting(const char *command, char *module, const char *rest,
			  const char *name, unsigned number, struct settings *settings)
{
	for (size_t i = 0; i < sizeof setting_commands / sizeof *setting_commands; i++)
		if (strcmp(command, setting_commands[i].name) == 0 &&
		    (rest || !setting_commands[i].needs_text) && to_underscores(module))
			*array_add(settings->v, settings->n) = (struct setting){
				.command = setting_commands[i].command,
				.where = xasprintf("%s:%u", name, number),
				.module = xstrdup(module),
				.text = xstrdup(rest ? rest + strspn(rest, BLANKS) : ""),
			};
}

void modprobe_parse(const char *text, const char *name, struct softdep_lines *softdeps,
		    struct aliases *aliases, struct settings *settings)
{
	unsigned number = 0;

	for (;;) {
		unsigned first_number = number + 1;
		cleanup_free char *line = next_line(&text, &number);
		char *command, *first, *rest, *state = NULL;

		if (!line)
			return;
		command = *line == '#' ? NULL : strtok_r(line, BLANKS, &state);
		first = command ? strtok_r(NULL, BLANKS, &state) : NULL;
		rest = first ? strtok_r(NULL, "", &state) : NULL;
		if (settings && first)
			parse_setting(command, first, rest, name, first_number, settings);
		if (!rest)
			continue;
		if (strcmp(command, "softdep") == 0 && to_underscores(first))
			parse_softdep(first, rest, name, first_number, softdeps);
		else if (aliases && strcmp(command, "alias") == 0)
			parse_alias(first, rest, aliases);
	}
}
