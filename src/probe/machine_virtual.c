/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/machine_virtual.h"

#include "base/memory.h"
#include "probe/functions.h"
#include "probe/topology.h"

void functions_count_virtual(const struct tree *tree, struct functions *functions)
{
	for (size_t i = 0; i < functions->n; i++) {
		cleanup_free char *target = NULL;
		const struct function *physical;
		struct bdf bdf;

		if (!functions->v[i].is_virtual_function ||
		    tree_readlink(tree, &target, SYSFS_PCI_DEVICES "/%s/physfn",
				  bdf_text(functions->v[i].bdf).s) < 0 ||
		    !bdf_parse(path_base(target), &bdf))
			continue;
		physical = functions_at(functions, bdf);
		if (physical)
			functions->v[physical - functions->v].n_virtual_functions++;
	}
}
