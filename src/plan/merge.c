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

/* Two sections want one function; `is_widened`: one of them only because of its slot. */
static void report_repeated(const struct target *kept, const struct target *target,
			    bool is_widened, struct findings *findings)
{
	struct finding *finding = findings_add(
		findings, SEVERITY_ERROR, "target-repeated", target->rule->where,
		"[device %s] and [device %s] (%s) both %s %s%s", target->rule->name,
		kept->rule->name, kept->rule->where, is_widened ? "take" : "name",
		bdf_text(target->function->bdf).s,
		is_widened
			? ": 'functions = all' adds the rest of the slot to what is named"
			: "");

	finding_at(finding, target->function->bdf);
	finding_remedy(
		finding, "%s",
		is_widened
			? "name the slot in one section alone, or set 'functions = listed' in both"
			: "name it in one of them alone");
}

/* One finding is enough for a slot that both of them take. */
static bool is_same_dispute(const struct target *a, const struct target *b)
{
	return a->rule == b->rule && bdf_same_slot(a->bdf, b->bdf);
}

/* A function that a section named twice is one target; two sections that want it are a
 * fault. */
void merge_targets(struct plan *plan, struct findings *findings)
{
	struct target disputed = { 0 };
	size_t kept = 0;

	if (plan->n_targets)
		qsort(plan->targets, plan->n_targets, sizeof *plan->targets,
		      compare_targets);
	for (size_t i = 1; i < plan->n_targets; i++) {
		struct target *last = &plan->targets[kept], *target = &plan->targets[i];
		bool is_widened = last->companion_of || target->companion_of;

		if (!target->function || target->function != last->function) {
			plan->targets[++kept] = *target;
			continue;
		}
		if (target->rule != last->rule &&
		    !(is_widened && is_same_dispute(&disputed, target)))
			report_repeated(last, target, is_widened, findings);
		if (target->rule != last->rule)
			disputed = *target;
		if (!target->companion_of)
			last->companion_of = NULL;
		keep_doubt(target, last);
	}
	if (plan->n_targets)
		plan->n_targets = kept + 1;
}
