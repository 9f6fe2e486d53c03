/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/usage.h"

#include "base/search.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct use_now *x = a, *y = b;
	int order = bdf_compare(&x->bdf, &y->bdf);

	if (!order)
		order = (int)x->kind - (int)y->kind;
	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : (x->pid > y->pid) - (x->pid < y->pid);
}

static void free_one(struct use_now *use)
{
	free(use->name);
	free(use->process);
}

void usage_sort(struct usage *usage)
{
	size_t kept = 0;

	if (!usage->n)
		return;
	qsort(usage->v, usage->n, sizeof *usage->v, compare);
	/* A process may have the same node open more than once. */
	for (size_t i = 1; i < usage->n; i++)
		if (compare(&usage->v[kept], &usage->v[i]) != 0)
			usage->v[++kept] = usage->v[i];
		else
			free_one(&usage->v[i]);
	usage->n = kept + 1;
}

static int compare_to_address(const void *key, const void *element)
{
	const struct use_now *use = element;

	return bdf_compare(key, &use->bdf);
}

struct usage usage_of(const struct usage *usage, struct bdf bdf)
{
	size_t first = search_first(&bdf, usage->v, usage->n, sizeof *usage->v,
				    compare_to_address);
	size_t n = 0;

	while (first + n < usage->n && bdf_equal(usage->v[first + n].bdf, bdf))
		n++;
	return (struct usage){ n ? usage->v + first : NULL, n, usage->sees_processes };
}

void usage_free(struct usage *usage)
{
	for (size_t i = 0; i < usage->n; i++)
		free_one(&usage->v[i]);
	free(usage->v);
	*usage = (struct usage){ 0 };
}
