/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/tokens.h"
#include "plan/view.h"

#include <string.h>

#define GRUB_FILE    "/etc/default/grub"
#define GRUB_DROPINS "/etc/default/grub.d/"

static bool is_of_grub(const struct file *file)
{
	return file->exists &&
	       (strcmp(file->path, GRUB_FILE) == 0 ||
		strncmp(file->path, GRUB_DROPINS, strlen(GRUB_DROPINS)) == 0);
}

/* What a token is divided by from its neighbours in a line of a shell script. */
static bool is_border(char c)
{
	return !c || strchr(" \t\r\n\"'=;\\", c);
}

static bool line_has(const char *line, size_t n, const char *token)
{
	size_t length = strlen(token);
	const char *end = line + n;

	for (const char *at = line; (at = memmem(at, (size_t)(end - at), token, length));
	     at++)
		if ((at == line || is_border(at[-1])) &&
		    (at + length == end || is_border(at[length])))
			return true;
	return false;
}

/* The number of the first line that has the token and is no comment; 0: none. */
static unsigned line_of(const char *text, const char *token)
{
	for (unsigned number = 1; *text; number++) {
		size_t n = strcspn(text, "\n");

		if (text[strspn(text, " \t")] != '#' && line_has(text, n, token))
			return number;
		text += n + (text[n] == '\n');
	}
	return 0;
}

char *token_origin(const struct system *system, const char *token)
{
	for (size_t i = 0; i < system->n_files; i++) {
		const struct file *file = &system->files[i];
		unsigned line = is_of_grub(file) ? line_of(file->bytes, token) : 0;

		if (line)
			return xasprintf("%s:%u", file->path, line);
	}
	return xstrdup("/proc/cmdline");
}
