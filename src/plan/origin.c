/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/tokens.h"
#include "plan/view.h"

#include <string.h>

/* Files and folders, in the order in which they are searched: what an administrator
 * edits before what is made of it. */
static const char *const places[] = {
	GRUB_PATH,
	GRUB_DROPIN_FOLDER,
	KERNEL_CMDLINE_PATH,
	CMDLINE_D_FOLDER,
	KERNEL_CMDLINE_SHIPPED_PATH,
	"/boot/loader/entries/",
	"/efi/loader/entries/",
	"/boot/efi/loader/entries/",
};

static bool is_in(const struct file *file, const char *place)
{
	size_t n = strlen(place);

	if (place[n - 1] != '/')
		return strcmp(file->path, place) == 0;
	/* What is in a file of our own is not by hand. */
	return strncmp(file->path, place, n) == 0 &&
	       !strstr(file->path + n, "vfio-bootcfg") &&
	       !strstr(file->path + n, FALLBACK_ENTRY_MARK);
}

/* What a token is divided by from its neighbours, in a script of the shell too. */
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

static char *origin_in(const struct system *system, const char *place, const char *token)
{
	for (size_t i = 0; i < system->n_files; i++) {
		const struct file *file = &system->files[i];
		unsigned line = 0;

		if (file->exists && is_in(file, place))
			line = line_of(file->bytes, token);
		if (line)
			return xasprintf("%s:%u", file->path, line);
	}
	return NULL;
}

char *token_origin(const struct system *system, const char *token)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char *origin = origin_in(system, places[i], token);

		if (origin)
			return origin;
	}
	return xstrdup("/proc/cmdline");
}
