/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conventional PCI devices behind one bridge. */
#include "plan/view.h"

#include <string.h>

/* How many neighbours a message names. */
enum { NAMED_MAX = 8 };

/* Behind a bridge: 'ROOT:DEVICE.FUNCTION/…', where a device of the root bus has one part.
 */
static bool shares_its_identity(const struct target *target)
{
	const struct function *function = target->function;

	return function && function->is_express == NO && function->path &&
	       strchr(function->path, '/') && function->iommu_group != NO_GROUP;
}

/* Those of its group that are no targets, 'A, B'; NULL where all are. The caller frees
 * it. */
static char *left_behind(const struct view *view, const struct function *function)
{
	const struct functions *functions = &view->machine->functions;
	struct function_run run = functions_in_group(functions, function->iommu_group);
	cleanup_strings struct strings names = { 0 };

	for (size_t i = 0; i < run.n; i++)
		if (!view->is_target[run.v[i]] &&
		    !function_is_bridge(&functions->v[run.v[i]]) && names.n < NAMED_MAX)
			strings_add(&names, bdf_text(functions->v[run.v[i]].bdf).s);
	return names.n ? strings_join(&names, ", ") : NULL;
}

/* The bridge sends all that they ask for under its own name, so that the IOMMU cannot
 * tell them apart: what one of them is given, all have. */
void refuse_shared_bus(const struct view *view, struct findings *findings)
{
	const struct plan *plan = view->plan;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		cleanup_free char *others = shares_its_identity(target)
						    ? left_behind(view, target->function)
						    : NULL;
		struct finding *finding;

		if (!others)
			continue;
		finding = findings_add(
			findings, SEVERITY_ERROR, "shared-bus", target->rule->where,
			"%s shares a conventional PCI bus with %s, and the IOMMU cannot tell them apart: all of them are taken, or none",
			bdf_text(target->bdf).s, others);
		finding_at(finding, target->bdf);
		finding_remedy(finding, "name %s as well", others);
	}
}
