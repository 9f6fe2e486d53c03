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

const char *options_near(const char *word, const void *names, size_t n, size_t stride)
{
	const char *nearest = NULL;
	size_t limit = least(3, strlen(word));

	if (strlen(word) > NEAR_LENGTH_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const char *name =
			*(const char *const *)((const char *)names + i * stride);

		if (strlen(name) <= NEAR_LENGTH_MAX && distance(word, name) < limit) {
			limit = distance(word, name);
			nearest = name;
		}
	}
	return nearest;
}
