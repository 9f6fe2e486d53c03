/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/recorded.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct record_target *x = *(const struct record_target *const *)a;
	const struct record_target *y = *(const struct record_target *const *)b;
	int order = bdf_compare(&x->bdf, &y->bdf);

	return order ? order : (x > y) - (x < y);
}

void recorded_sort(const struct record *record, struct recorded *ret)
{
	struct recorded recorded = { 0 };

	for (size_t i = 0; record && i < record->n; i++)
		*array_add(recorded.v, recorded.n) = &record->v[i];
	if (recorded.n)
		qsort(recorded.v, recorded.n, sizeof *recorded.v, compare);
	*ret = recorded;
}

void recorded_free(struct recorded *recorded)
{
	free(recorded->v);
	*recorded = (struct recorded){ 0 };
}

static size_t first_at(const struct recorded *recorded, struct bdf bdf)
{
	size_t low = 0, high = recorded->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bdf_compare(&recorded->v[middle]->bdf, &bdf) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct record_target *recorded_at(const struct recorded *recorded, struct bdf bdf,
					const char *name)
{
	for (size_t i = first_at(recorded, bdf);
	     i < recorded->n && bdf_equal(recorded->v[i]->bdf, bdf); i++)
		if (strcmp(recorded->v[i]->name, name) == 0)
			return recorded->v[i];
	return NULL;
}
