/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/twins.h"

#include "base/memory.h"

#include <stdlib.h>

struct twins twins_find(const struct functions *functions)
{
	struct twins twins = { xcalloc(functions->n + 1, sizeof *twins.of) };
	size_t first = 0;

	for (size_t i = 1; i <= functions->n; i++) {
		const size_t *by = functions->by_identity;
		struct function_run run = { by + first, i - first };

		if (i < functions->n &&
		    identity_equal(functions->v[by[i]].id, functions->v[by[first]].id))
			continue;
		for (; first < i; first++)
			twins.of[by[first]] = run;
	}
	return twins;
}

void twins_free(struct twins *twins)
{
	free(twins->of);
	*twins = (struct twins){ 0 };
}
