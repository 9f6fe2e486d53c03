/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/groups.h"

#include "base/search.h"

#include <stdlib.h>

/*
 * Up to 5.18 bridges may have any driver. From 5.19 on only those that say so
 * (driver_managed_dma): vfio-pci and its variants, pci-stub, pcieport; a bridge that
 * shpchp holds spoils its group.
 */
bool is_in_the_way(const struct boot *boot, const struct function *function)
{
	const char *driver = function->driver;

	if (!driver || is_reserving(boot, driver) || is_same_driver(driver, "pci-stub") ||
	    is_same_driver(driver, "vfio-pci"))
		return false;
	if (function_is_bridge(function))
		return !is_same_driver(driver, "pcieport") &&
		       boot_kernel_is(boot, 5, 19) != NO;
	return true;
}

static struct group_holders judge_group(const struct boot *boot, int group)
{
	const struct functions *functions = &boot->machine->functions;
	struct function_run run = functions_in_group(functions, group);
	struct group_holders holders = { .group = group };

	for (size_t i = 0; i < run.n; i++) {
		const struct function *function = &functions->v[run.v[i]];

		if (!is_in_the_way(boot, function))
			continue;
		if (holders.n < sizeof holders.first / sizeof *holders.first)
			holders.first[holders.n] = function;
		holders.n++;
		holders.n_devices += !function_is_bridge(function);
	}
	return holders;
}

static int compare_ints(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int compare_members(const void *a, const void *b, void *log)
{
	const struct log_record *v = ((const struct kernel_log *)log)->v;
	const struct logged_member *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return bdf_compare(&v[x->record].bdf, &v[y->record].bdf);
}

static void index_members(struct boot *boot)
{
	const struct kernel_log *log = boot->log;

	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].kind == MESSAGE_GROUP && log->v[i].has_bdf)
			*array_add(boot->members, boot->n_members) =
				(struct logged_member){ log->v[i].number, i };
	if (boot->n_members)
		qsort_r(boot->members, boot->n_members, sizeof *boot->members,
			compare_members, (void *)log);
}

static int compare_to_group(const void *key, const void *element)
{
	const long *group = key;
	const struct logged_member *member = element;

	return (*group > member->group) - (*group < member->group);
}

const struct log_record *groups_find_other(const struct boot *boot, long group,
					   struct bdf than)
{
	for (size_t i = search_first(&group, boot->members, boot->n_members,
				     sizeof *boot->members, compare_to_group);
	     i < boot->n_members && boot->members[i].group == group; i++) {
		const struct log_record *record = &boot->log->v[boot->members[i].record];

		if (!bdf_equal(record->bdf, than))
			return record;
	}
	return NULL;
}

void groups_judge(struct boot *boot)
{
	int *groups cleanup_free = NULL;
	size_t n = 0;

	if (!boot->machine->has_sysfs)
		index_members(boot);

	for (size_t i = 0; i < boot->n_suspects; i++) {
		const struct function *function = boot->suspects[i].function;

		if (function && function->iommu_group != NO_GROUP)
			*array_add(groups, n) = function->iommu_group;
	}
	if (n)
		qsort(groups, n, sizeof *groups, compare_ints);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || groups[i] != groups[i - 1])
			*array_add(boot->groups, boot->n_groups) =
				judge_group(boot, groups[i]);
}

static int compare_group(const void *a, const void *b)
{
	const int *group = a;
	const struct group_holders *holders = b;

	return (*group > holders->group) - (*group < holders->group);
}

const struct group_holders *groups_find(const struct boot *boot, int group)
{
	if (!boot->n_groups)
		return NULL;
	return bsearch(&group, boot->groups, boot->n_groups, sizeof *boot->groups,
		       compare_group);
}
