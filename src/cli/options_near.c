/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options_near.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row of the matrix at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_LENGTH_MAX + 1];
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t replaced = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

void near_try(struct near *near, const char *name)
{
	size_t length = strlen(near->word);
	size_t d;

	if (length > NEAR_LENGTH_MAX || strlen(name) > NEAR_LENGTH_MAX)
		return;
	d = distance(near->word, name);
	if (d > 2 || d >= length || (near->name && d >= near->distance))
		return;
	near->name = name;
	near->distance = d;
}
