/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/twins.h"

#include <stdlib.h>

/* One run of functions with the same vendor:device. `targets` is one for each function,
 * NULL where it is none. */
static void find_in_run(const struct functions *functions, struct target *const *targets,
			const size_t *v, size_t n, struct plan *plan)
{
	const struct target *first = NULL;
	size_t before = plan->n_twins;
	bool has_other_section = false;

	for (size_t i = 0; i < n; i++) {
		if (!targets[v[i]])
			continue;
		if (!first)
			first = targets[v[i]];
		has_other_section |= first->rule != targets[v[i]]->rule;
	}
	/* Virtual ones come and go after the boot. */
	for (size_t i = 0; first && i < n; i++)
		if (!targets[v[i]] && !functions->v[v[i]].is_virtual_function)
			*array_add(plan->twins, plan->n_twins) = &functions->v[v[i]];
	for (size_t i = 0; i < n; i++)
		if (targets[v[i]])
			targets[v[i]]->has_twins =
				has_other_section || plan->n_twins > before;
}

void find_twins(const struct machine *machine, struct plan *plan)
{
	const struct functions *functions = &machine->functions;
	const size_t *order = functions->by_identity;
	struct target **targets = xcalloc(functions->n + 1, sizeof *targets);
	size_t start = 0;

	for (size_t i = 0; i < plan->n_targets; i++)
		if (plan->targets[i].function)
			targets[plan->targets[i].function - functions->v] =
				&plan->targets[i];
	for (size_t i = 1; i <= functions->n; i++) {
		if (i < functions->n &&
		    identity_same_device(functions->v[order[i]].id,
					 functions->v[order[start]].id))
			continue;
		find_in_run(functions, targets, order + start, i - start, plan);
		start = i;
	}
	free(targets);
}
