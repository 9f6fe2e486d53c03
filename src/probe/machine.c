/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/machine.h"

#include "probe/functions.h"
#include "probe/iommu.h"
#include "probe/machine_boot.h"
#include "probe/machine_virtual.h"
#include "probe/memory.h"
#include "probe/probe.h"
#include "probe/uses.h"

void probe_machine(const struct tree *tree, const char *name, enum probe_names names,
		   struct machine *ret, struct findings *findings)
{
	struct machine machine = { .name = xstrdup(name) };

	machine.has_sysfs =
		tree_exists(tree, "sys/bus") || tree_exists(tree, "sys/class");
	machine_read_boot(tree, &machine);
	iommu_read(tree, &machine.iommu);
	functions_read(tree, names, &machine, findings);
	iommu_drop_false_groups(tree, &machine, findings);
	functions_read_direct_regions(tree, &machine.functions);
	functions_read_framebuffers(tree, &machine.functions);
	functions_count_virtual(tree, &machine.functions);
	uses_read(tree, &machine, findings);
	*ret = machine;
}
