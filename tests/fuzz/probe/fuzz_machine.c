/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's snapshot as a machine: every file that a probe reads of it. */
#include "probe/probe.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };
	cleanup_tree struct tree *tree = NULL;

	if (tree_open_snapshot((const char *)bytes, n, "fuzz", &tree, &findings) < 0)
		return 0;
	probe_machine(tree, "fuzz", PROBE_NO_NAMES, &machine, &findings);
	for (size_t i = 0; i < machine.functions.n; i++)
		assert(functions_at(&machine.functions, machine.functions.v[i].bdf));
	return 0;
}
