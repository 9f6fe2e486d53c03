/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/lines.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Physical lines that are being joined to one. */
struct joined {
	char *text; /* room for the whole file */
	size_t n;
	unsigned line, first; /* numbers; no first: nothing to join yet */
	char *fault;	      /* the first one, or NULL */
	unsigned fault_line;
};

static void set_fault(struct joined *joined, char *fault)
{
	if (joined->fault) {
		free(fault);
		return;
	}
	joined->fault = fault;
	joined->fault_line = joined->line;
}

/* The caller frees the message; NULL where all is well. */
static char *fault_of_bytes(const char *bytes, size_t n)
{
	size_t length;

	for (size_t i = 0; i < n; i += length) {
		uint32_t c;

		length = utf8_decode(bytes + i, n - i, &c);
		if (!length)
			return xasprintf("byte 0x%02x is not UTF-8",
					 (unsigned char)bytes[i]);
		if ((c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0))
			return xasprintf("control character U+%04X stands in the line",
					 c);
	}
	return NULL;
}

/* Appends a physical line. Returns whether the next one belongs to it. */
static bool join(struct joined *joined, const char *bytes, size_t n)
{
	joined->line++;
	if (!joined->first)
		joined->first = joined->line;
	set_fault(joined, fault_of_bytes(bytes, n && bytes[n - 1] == '\r' ? n - 1 : n));
	if (joined->n + n > LINE_SIZE_MAX)
		set_fault(joined,
			  xasprintf("the line is longer than %d bytes", LINE_SIZE_MAX));
	memcpy(joined->text + joined->n, bytes, n);
	joined->n += n;
	while (joined->n && isspace((unsigned char)joined->text[joined->n - 1]))
		joined->n--;
	if (!joined->n || joined->text[joined->n - 1] != '\\')
		return false;
	joined->n--;
	return true;
}

static struct entry entry_of(const struct joined *joined, const char *text)
{
	struct entry entry = { .kind = ENTRY_OTHER };

	if (joined->fault) {
		/* A section that cannot be read is one all the same: what follows it
		 * does not belong to the section before. */
		entry.kind = *text == '[' ? ENTRY_SECTION : ENTRY_OTHER;
		entry_fault(&entry, "config-syntax", "%s", joined->fault);
		entry.line = joined->fault_line;
		return entry;
	}
	if (*text == '#' || *text == ';') {
		if (joined->line > joined->first)
			entry_fault(
				&entry, "config-syntax",
				"a comment ends in '\\', which makes the next line part of it");
	} else if (*text) {
		entry_parse(text, &entry);
	}
	entry.line = joined->first;
	return entry;
}

static void add(struct line_index *lines, struct entry entry)
{
	unsigned line = entry.line;

	if (lines->n == ENTRIES_MAX) {
		entry_free(&entry);
		entry.line = line;
		entry_fault(
			&entry, "config-too-large",
			"more than %d sections and keys: those from here on are not read",
			ENTRIES_MAX);
	}
	*array_add(lines->v, lines->n) = entry;
}

/* Adds what was joined, unless it is blank or a comment, and begins anew. */
static void finish(struct joined *joined, struct line_index *lines)
{
	struct entry entry;

	joined->text[joined->n] = '\0';
	entry = entry_of(joined, joined->text + strspn(joined->text, " \t"));
	if (entry.fault || entry.kind != ENTRY_OTHER)
		add(lines, entry);
	free(joined->fault);
	*joined = (struct joined){ .text = joined->text, .line = joined->line };
}

static void cut(const char *bytes, size_t n, struct line_index *lines)
{
	cleanup_free char *text = xcalloc(n + 1, 1);
	struct joined joined = { .text = text };
	size_t length;

	for (size_t i = 0; i < n && lines->n <= ENTRIES_MAX; i += length + 1) {
		const char *end = memchr(bytes + i, '\n', n - i);

		length = end ? (size_t)(end - bytes) - i : n - i;
		if (!join(&joined, bytes + i, length))
			finish(&joined, lines);
	}
	if (joined.first) {
		set_fault(&joined, xstrdup("the line ends in '\\', but none follows it"));
		finish(&joined, lines);
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	int order = (int)x->kind - (int)y->kind;

	if (!order && x->kind == ENTRY_KEY && x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (!order)
		order = strcasecmp(x->name, y->name);
	return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static bool same_name(const struct entry *a, const struct entry *b)
{
	return a->kind == b->kind && strcasecmp(a->name, b->name) == 0 &&
	       (a->kind == ENTRY_SECTION || a->section == b->section);
}

static void set_repeats(struct entry *entry, const struct entry *first)
{
	if (entry->kind == ENTRY_SECTION)
		entry_fault(entry, "config-repeated-section",
			    "section '[%s]' began in line %u already", entry->name,
			    first->line);
	else
		entry_fault(entry, "config-repeated-key",
			    "key '%s' was given in line %u already", entry->name,
			    first->line);
}

/* Numbers the sections and finds what is there twice, by sorting. */
static void find_repeats(struct line_index *lines)
{
	cleanup_free struct entry **named = xcalloc(lines->n + 1, sizeof *named);
	const struct entry *first;
	size_t n = 0, section = 0;

	for (size_t i = 0; i < lines->n; i++) {
		section += lines->v[i].kind == ENTRY_SECTION;
		lines->v[i].section = section;
		if (lines->v[i].name)
			named[n++] = &lines->v[i];
	}
	qsort(named, n, sizeof *named, compare_names);
	first = named[0];
	for (size_t i = 1; i < n; i++) {
		if (same_name(first, named[i]))
			set_repeats(named[i], first);
		else
			first = named[i];
	}
}

static void add_nul_fault(const char *bytes, const char *nul, struct line_index *lines)
{
	struct entry *entry = array_add(lines->v, lines->n);

	entry->kind = ENTRY_OTHER;
	entry->line = 1;
	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(nul - at))); at++)
		entry->line++;
	entry_fault(entry, "config-syntax", "a NUL byte: expected text in UTF-8");
}

void line_index_make(const char *bytes, size_t n, struct line_index *ret)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct line_index lines = { 0 };
	const char *nul = n ? memchr(bytes, '\0', n) : NULL;

	lines.has_mark = n >= 3 && memcmp(bytes, mark, 3) == 0;
	if (nul) {
		/* A binary file: what else is wrong with it says nothing. */
		add_nul_fault(bytes, nul, &lines);
	} else {
		size_t skipped = lines.has_mark ? 3 : 0;

		if (n)
			cut(bytes + skipped, n - skipped, &lines);
		find_repeats(&lines);
	}
	for (size_t i = 0; i < lines.n; i++)
		lines.has_fault = lines.has_fault || lines.v[i].fault;
	*ret = lines;
}

void line_index_free(struct line_index *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		entry_free(&lines->v[i]);
	free(lines->v);
	*lines = (struct line_index){ 0 };
}
