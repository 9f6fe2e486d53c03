/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/snapshot_lines.h"

#include "base/memory.h"
#include "sys/snapshot.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* In a path a blank would end it, and bytes past ASCII may be anything. */
static void put_path(FILE *out, struct redactor *redactor, const char *path)
{
	cleanup_free char *clean = redactor ? redact_path(redactor, path) : xstrdup(path);

	for (const char *c = clean; *c; c++) {
		if (*c == '\\')
			fputs("\\\\", out);
		else if (isgraph((unsigned char)*c))
			fputc(*c, out);
		else
			fprintf(out, "\\x%02x", (unsigned char)*c);
	}
}

static void put_value(FILE *out, struct redactor *redactor, const char *value)
{
	cleanup_free char *clean = redactor ? redact(redactor, value) : xstrdup(value);

	for (const char *c = clean; *c; c++) {
		if (*c == '\\')
			fputs("\\\\", out);
		else if (*c == '\n')
			fputs("\\n", out);
		else if (iscntrl((unsigned char)*c))
			fprintf(out, "\\x%02x", (unsigned char)*c);
		else
			fputc(*c, out);
	}
}

void lines_put_text(FILE *out, struct redactor *redactor, const char *line)
{
	cleanup_free char *clean = redactor ? redact(redactor, line) : xstrdup(line);

	fputc('|', out);
	for (const char *c = clean; *c; c++) {
		if (iscntrl((unsigned char)*c) && *c != '\t')
			fprintf(out, "\\x%02x", (unsigned char)*c);
		else
			fputc(*c, out);
	}
	fputc('\n', out);
}

enum spelling { NO_VALUE, PATH_VALUE, FREE_VALUE };

static void add(struct snapshot_lines *lines, char kind, const char *path,
		const char *value, enum spelling spelling)
{
	char *line;
	size_t size;
	FILE *out = xopen_memstream(&line, &size);

	fprintf(out, "%c ", kind);
	put_path(out, lines->redactor, path);
	if (spelling != NO_VALUE)
		fputc(' ', out);
	if (spelling == PATH_VALUE)
		put_path(out, lines->redactor, value);
	else if (spelling == FREE_VALUE)
		put_value(out, lines->redactor, value);
	fclose(out);
	strings_take(&lines->v, line);
}

void lines_add_attribute(struct snapshot_lines *lines, const char *path,
			 const char *value)
{
	add(lines, 'f', path, value, FREE_VALUE);
}

void lines_add_link(struct snapshot_lines *lines, const char *path, const char *target)
{
	add(lines, 'l', path, target, PATH_VALUE);
}

void lines_add_directory(struct snapshot_lines *lines, const char *path)
{
	add(lines, 'd', path, NULL, NO_VALUE);
}

void lines_add_error(struct snapshot_lines *lines, const char *path, int error)
{
	const char *name = snapshot_error_name(error);

	add(lines, 'e', path, name ? name : "EIO", FREE_VALUE);
}

void lines_add_text(struct snapshot_lines *lines, const char *path, const char *text)
{
	char *line;
	size_t size;
	FILE *out = xopen_memstream(&line, &size);

	fputs("t ", out);
	put_path(out, lines->redactor, path);
	fputc('\n', out);
	while (*text) {
		size_t n = strcspn(text, "\n");
		cleanup_free char *one = xstrndup(text, n);

		lines_put_text(out, lines->redactor, one);
		text += n + (text[n] == '\n');
	}
	fclose(out);
	line[size - 1] = '\0'; /* as the others, without the last newline */
	strings_take(&lines->v, line);
}

/* By path: what ends one sorts before all that it is spelled with. */
static int compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int order = strcmp(x + 2, y + 2);

	return order ? order : strcmp(x, y);
}

static size_t path_length(const char *line)
{
	return strcspn(line + 2, " \n");
}

static bool same_path(const char *a, const char *b)
{
	size_t n = path_length(a);

	return strncmp(a + 2, b + 2, n) == 0 && path_length(b) == n;
}

/* Whether the path of `line` begins with that of `before`. */
static bool goes_on(const char *line, const char *before)
{
	return strncmp(line + 2, before + 2, path_length(before)) == 0;
}

/*
 * What lies below something that is no directory: an unreadable folder of which a rule
 * names a file, or in a damaged tree a link. In the order of paths 'a-b' stands between
 * 'a' and 'a/b', so all lines that this one goes on from are kept.
 */
static bool is_below_any(const char *line, struct strings *above)
{
	while (above->n && !goes_on(line, above->v[above->n - 1]))
		above->n--;
	for (size_t i = 0; i < above->n; i++)
		if (line[2 + path_length(above->v[i])] == '/')
			return true;
	return false;
}

void lines_write(struct snapshot_lines *lines, FILE *out)
{
	const struct strings *v = &lines->v;
	/* Borrows its lines, of which each is there once. */
	cleanup_free char **above = xcalloc(v->n + 1, sizeof *above);
	struct strings open = { above, 0 };

	if (v->n)
		qsort(v->v, v->n, sizeof *v->v, compare);
	for (size_t i = 0; i < v->n; i++) {
		char *line = v->v[i];

		if ((i && same_path(v->v[i - 1], line)) || is_below_any(line, &open))
			continue;
		fprintf(out, "%s\n", line);
		if (line[0] != 'd')
			open.v[open.n++] = line;
	}
	strings_free(&lines->v);
}
