/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/custody.h"

#include <string.h>

/* Scripts and records name the words without giving them to a kernel. */
static const char *const no_sources[] = {
	"/var/lib/vfio-bootcfg/",
	"/etc/grub.d/",
	"/etc/kernel/install.d/",
	"/usr/sbin/",
};

static bool is_source(const struct file *file)
{
	if (!file->exists || !file->bytes)
		return false;
	for (size_t i = 0; i < sizeof no_sources / sizeof *no_sources; i++)
		if (strncmp(file->path, no_sources[i], strlen(no_sources[i])) == 0)
			return false;
	return true;
}

/* Blanks, and what a shell or another format may put around a list of words. */
static bool is_border(char c)
{
	return strchr(" \t\r\"'\\", c);
}

static bool has_token(const char *line, const char *end, const char *token)
{
	size_t n = strlen(token);
	const char *at = line;

	if (line < end && *line == '#')
		return false;
	while ((at = memmem(at, (size_t)(end - at), token, n))) {
		if ((at == line || is_border(at[-1])) &&
		    (at + n == end || is_border(at[n])))
			return true;
		at++;
	}
	return false;
}

/* The line, or 0. */
static unsigned line_of(const struct file *file, const char *token)
{
	const char *at = file->bytes, *end = file->bytes + file->size;
	unsigned line = 0;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		line++;
		if (has_token(at, stop, token))
			return line;
		at = stop + 1;
	}
	return 0;
}

struct custody custody_of(const struct boot *boot, const char *token)
{
	const struct system *system = boot->plan->system;
	struct custody custody = { 0 };

	if (system && system->is_of_other_machine)
		return custody;
	for (size_t i = 0; system && i < system->n_files; i++) {
		const struct file *file = &system->files[i];

		if (!is_source(file))
			continue;
		custody.has_files = true;
		custody.line = line_of(file, token);
		if (custody.line) {
			custody.path = file->path;
			return custody;
		}
	}
	return custody;
}
