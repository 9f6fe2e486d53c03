/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/rivals.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void add_matches(struct rivals *rivals, struct modules matches)
{
	for (size_t i = 0; i < matches.n; i++) {
		if (matches.v[i].state == MODULE_MISSING)
			continue;
		*array_add(rivals->v, rivals->n) = (struct rival){
			.module = matches.v[i].name,
			.is_builtin = matches.v[i].state == MODULE_BUILTIN,
		};
	}
}

static int compare(const void *a, const void *b)
{
	const struct rival *x = a, *y = b;

	return strcmp(x->module, y->module);
}

/* One row a module, built in if it is so in any kernel. */
static void merge(struct rivals *rivals)
{
	size_t kept = 0;

	if (!rivals->n)
		return;
	qsort(rivals->v, rivals->n, sizeof *rivals->v, compare);
	for (size_t i = 1; i < rivals->n; i++) {
		if (compare(&rivals->v[kept], &rivals->v[i]) == 0)
			rivals->v[kept].is_builtin |= rivals->v[i].is_builtin;
		else
			rivals->v[++kept] = rivals->v[i];
	}
	rivals->n = kept + 1;
}

struct rivals rivals_of(const struct system *system, const struct function *function)
{
	cleanup_free char *modalias = function_modalias(function);
	struct rivals rivals = { 0 };

	for (size_t i = 0; system && i < system->n_kernels; i++)
		add_matches(&rivals, kernel_matches(&system->kernels[i], modalias));
	merge(&rivals);
	return rivals;
}

void rivals_free(struct rivals *rivals)
{
	free(rivals->v);
	*rivals = (struct rivals){ 0 };
}
