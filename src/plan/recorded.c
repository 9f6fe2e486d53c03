/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/recorded.h"

#include "base/memory.h"
#include "base/search.h"

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

static int compare_to_address(const void *key, const void *element)
{
	const struct record_target *const *target = element;

	return bdf_compare(key, &(*target)->bdf);
}

const struct record_target *recorded_at(const struct recorded *recorded, struct bdf bdf,
					const char *name)
{
	for (size_t i = search_first(&bdf, recorded->v, recorded->n, sizeof *recorded->v,
				     compare_to_address);
	     i < recorded->n && bdf_equal(recorded->v[i]->bdf, bdf); i++)
		if (strcmp(recorded->v[i]->name, name) == 0)
			return recorded->v[i];
	return NULL;
}
