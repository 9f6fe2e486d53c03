/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/strings.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void strings_free(struct strings *strings)
{
	for (size_t i = 0; i < strings->n; i++)
		free(strings->v[i]);
	free(strings->v);
	*strings = (struct strings){ 0 };
}

void strings_take(struct strings *strings, char *text)
{
	*array_add(strings->v, strings->n) = text;
}

void strings_add(struct strings *strings, const char *text)
{
	strings_take(strings, xstrdup(text));
}

void strings_add_all(struct strings *strings, const struct strings *more)
{
	for (size_t i = 0; i < more->n; i++)
		strings_add(strings, more->v[i]);
}

bool strings_has(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->n; i++)
		if (strcmp(strings->v[i], text) == 0)
			return true;
	return false;
}

bool text_ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), n_end = strlen(end);

	return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strings_sort(struct strings *strings)
{
	size_t kept = 0;

	if (!strings->n)
		return;
	qsort(strings->v, strings->n, sizeof *strings->v, compare);
	for (size_t i = 1; i < strings->n; i++) {
		if (strcmp(strings->v[kept], strings->v[i]) == 0)
			free(strings->v[i]);
		else
			strings->v[++kept] = strings->v[i];
	}
	/* array_add() finds the room from n alone, so n may not shrink below a power of
	 * two that was already passed without giving the room back. */
	strings->n = kept + 1;
	size_t room = 1;
	while (room < strings->n)
		room *= 2;
	strings->v = xreallocarray(strings->v, room, sizeof *strings->v);
}

char *strings_join(const struct strings *strings, const char *separator)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < strings->n; i++)
		fprintf(out, "%s%s", i ? separator : "", strings->v[i]);
	fclose(out);
	return text;
}

static void put_argument(FILE *out, const char *argument)
{
	static const char safe[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

	if (*argument && !argument[strspn(argument, safe)]) {
		fputs(argument, out);
		return;
	}
	fputc('\'', out);
	for (; *argument; argument++)
		if (*argument == '\'')
			fputs("'\\''", out);
		else
			fputc(*argument, out);
	fputc('\'', out);
}

char *strings_shell_line(const struct strings *argv)
{
	size_t size;
	char *line;
	FILE *out = xopen_memstream(&line, &size);

	for (size_t i = 0; i < argv->n; i++) {
		fputs(i ? " " : "", out);
		put_argument(out, argv->v[i]);
	}
	fclose(out);
	return line;
}

void strings_split(struct strings *strings, const char *text, const char *separators)
{
	text += strspn(text, separators);
	while (*text) {
		size_t n = strcspn(text, separators);

		strings_take(strings, xstrndup(text, n));
		text += n;
		text += strspn(text, separators);
	}
}
