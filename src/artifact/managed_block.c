/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/managed_block.h"

#include "base/memory.h"

#include <string.h>

struct line {
	const char *text;
	size_t n; /* with its newline, if it has one */
};

static struct line line_at(const char *text, size_t n, size_t at)
{
	const char *end = memchr(text + at, '\n', n - at);

	return (struct line){ text + at, end ? (size_t)(end - text) + 1 - at : n - at };
}

/* Blanks and a CR behind a marker are an editor's. */
static bool is_marker(const struct line *line, const char *marker)
{
	size_t n = line->n, length = strlen(marker);

	while (n && strchr(" \t\r\n", line->text[n - 1]))
		n--;
	return n == length && memcmp(line->text, marker, n) == 0;
}

static bool ends_with(const char *text, size_t n, const char *end)
{
	size_t length = strlen(end);

	return n >= length && memcmp(text + n - length, end, length) == 0;
}

/* The newline before a block that ends the file without one was added with it. */
static size_t joint(const char *text, size_t begin, bool has_cr)
{
	if (has_cr && ends_with(text, begin, "\r\n"))
		return begin - 2;
	return begin - (begin > 0);
}

static void add_damage(struct findings *findings, const char *name, unsigned line,
		       const char *what)
{
	cleanup_free char *where = xasprintf("%s:%u", name, line);
	struct finding *finding = findings_add(
		findings, SEVERITY_ERROR, "damaged-block", where,
		"the lines of vfio-bootcfg in '%s' are damaged: %s", name, what);

	finding_remedy(finding, "remove the lines from '" BLOCK_BEGIN "' to '" BLOCK_END
				"' that are left, and run it again");
}

bool managed_block_find(const char *text, size_t n, const char *name,
			struct managed_block *ret, struct findings *findings)
{
	struct managed_block block = { 0 };
	struct line first = { 0 };
	unsigned number = 0, begun = 0;
	const char *damage = NULL;

	for (size_t at = 0; at < n && !damage;) {
		struct line line = line_at(text, n, at);

		number++;
		if (is_marker(&line, BLOCK_BEGIN)) {
			if (begun)
				damage = "a second '" BLOCK_BEGIN "'";
			begun = number;
			first = line;
			block.begin = at;
		} else if (is_marker(&line, BLOCK_END)) {
			if (!begun || block.exists)
				damage = "expected '" BLOCK_BEGIN "' before '" BLOCK_END
					 "'";
			block.exists = true;
			block.end = at + line.n;
			if (!ends_with(line.text, line.n, "\n"))
				block.begin =
					joint(text, block.begin,
					      ends_with(first.text, first.n, "\r\n"));
		}
		at += line.n;
	}
	if (!damage && begun && !block.exists) {
		damage = "expected '" BLOCK_END "' after '" BLOCK_BEGIN "'";
		number = begun;
	}
	if (damage)
		add_damage(findings, name, number, damage);
	else
		*ret = block;
	return !damage;
}

char *managed_block_remove(const char *text, size_t n, const struct managed_block *block,
			   size_t *ret_size)
{
	char *rest = xcalloc(n + 1, 1);

	if (!block->exists) {
		memcpy(rest, text, n);
		*ret_size = n;
		return rest;
	}
	memcpy(rest, text, block->begin);
	memcpy(rest + block->begin, text + block->end, n - block->end);
	*ret_size = n - (block->end - block->begin);
	return rest;
}

/* Prints one line without its newline. In a file with CR LF the shell takes the CR for a
 * part of the last word: a comment before it keeps it out. */
static void print_line(FILE *out, const char *line, size_t n, bool has_cr)
{
	fwrite(line, 1, n, out);
	if (has_cr && n && *line != '#')
		fputs(" #", out);
}

static void print_block(FILE *out, const char *lines, bool has_cr)
{
	const char *newline = has_cr ? "\r\n" : "\n";

	fprintf(out, BLOCK_BEGIN "%s", newline);
	while (*lines) {
		size_t n = strcspn(lines, "\n");

		print_line(out, lines, n, has_cr);
		fputs(newline, out);
		lines += n + (lines[n] == '\n');
	}
	fputs(BLOCK_END, out);
}

char *managed_block_put(const char *text, size_t n, const struct managed_block *block,
			enum block_place place, const char *lines, size_t *ret_size)
{
	size_t size;
	cleanup_free char *rest = managed_block_remove(text, n, block, &size);
	size_t at = block->exists && place == BLOCK_IN_PLACE ? block->begin : size;
	struct line first = line_at(rest, size, 0);
	bool has_cr = ends_with(first.text, first.n, "\r\n");
	/* Where a newline is missing before the block, none is put after it. */
	bool joins = at && rest[at - 1] != '\n';
	const char *newline = has_cr ? "\r\n" : "\n";
	char *result;
	FILE *out = xopen_memstream(&result, ret_size);

	fwrite(rest, 1, at, out);
	if (joins)
		fputs(newline, out);
	print_block(out, lines, has_cr);
	if (!joins)
		fputs(newline, out);
	fwrite(rest + at, 1, size - at, out);
	fclose(out);
	return result;
}
