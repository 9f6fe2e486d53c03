/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host keeps of the targets' IOMMU groups. */
#include "plan/selection.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_CODE "group-host-device"

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

/* Who is in the way in one group. */
struct holders {
	const struct function *v[NAMED_MAX]; /* the first ones */
	size_t n;			     /* how many there are */
};

static struct holders holders_of(const struct view *view, bool is_strict, int group)
{
	const struct functions *functions = &view->machine->functions;
	struct function_run run = functions_in_group(functions, group);
	struct holders holders = { 0 };

	for (size_t i = 0; i < run.n; i++) {
		const struct function *other = &functions->v[run.v[i]];

		if (view->is_target[run.v[i]] ||
		    !holds_up_group(view->plan, is_strict, other))
			continue;
		if (holders.n < NAMED_MAX)
			holders.v[holders.n] = other;
		holders.n++;
	}
	return holders;
}

static size_t n_named(const struct holders *holders)
{
	return holders->n < NAMED_MAX ? holders->n : NAMED_MAX;
}

/* '0000:02:00.0 (e1000e), …'. The caller frees it. */
static char *list_holders(const struct holders *holders)
{
	cleanup_strings struct strings list = { 0 };

	for (size_t i = 0; i < n_named(holders); i++)
		strings_take(&list, xasprintf("%s (%s)", bdf_text(holders->v[i]->bdf).s,
					      holders->v[i]->driver));
	if (holders->n > NAMED_MAX)
		strings_take(&list, xasprintf("%zu more", holders->n - NAMED_MAX));
	return strings_join(&list, ", ");
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

/* Whether the section would have it but for 'functions = listed'. */
static bool is_left_out(const struct target *const *targets, size_t n,
			const struct function *holder)
{
	bool is_left_out = false;

	for (size_t i = 0; i < n && targets[i]->rule->functions == FUNCTIONS_LISTED; i++)
		is_left_out |= bdf_same_slot(targets[i]->bdf, holder->bdf);
	return is_left_out && !holder->is_virtual_function;
}

/* How the section gets the rest of the group, or NULL where it holds bridges alone, which
 * no machine can be given. The caller frees it. */
static char *way_to_all(const struct target *const *targets, size_t n,
			const struct holders *holders)
{
	cleanup_strings struct strings slot = { 0 }, others = { 0 };
	cleanup_free char *in_slot = NULL, *elsewhere = NULL;
	const char *name = targets[0]->rule->name;

	for (size_t i = 0; i < n_named(holders); i++)
		if (!function_is_bridge(holders->v[i]))
			strings_add(is_left_out(targets, n, holders->v[i]) ? &slot
									   : &others,
				    bdf_text(holders->v[i]->bdf).s);
	in_slot = strings_join(&slot, ", ");
	elsewhere = strings_join(&others, ", ");
	if (slot.n && others.n)
		return xasprintf(
			"reserve all of it: remove 'functions = listed' from [device %s], which leaves %s out, and name %s in a [device] section",
			name, in_slot, elsewhere);
	if (slot.n)
		return xasprintf(
			"reserve %s too: remove 'functions = listed' from [device %s]",
			in_slot, name);
	return others.n ? xasprintf("reserve %s too, in a [device] section", elsewhere)
			: NULL;
}

/* Where the host keeps its driver, what is allowed here is no use: no machine starts. */
static void add_remedy(struct finding *finding, const struct target *const *targets,
		       size_t n, const struct holders *holders)
{
	const struct device_rule *rule = targets[0]->rule;
	cleanup_free char *way = way_to_all(targets, n, holders);

	if (!way)
		remedy_allow(finding, rule, GROUP_CODE);
	else if (rule_is_of_operands(rule))
		finding_remedy(
			finding,
			"%s; or, where its driver will not be there, name this one in a [device] section with 'allow = %s', and name that section instead of the address",
			way, GROUP_CODE);
	else
		finding_remedy(
			finding,
			"%s; set 'allow = %s' in [device %s] only where its driver will not be there: no virtual machine starts while it is",
			way, GROUP_CODE, rule->name);
}

/* The n targets of one section that are in one group. */
static void refuse(const struct target *const *targets, size_t n,
		   const struct holders *holders, struct findings *findings)
{
	const struct target *first = targets[0];
	bool allowed = strings_has(&first->rule->allow, GROUP_CODE);
	cleanup_free char *more = n > 1 ? xasprintf(" and %zu more", n - 1) : xstrdup("");
	cleanup_free char *list = list_holders(holders);
	struct finding *finding =
		findings_add(findings, allowed ? SEVERITY_NOTE : SEVERITY_ERROR,
			     GROUP_CODE, first->rule->where,
			     "%s%s %s IOMMU group %d with %s, which the host keeps%s",
			     bdf_text(first->bdf).s, more, n > 1 ? "share" : "shares",
			     first->function->iommu_group, list,
			     allowed ? ", which the section allows" : "");

	finding_at(finding, first->bdf);
	if (!allowed)
		add_remedy(finding, targets, n, holders);
}

/* The n targets of one group, once a section. */
static void refuse_group(const struct view *view, bool is_strict,
			 const struct target *const *targets, size_t n,
			 struct findings *findings)
{
	struct holders holders =
		holders_of(view, is_strict, targets[0]->function->iommu_group);
	size_t start = 0;

	for (size_t i = 1; holders.n && i <= n; i++) {
		if (i < n && targets[i]->rule == targets[start]->rule)
			continue;
		refuse(&targets[start], i - start, &holders, findings);
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
