/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/dump_text.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* '0000:29:00.0 VGA compatible controller: …' */
static bool is_heading(const char *line, struct bdf *ret)
{
	int length;

	return bdf_parse_prefix(line, ret, &length) &&
	       (line[length] == ' ' || line[length] == '\0');
}

/* '10: 86 80 …': where the offset ends, or 0. */
static size_t offset_length(const char *line)
{
	size_t n = strspn(line, "0123456789abcdefABCDEF");

	return n >= 2 && n <= 8 && line[n] == ':' && line[n + 1] == ' ' ? n : 0;
}

/* Whether the bytes of the row are pairs with one blank between them, and lie within the
 * configuration space. */
static bool is_row(const char *line, size_t offset_size)
{
	unsigned long offset = strtoul(line, NULL, 16);
	const char *at = line + offset_size + 2;
	size_t n = 0;

	for (;; n++) {
		if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
			return false;
		at += 2;
		if (*at == '\0')
			break;
		if (*at++ != ' ')
			return false;
	}
	return offset_size <= 3 && n < 16 && offset + n < DUMP_CONFIG_MAX;
}

struct picking {
	const char *name;
	struct findings *findings;
	FILE *out;
	unsigned line;
	bool is_in_function, has_rows, is_damaged;
};

/* libpci goes on with the function before where it does not know a heading, unless a
 * blank line ends that one; and it knows no domain of six digits. */
static void pick_heading(struct picking *picking, struct bdf bdf)
{
	picking->is_in_function = bdf.domain <= 0xfffff;
	if (picking->is_in_function)
		fprintf(picking->out, "\n%s \n", bdf_text(bdf).s);
	else
		finding_at(findings_add(picking->findings, SEVERITY_WARNING, "bad-dump",
					picking->name,
					"the domain of %s is too large for a dump; the "
					"function is left out",
					bdf_text(bdf).s),
			   bdf);
}

static void complain_row(struct picking *picking, const char *line)
{
	cleanup_free char *where = xasprintf("%s:%u", picking->name, picking->line);

	if (!picking->is_damaged)
		findings_add(picking->findings, SEVERITY_ERROR, "bad-dump", where,
			     "a damaged row of a dump; expected '%.8s: ' and up to "
			     "sixteen bytes",
			     line);
	picking->is_damaged = true;
}

static void pick_line(struct picking *picking, const char *line)
{
	size_t offset_size;
	struct bdf bdf;

	if (is_heading(line, &bdf)) {
		pick_heading(picking, bdf);
		return;
	}
	if (!*line) {
		picking->is_in_function = false;
		return;
	}
	offset_size = offset_length(line);
	if (!offset_size || !picking->is_in_function)
		return;
	if (!is_row(line, offset_size)) {
		complain_row(picking, line);
		return;
	}
	picking->has_rows = true;
	fprintf(picking->out, "%s\n", line);
}

static void pick_lines(struct picking *picking, const char *text, size_t n)
{
	const char *end = text + n;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		cleanup_free char *line = xstrndup(text, length);
		size_t kept = strlen(line);

		picking->line++;
		while (kept && isspace((unsigned char)line[kept - 1]))
			line[--kept] = '\0';
		pick_line(picking, line);
		text += length + 1;
	}
}

char *dump_text(const char *text, size_t n, const char *name, struct findings *findings,
		size_t *ret_size)
{
	struct picking picking = { .name = name, .findings = findings };
	char *picked;

	picking.out = xopen_memstream(&picked, ret_size);
	pick_lines(&picking, text, n);
	fclose(picking.out);
	if (picking.has_rows && !picking.is_damaged)
		return picked;
	if (!picking.is_damaged)
		findings_add(findings, SEVERITY_ERROR, "bad-dump", name,
			     "no dump that 'lspci -x' printed; expected functions with "
			     "rows of bytes");
	free(picked);
	return NULL;
}
