/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the one-file form. Everything is decoded in place: no decoded form is longer. */
#include "sys/held.h"
#include "sys/snapshot.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_MAX = 20 };

struct parser {
	const char *name;
	struct findings *findings;
	char *at, *end; /* what is left of the text */
	unsigned line;	/* that at is after */
	size_t n_errors;
	bool has_carriage_returns;
	struct held held;
};

__attribute__((format(printf, 3, 4))) static void
complain(struct parser *parser, unsigned line, const char *format, ...)
{
	cleanup_free char *where = NULL, *message = NULL;
	va_list arguments;

	if (++parser->n_errors > ERRORS_MAX)
		return;
	va_start(arguments, format);
	message = xvasprintf(format, arguments);
	va_end(arguments);
	/* It may quote a stranger's file, and the reader's terminal obeys control bytes.
	 */
	for (char *c = message; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	where = xasprintf("%s:%u", parser->name, line);
	findings_add(parser->findings, SEVERITY_ERROR, "bad-snapshot", where, "%s",
		     message);
}

/* Cuts the next line off: NUL-terminated, *ret_size without the NUL. NULL at the end. */
static char *take_line(struct parser *parser, size_t *ret_size)
{
	char *line = parser->at, *newline;

	if (line == parser->end)
		return NULL;
	newline = memchr(line, '\n', (size_t)(parser->end - line));
	parser->at = newline ? newline + 1 : parser->end;
	if (!newline)
		newline = parser->end;
	if (parser->has_carriage_returns && newline > line && newline[-1] == '\r')
		newline--;
	*newline = '\0';
	*ret_size = (size_t)(newline - line);
	parser->line++;
	return line;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One escape, after its backslash: the byte and *ret_length, or -1. */
static int escaped(const char *text, size_t n, size_t *ret_length)
{
	*ret_length = 1;
	if (n >= 1 && text[0] == '\\')
		return '\\';
	if (n >= 1 && text[0] == 'n')
		return '\n';
	if (n < 3 || text[0] != 'x' || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
		return -1;
	*ret_length = 3;
	return hex_digit(text[1]) << 4 | hex_digit(text[2]);
}

/* Decodes in place and ends with a NUL; false where an escape is none. */
static bool decode(char *text, size_t *n)
{
	size_t to = 0;

	for (size_t from = 0; from < *n; from++) {
		size_t length = 0;
		int byte = (unsigned char)text[from];

		if (byte == '\\')
			byte = escaped(text + from + 1, *n - from - 1, &length);
		if (byte < 0)
			return false;
		text[to++] = (char)byte;
		from += length;
	}
	text[to] = '\0';
	*n = to;
	return true;
}

/* Relative, of plain components, and no longer than the kernel takes. */
static bool is_plain_path(const char *path, size_t n)
{
	const char *at = path;

	if (n >= PATH_MAX || strlen(path) != n)
		return false;
	for (;;) {
		size_t length = strcspn(at, "/");

		if (length == 0 || length > NAME_MAX)
			return false;
		if (strncmp(at, "..", length) == 0 && length <= 2)
			return false;
		if (!at[length])
			return true;
		at += length + 1;
	}
}

/* The block of lines that begin with '|', without it. */
static char *take_text(struct parser *parser, size_t *ret_size)
{
	char *text = parser->at, *to = text;

	while (parser->at < parser->end && *parser->at == '|') {
		size_t n;
		char *line = take_line(parser, &n);

		memmove(to, line + 1, n - 1);
		to += n - 1;
		*to++ = '\n';
	}
	*ret_size = (size_t)(to - text);
	/* Every line gave a '|' away, so this is not yet the next one's. */
	if (to > text)
		*to = '\0';
	return to > text ? text : (char *)"";
}

static void take_attribute(struct parser *parser, struct held_entry *entry, char *value,
			   size_t n)
{
	if (!decode(value, &n))
		complain(parser, entry->line,
			 "'\\' begins no escape; expected '\\\\', "
			 "'\\n' or '\\xNN'");
	entry->value = value;
	entry->size = (uint32_t)n;
}

static void take_target(struct parser *parser, struct held_entry *entry, char *value,
			size_t n)
{
	take_attribute(parser, entry, value, n);
	if (!entry->size || entry->size >= PATH_MAX || strlen(value) != entry->size)
		complain(parser, entry->line, "link '%s' has no usable target",
			 entry->path);
}

static void take_error(struct parser *parser, struct held_entry *entry, const char *name)
{
	entry->value = "";
	entry->error = snapshot_error(name);
	if (!entry->error)
		complain(parser, entry->line,
			 "'%s' is no error that a file gives; expected one like 'EACCES'",
			 name);
}

static void take_value(struct parser *parser, struct held_entry *entry, char *value,
		       size_t n)
{
	size_t size;

	switch (entry->kind) {
	case HELD_ATTRIBUTE:
		take_attribute(parser, entry, value, n);
		return;
	case HELD_LINK:
		take_target(parser, entry, value, n);
		return;
	case HELD_ERROR:
		take_error(parser, entry, value);
		return;
	case HELD_TEXT:
		entry->value = take_text(parser, &size);
		entry->size = (uint32_t)size;
		break;
	case HELD_DIRECTORY:
		break;
	}
	if (n)
		complain(parser, entry->line, "unexpected '%s' after the path", value);
}

/* 'f PATH VALUE': editors take a blank at the end of a line away, so it may lack. */
static void take_entry(struct parser *parser, char *line, size_t n)
{
	struct held_entry entry = {
		.path = line + 2,
		.value = "",
		.line = parser->line,
		.kind = (enum held_kind)line[0],
	};
	size_t path_size = strcspn(line + 2, " ");
	char *value = line + 2 + path_size;

	if (*value)
		*value++ = '\0';
	if (!decode(line + 2, &path_size) || !is_plain_path(entry.path, path_size)) {
		complain(
			parser, entry.line,
			"'%s' is no path within a machine; expected one like 'sys/bus/pci'",
			entry.path);
		return;
	}
	take_value(parser, &entry, value, (size_t)(line + n - value));
	parser->held.v[parser->held.n++] = entry;
}

static void take_lines(struct parser *parser)
{
	size_t n;
	char *line;

	while ((line = take_line(parser, &n))) {
		if (n == 0 || line[0] == '#')
			continue;
		if (line[0] == '|')
			complain(parser, parser->line,
				 "a line of text that follows no 't PATH'");
		else if (n > 2 && line[1] == ' ' && strchr("fldet", line[0]))
			take_entry(parser, line, n);
		else
			complain(parser, parser->line,
				 "'%.40s' is no entry; expected 'f', 'l', 'd', 'e' or "
				 "'t' and a path",
				 line);
	}
}

static bool take_magic(struct parser *parser)
{
	const char *version;
	size_t n;
	char *line = take_line(parser, &n);

	if (!line || strncmp(line, SNAPSHOT_MAGIC, strlen(SNAPSHOT_MAGIC)) != 0) {
		complain(parser, 1, "no snapshot; expected the first line '%s1'",
			 SNAPSHOT_MAGIC);
		return false;
	}
	/* Mail and some editors give every line a carriage return. */
	parser->has_carriage_returns = line[n - 1] == '\r';
	if (parser->has_carriage_returns)
		line[n - 1] = '\0';
	version = line + strlen(SNAPSHOT_MAGIC);
	if (strcmp(version, "1") == 0)
		return true;
	complain(parser, 1, "a snapshot of version '%s'; expected version '1'", version);
	return false;
}

static int compare_entries(const void *a, const void *b)
{
	const struct held_entry *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void sort(struct held *held)
{
	size_t i = 1;

	/* What our own writer wrote is in order already. */
	while (i < held->n && compare_entries(&held->v[i - 1], &held->v[i]) < 0)
		i++;
	if (i < held->n)
		qsort(held->v, held->n, sizeof *held->v, compare_entries);
}

/* A path stands once, and only directories have something below them. */
static void check_tree(struct parser *parser)
{
	const struct held *held = &parser->held;

	for (size_t i = 0; i + 1 < held->n; i++) {
		const struct held_entry *entry = &held->v[i], *next = entry + 1;

		if (strncmp(entry->path, next->path, strlen(entry->path)) != 0)
			continue;
		if (strcmp(entry->path, next->path) == 0)
			complain(parser, next->line, "'%s' repeats line %u", next->path,
				 entry->line);
		else if (entry->kind != HELD_DIRECTORY &&
			 held_has_below(held, entry->path))
			complain(parser, entry->line,
				 "'%s' is no directory, but has entries below it",
				 entry->path);
	}
}

/* An upper bound: as many lines as begin like an entry. */
static size_t count_entries(const char *bytes, size_t n)
{
	size_t count = 0;

	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(bytes + n - at)));)
		count += ++at < bytes + n && strchr("fldet", *at);
	return count;
}

static int end_parse(struct parser *parser)
{
	if (parser->n_errors > ERRORS_MAX)
		findings_add(parser->findings, SEVERITY_ERROR, "bad-snapshot",
			     parser->name, "%zu more lines are wrong",
			     parser->n_errors - ERRORS_MAX);
	return parser->n_errors ? -EINVAL : 0;
}

int held_parse(char *bytes, size_t n, const char *name, struct held *ret,
	       struct findings *findings)
{
	struct parser parser = {
		.name = name,
		.findings = findings,
		.at = bytes,
		.end = bytes + n,
		.held = { .bytes = bytes },
	};
	struct held *held = &parser.held;
	int r;

	if (n > SNAPSHOT_SIZE_MAX) {
		findings_add(findings, SEVERITY_ERROR, "bad-snapshot", name,
			     "%zu bytes are too many for a snapshot; expected at most %d",
			     n, SNAPSHOT_SIZE_MAX);
		held_free(held);
		return -EFBIG;
	}
	held->v = xcalloc(count_entries(bytes, n) + 1, sizeof *held->v);
	if (take_magic(&parser)) {
		take_lines(&parser);
		sort(held);
		check_tree(&parser);
	}
	r = end_parse(&parser);
	if (r < 0)
		held_free(held);
	else
		*ret = *held;
	return r;
}
