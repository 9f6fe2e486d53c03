/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host keeps of the targets' IOMMU groups. */
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

/* How many neighbours a message names. */
enum { NAMED_MAX = 8 };

/* The first kernel that counts drivers on bridges too is 5.19. */
static bool any_kernel_is_strict(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_kernels; i++)
		if (!kernel_is_before(plan->kernels[i].kernel, 5, 19))
			return true;
	return !plan->n_kernels;
}

/*
 * Whether a function that is no target keeps its group from being given to a machine.
 * Drivers with driver_managed_dma may stay; before 5.19 every bridge may, whatever its
 * driver (drivers/vfio/vfio.c, vfio_dev_viable(); drivers/iommu/iommu.c since).
 */
static bool holds_up_group(const struct plan *plan, bool is_strict,
			   const struct function *function)
{
	static const char *const harmless[] = { "vfio-pci", "pci-stub", "pcieport" };

	if (!function->driver || strcmp(function->driver, plan->driver) == 0)
		return false;
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (strcmp(function->driver, harmless[i]) == 0)
			return false;
	return is_strict || !function_is_bridge(function);
}

/* '0000:02:00.0 (e1000e), …', or NULL where nothing is in the way. The caller frees it.
 */
static char *holders_of(const struct view *view, bool is_strict, int group)
{
	const struct functions *functions = &view->machine->functions;
	struct function_run run = functions_in_group(functions, group);
	cleanup_strings struct strings holders = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct function *other = &functions->v[run.v[i]];

		if (!view->is_target[run.v[i]] &&
		    holds_up_group(view->plan, is_strict, other) && n++ < NAMED_MAX)
			strings_take(&holders,
				     xasprintf("%s (%s)", bdf_text(other->bdf).s,
					       other->driver));
	}
	if (n > NAMED_MAX)
		strings_take(&holders, xasprintf("%zu more", n - NAMED_MAX));
	return n ? strings_join(&holders, ", ") : NULL;
}

/* By group, section and address. */
static int compare_targets(const void *a, const void *b)
{
	const struct target *x = *(const struct target *const *)a;
	const struct target *y = *(const struct target *const *)b;

	if (x->function->iommu_group != y->function->iommu_group)
		return x->function->iommu_group < y->function->iommu_group ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return bdf_compare(&x->bdf, &y->bdf);
}

static bool has_group(const struct target *target)
{
	return target->function && target->function->iommu_group != NO_GROUP;
}

/* The n targets of one section that are in one group. */
static void refuse(const struct target *const *targets, size_t n, const char *holders,
		   struct findings *findings)
{
	static const char code[] = "group-host-device";
	const struct target *first = targets[0];
	bool allowed = strings_has(&first->rule->allow, code);
	cleanup_free char *more = n > 1 ? xasprintf(" and %zu more", n - 1) : xstrdup("");
	struct finding *finding =
		findings_add(findings, allowed ? SEVERITY_NOTE : SEVERITY_ERROR, code,
			     first->rule->where,
			     "%s%s %s IOMMU group %d with %s, which the host keeps%s",
			     bdf_text(first->bdf).s, more, n > 1 ? "share" : "shares",
			     first->function->iommu_group, holders,
			     allowed ? ", which the section allows" : "");

	finding_at(finding, first->bdf);
	if (!allowed)
		remedy_allow(finding, first->rule, code);
}

/* The n targets of one group, once a section. */
static void refuse_group(const struct view *view, bool is_strict,
			 const struct target *const *targets, size_t n,
			 struct findings *findings)
{
	cleanup_free char *holders =
		holders_of(view, is_strict, targets[0]->function->iommu_group);
	size_t start = 0;

	for (size_t i = 1; holders && i <= n; i++) {
		if (i < n && targets[i]->rule == targets[start]->rule)
			continue;
		refuse(&targets[start], i - start, holders, findings);
		start = i;
	}
}

void refuse_groups(const struct view *view, struct findings *findings)
{
	const struct plan *plan = view->plan;
	cleanup_free const struct target **targets =
		xcalloc(plan->n_targets + 1, sizeof *targets);
	bool is_strict = any_kernel_is_strict(plan);
	size_t n = 0, start = 0;

	for (size_t i = 0; i < plan->n_targets; i++)
		if (has_group(&plan->targets[i]))
			targets[n++] = &plan->targets[i];
	qsort(targets, n, sizeof *targets, compare_targets);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && targets[i]->function->iommu_group ==
				     targets[start]->function->iommu_group)
			continue;
		refuse_group(view, is_strict, &targets[start], i - start, findings);
		start = i;
	}
}
