/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot of a stranger: parsed, walked, and written again, which must read back. */
#include "base/memory.h"
#include "sys/snapshot.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

static char *written(const struct tree *tree, size_t *ret_size)
{
	char *text;
	FILE *out = xopen_memstream(&text, ret_size);

	snapshot_write(tree, NULL, REDACT_NOTHING, out);
	fclose(out);
	return text;
}

static void read_some(const struct tree *tree)
{
	static const char *const paths[] = { "a", "a/b", "a/../b",
					     "sys/bus/pci/devices/x" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		cleanup_free char *value = NULL, *target = NULL;
		cleanup_strings struct strings names = { 0 };

		tree_attribute(tree, &value, "%s", paths[i]);
		tree_readlink(tree, &target, "%s", paths[i]);
		tree_list(tree, &names, "%s", paths[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_tree struct tree *tree = NULL, *copy = NULL;
	cleanup_free char *text = NULL;
	size_t size;
	int r = tree_open_snapshot((const char *)bytes, n, "fuzz", &tree, &findings);

	assert((r == 0) == (findings.n == 0));
	assert(findings.n <= 21);
	if (r < 0)
		return 0;
	read_some(tree);
	text = written(tree, &size);
	r = tree_open_snapshot(text, size, "copy", &copy, &findings);
	assert(r == 0);
	return 0;
}
