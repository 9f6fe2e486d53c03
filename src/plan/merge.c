/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/merge.h"

#include <stdlib.h>

static int compare_targets(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int order;

	if (x->function && y->function)
		order = bdf_compare(&x->function->bdf, &y->function->bdf);
	else
		order = !x->function - !y->function;
	if (!order)
		order = identity_compare(x->id.id, y->id.id);
	/* Equal ones in the order of their sections, so that the later one is the
	 * repetition. */
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static void keep_doubt(struct target *target, struct target *kept)
{
	if (!kept->doubt) {
		kept->doubt = steal_ptr(target->doubt);
		kept->doubt_remedy = steal_ptr(target->doubt_remedy);
	}
	free(target->doubt);
	free(target->doubt_remedy);
}

/* A function that a section named twice is one target; two sections that want it are a
 * fault. */
void merge_targets(struct plan *plan, struct findings *findings)
{
	size_t kept = 0;

	if (plan->n_targets)
		qsort(plan->targets, plan->n_targets, sizeof *plan->targets,
		      compare_targets);
	for (size_t i = 1; i < plan->n_targets; i++) {
		struct target *last = &plan->targets[kept], *target = &plan->targets[i];

		if (!target->function || target->function != last->function) {
			plan->targets[++kept] = *target;
			continue;
		}
		if (!target->companion_of)
			last->companion_of = NULL;
		keep_doubt(target, last);
		if (target->rule != last->rule)
			finding_at(
				findings_add(
					findings, SEVERITY_ERROR, "target-repeated",
					target->rule->where,
					"[device %s] and [device %s] (%s) both name %s",
					target->rule->name, last->rule->name,
					last->rule->where,
					bdf_text(target->function->bdf).s),
				target->function->bdf);
	}
	if (plan->n_targets)
		plan->n_targets = kept + 1;
}
