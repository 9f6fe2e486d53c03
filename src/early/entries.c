/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "early/entries.h"

#include <stdlib.h>
#include <string.h>

/* 'ffffffff:ff:1f.7=ffff:ffff:ffff:ffff' */
enum { ENTRY_LENGTH_MAX = 36 };

static bool entry_parse(const char *text, size_t n, struct entry *ret)
{
	char copy[ENTRY_LENGTH_MAX + 1];
	struct entry entry;
	int length;

	if (n > ENTRY_LENGTH_MAX)
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (!bdf_parse_prefix(copy, &entry.bdf, &length) || copy[length] != '=' ||
	    !identity_pattern_parse(copy + length + 1, &entry.id))
		return false;
	*ret = entry;
	return true;
}

static int entry_compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = bdf_compare(&a->bdf, &b->bdf);

	if (!order)
		order = identity_compare(a->id.id, b->id.id);
	return order ? order : a->id.has_subsystem - b->id.has_subsystem;
}

/* An address with two identities stays twice: only one can be true, and the other one is
 * then reported as what is wrong. */
static void entries_sort(struct entries *entries)
{
	size_t kept = 0;

	if (!entries->n)
		return;
	qsort(entries->v, entries->n, sizeof *entries->v, entry_compare);
	for (size_t i = 1; i < entries->n; i++)
		if (entry_compare(&entries->v[kept], &entries->v[i]) != 0)
			entries->v[++kept] = entries->v[i];
	entries->n = kept + 1;
}

void entries_parse(const char *text, struct entries *ret)
{
	struct entries entries = { 0 };

	for (text += strspn(text, ","); *text; text += strspn(text, ",")) {
		size_t n = strcspn(text, ",");
		struct entry entry;

		if (entry_parse(text, n, &entry))
			*array_add(entries.v, entries.n) = entry;
		else if (entries.n_malformed++ < MALFORMED_SHOWN)
			entries.malformed[entries.n_malformed - 1] =
				(struct malformed){ text, n };
		text += n;
	}
	entries_sort(&entries);
	*ret = entries;
}

void entries_free(struct entries *entries)
{
	free(entries->v);
	*entries = (struct entries){ 0 };
}
