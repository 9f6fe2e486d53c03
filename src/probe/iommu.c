/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/iommu.h"

#include <errno.h>
#include <string.h>

#define SYSFS_IOMMU  "sys/class/iommu"
#define SYSFS_TABLES "sys/firmware/acpi/tables"

/* The kernel's names of the units (drivers/iommu: intel/dmar.c, amd/init.c). */
static const struct {
	const char *prefix;
	enum iommu_kind kind;
} units[] = {
	{ "dmar", IOMMU_INTEL },
	{ "ivhd", IOMMU_AMD },
};

static const struct {
	const char *name;
	enum iommu_kind kind;
} tables[] = {
	{ "DMAR", IOMMU_INTEL },
	{ "IVRS", IOMMU_AMD },
	{ "IORT", IOMMU_OTHER },
	{ "VIOT", IOMMU_OTHER },
};

static enum iommu_kind kind_of_unit(const char *unit)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strncmp(unit, units[i].prefix, strlen(units[i].prefix)) == 0)
			return units[i].kind;
	return IOMMU_OTHER;
}

/* The class exists in every kernel that knows IOMMUs (drivers/iommu/iommu-sysfs.c); its
 * entries come when a driver has started a unit. */
static void read_units(const struct tree *tree, struct iommu *iommu)
{
	cleanup_strings struct strings names = { 0 };
	int r = tree_list(tree, &names, SYSFS_IOMMU);

	if (r == -ENOENT && tree_exists(tree, "sys/class"))
		iommu->active = NO;
	if (r < 0)
		return;
	iommu->active = names.n ? YES : NO;
	if (!names.n)
		return;
	iommu->kind = kind_of_unit(names.v[0]);
	iommu->evidence = xasprintf(SYSFS_IOMMU "/%s", names.v[0]);
}

/* The names of the tables can be read by everyone, their content by root alone. */
static void read_tables(const struct tree *tree, struct iommu *iommu)
{
	if (tree_exists(tree, SYSFS_TABLES))
		iommu->in_firmware = NO;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		if (!tree_exists(tree, SYSFS_TABLES "/%s", tables[i].name))
			continue;
		iommu->in_firmware = YES;
		if (iommu->evidence)
			return;
		iommu->kind = tables[i].kind;
		iommu->evidence = xasprintf(SYSFS_TABLES "/%s", tables[i].name);
	}
}

void iommu_read(const struct tree *tree, struct iommu *ret)
{
	*ret = (struct iommu){ 0 };
	read_units(tree, ret);
	read_tables(tree, ret);
}

static bool is_false_group(const struct tree *tree, int group)
{
	cleanup_free char *name = NULL;

	return tree_attribute(tree, &name, "sys/kernel/iommu_groups/%d/name", group) ==
		       0 &&
	       strcmp(name, "vfio-noiommu") == 0;
}

void iommu_drop_false_groups(const struct tree *tree, struct machine *machine,
			     struct findings *findings)
{
	struct functions *functions = &machine->functions;
	size_t n = 0;

	/* With a real one, vfio makes none. */
	if (machine->iommu.active == YES)
		return;
	for (size_t i = 0; i < functions->n; i++) {
		struct function *function = &functions->v[i];

		if (function->iommu_group == NO_GROUP ||
		    !is_false_group(tree, function->iommu_group))
			continue;
		function->iommu_group = NO_GROUP;
		n++;
	}
	if (!n)
		return;
	functions_index(functions);
	findings_add(findings, SEVERITY_NOTE, "noiommu-group", NULL,
		     "%zu functions are in groups of vfio's unsafe mode without an "
		     "IOMMU, which isolate nothing",
		     n);
}
