/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine of a test, from the text of a snapshot. */
#pragma once

#include "base/memory.h"
#include "probe/probe.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

#define SNAPSHOT "vfio-bootcfg snapshot 1\n"

/* The five attributes and the link of one function: `parent` is the folder that it is in,
 * 'sys/devices/pci0000:00'. */
#define FUNCTION(parent, address, vendor, device, class)                         \
	"l sys/bus/pci/devices/" address " ../../../../" parent "/" address "\n" \
	"f " parent "/" address "/vendor 0x" vendor "\n"                         \
	"f " parent "/" address "/device 0x" device "\n"                         \
	"f " parent "/" address                                                  \
	"/class 0x" class "\n"                                                   \
			  "f " parent "/" address "/subsystem_vendor 0x1af4\n"   \
			  "f " parent "/" address "/subsystem_device 0x1100\n"

static inline struct tree *tree_of(const char *text)
{
	cleanup_findings struct findings findings = { 0 };
	struct tree *tree = NULL;

	tree_open_snapshot(text, strlen(text), "test", &tree, &findings);
	for (size_t i = 0; i < findings.n; i++)
		print_error("%s: %s\n", findings.v[i].where, findings.v[i].message);
	assert_non_null(tree);
	return tree;
}

/* The caller frees both. */
static inline struct machine machine_of(const char *text, struct findings *findings)
{
	cleanup_tree struct tree *tree = tree_of(text);
	struct machine machine;

	probe_machine(tree, "test", PROBE_NO_NAMES, &machine, findings);
	return machine;
}

static inline const struct function *function_of(const struct machine *machine,
						 const char *address)
{
	const struct function *function;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	function = functions_at(&machine->functions, bdf);
	assert_non_null(function);
	return function;
}
