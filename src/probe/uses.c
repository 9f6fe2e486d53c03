/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/uses.h"

#include "probe/functions.h"
#include "probe/topology.h"

#include <stdlib.h>
#include <string.h>

void uses_read(const struct tree *tree, struct machine *machine,
	       struct findings *findings)
{
	struct functions *functions = &machine->functions;

	if (!functions->n)
		return;
	uses_read_storage(tree, machine, findings);
	uses_read_network(tree, functions);
	for (size_t i = 0; i < functions->n; i++)
		strings_sort(&functions->v[i].uses);
}

static struct function *mark(struct functions *functions, struct bdf bdf, const char *use)
{
	const struct function *found = functions_at(functions, bdf);
	struct function *function = found ? &functions->v[found - functions->v] : NULL;

	/* A bridge on the way is never asked for; a VMD controller, which is none, may
	 * be. */
	if (function && !function_is_bridge(function))
		strings_add(&function->uses, use);
	return function;
}

/* Its physical function takes a virtual one along. */
static void mark_physical(const struct tree *tree, struct functions *functions,
			  struct bdf bdf, const char *use)
{
	cleanup_free char *target = NULL;
	struct bdf physical;

	if (tree_readlink(tree, &target, SYSFS_PCI_DEVICES "/%s/physfn",
			  bdf_text(bdf).s) == 0 &&
	    bdf_parse(path_base(target), &physical))
		mark(functions, physical, use);
}

void uses_mark(const struct tree *tree, struct functions *functions, const char *target,
	       const char *use)
{
	cleanup_bdfs struct bdfs bdfs = bdfs_in_path(target);

	for (size_t i = 0; i < bdfs.n; i++) {
		const struct function *function = mark(functions, bdfs.v[i], use);

		if (function && function->is_virtual_function)
			mark_physical(tree, functions, bdfs.v[i], use);
	}
}

void uses_walk_open(const struct tree *tree, const char *folder, struct uses_walk *ret)
{
	*ret = (struct uses_walk){ .tree = tree, .folder = folder };
	if (tree_list(tree, &ret->names, "%s", folder) < 0)
		return;
	ret->seen = xcalloc(ret->names.n + 1, sizeof *ret->seen);
	ret->queue = xcalloc(ret->names.n + 1, sizeof *ret->queue);
}

void uses_walk_close(struct uses_walk *walk)
{
	strings_free(&walk->names);
	free(walk->seen);
	free(walk->queue);
	*walk = (struct uses_walk){ 0 };
}

void uses_walk_start(struct uses_walk *walk)
{
	walk->round++;
	walk->n = walk->at = 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool uses_walk_add(struct uses_walk *walk, const char *name)
{
	char *const *found = walk->names.n ? bsearch(&name, walk->names.v, walk->names.n,
						     sizeof *walk->names.v, compare_names)
					   : NULL;
	size_t i;

	if (!found)
		return false;
	i = (size_t)(found - walk->names.v);
	if (walk->seen[i] != walk->round) {
		walk->seen[i] = walk->round;
		walk->queue[walk->n++] = i;
	}
	return true;
}

const char *uses_walk_next(struct uses_walk *walk)
{
	return walk->at < walk->n ? walk->names.v[walk->queue[walk->at++]] : NULL;
}
