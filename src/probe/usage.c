/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/usage.h"

#include "base/search.h"
#include "probe/storage_devices.h"
#include "probe/topology.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A node in /dev and the function that it leads to. */
struct node {
	char *path;
	struct bdf bdf;
};

struct look {
	const struct tree *tree;
	const struct machine *machine;
	struct usage *usage;
	struct node *nodes; /* sorted by path */
	size_t n_nodes;
};

static struct use_now *add(struct look *look, enum use_kind kind, struct bdf bdf,
			   const char *name)
{
	struct use_now *use = array_add(look->usage->v, look->usage->n);

	use->kind = kind;
	use->bdf = bdf;
	use->name = xstrdup(name);
	return use;
}

/* The functions of the machine in a path, without the bridges on the way. */
static struct bdfs functions_in(const struct look *look, const char *path)
{
	struct bdfs all = bdfs_in_path(path);
	size_t kept = 0;

	for (size_t i = 0; i < all.n; i++) {
		const struct function *function =
			functions_at(&look->machine->functions, all.v[i]);

		if (function && !function_is_bridge(function))
			all.v[kept++] = all.v[i];
	}
	all.n = kept;
	return all;
}

/* IFF_UP of include/uapi/linux/if.h. */
static bool is_up(const struct tree *tree, const char *interface)
{
	cleanup_free char *flags = NULL;

	return tree_attribute(tree, &flags, "sys/class/net/%s/flags", interface) == 0 &&
	       strtoul(flags, NULL, 16) & 1;
}

static void look_at_interfaces(struct look *look)
{
	cleanup_strings struct strings names = { 0 };

	if (tree_list(look->tree, &names, "sys/class/net") < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		cleanup_bdfs struct bdfs bdfs = { 0 };
		cleanup_free char *target = NULL;

		if (!is_up(look->tree, names.v[i]) ||
		    tree_readlink(look->tree, &target, "sys/class/net/%s", names.v[i]) <
			    0)
			continue;
		bdfs = functions_in(look, target);
		for (size_t k = 0; k < bdfs.n; k++)
			add(look, USE_INTERFACE, bdfs.v[k], names.v[i]);
	}
}

static void add_all(struct look *look, enum use_kind kind, const char *target,
		    const struct strings *names)
{
	cleanup_bdfs struct bdfs bdfs = functions_in(look, target);

	for (size_t k = 0; k < bdfs.n; k++)
		for (size_t n = 0; n < names->n; n++)
			add(look, kind, bdfs.v[k], names->v[n]);
}

/* LUKS, LVM and RAID, whether what is on them is mounted or not. */
static void look_at_stacks(struct look *look, struct block_devices *devices)
{
	cleanup_strings struct strings names = { 0 };

	if (tree_list(look->tree, &names, "sys/class/block") < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		cleanup_strings struct strings holders = { 0 }, targets = { 0 };

		if (tree_list(look->tree, &holders, "sys/class/block/%s/holders",
			      names.v[i]) < 0 ||
		    !holders.n)
			continue;
		block_devices_below(devices, names.v[i], &targets);
		for (size_t k = 0; k < targets.n; k++)
			add_all(look, USE_STACKED, targets.v[k], &holders);
	}
}

/* Pools that are imported, whether what is on them is mounted or not. */
static void look_at_pools(struct look *look, struct block_devices *devices)
{
	for (size_t i = 0; i < devices->zfs.n; i++) {
		const struct zfs_member *member = &devices->zfs.v[i];
		const struct strings pool = { .v = (char *[]){ member->pool }, .n = 1 };
		cleanup_strings struct strings targets = { 0 };

		if (!zfs_is_imported(look->tree, member->pool))
			continue;
		block_devices_below(devices, member->device, &targets);
		for (size_t k = 0; k < targets.n; k++)
			add_all(look, USE_POOL, targets.v[k], &pool);
	}
}

/* 'dri/card0', as the kernel names it in its events. The caller frees it. */
static char *name_of_node(const struct tree *tree, const char *folder, const char *number)
{
	static const char key[] = "\nDEVNAME=";
	cleanup_free char *text = NULL;
	const char *name;

	if (tree_attribute(tree, &text, "%s/%s/uevent", folder, number) < 0)
		return NULL;
	name = strstr(text, key);
	if (!name)
		return NULL;
	name += strlen(key);
	return xstrndup(name, strcspn(name, "\n"));
}

static void add_nodes(struct look *look, const char *folder, const char *number,
		      const struct strings *targets)
{
	for (size_t i = 0; i < targets->n; i++) {
		cleanup_bdfs struct bdfs bdfs = functions_in(look, targets->v[i]);
		cleanup_free char *name =
			bdfs.n ? name_of_node(look->tree, folder, number) : NULL;

		for (size_t k = 0; name && k < bdfs.n; k++)
			*array_add(look->nodes, look->n_nodes) =
				(struct node){ xasprintf("/dev/%s", name), bdfs.v[k] };
	}
}

static void find_nodes(struct look *look, const char *folder,
		       struct block_devices *devices)
{
	cleanup_strings struct strings numbers = { 0 };

	if (tree_list(look->tree, &numbers, "%s", folder) < 0)
		return;
	for (size_t i = 0; i < numbers.n; i++) {
		cleanup_strings struct strings targets = { 0 };
		char *target = NULL;

		if (tree_readlink(look->tree, &target, "%s/%s", folder, numbers.v[i]) < 0)
			continue;
		if (devices)
			block_devices_below(devices, path_base(target), &targets);
		strings_take(&targets, target);
		strings_sort(&targets);
		add_nodes(look, folder, numbers.v[i], &targets);
	}
}

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : bdf_compare(&x->bdf, &y->bdf);
}

static void find_all_nodes(struct look *look, struct block_devices *devices)
{
	const struct functions *functions = &look->machine->functions;

	find_nodes(look, "sys/dev/block", devices);
	find_nodes(look, "sys/dev/char", NULL);
	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].iommu_group != NO_GROUP)
			*array_add(look->nodes, look->n_nodes) =
				(struct node){ xasprintf("/dev/vfio/%d",
							 functions->v[i].iommu_group),
					       functions->v[i].bdf };
	if (look->n_nodes)
		qsort(look->nodes, look->n_nodes, sizeof *look->nodes, compare_nodes);
}

static int compare_to_path(const void *key, const void *element)
{
	const struct node *node = element;

	return strcmp(key, node->path);
}

/* The first node of that path, or NULL. */
static const struct node *find_node(const struct look *look, const char *path)
{
	size_t first = search_first(path, look->nodes, look->n_nodes, sizeof *look->nodes,
				    compare_to_path);

	return first < look->n_nodes && strcmp(look->nodes[first].path, path) == 0
		       ? &look->nodes[first]
		       : NULL;
}

static void add_open_node(struct look *look, const char *pid, const char *path)
{
	const struct node *node = find_node(look, path);

	for (;
	     node && node < look->nodes + look->n_nodes && strcmp(node->path, path) == 0;
	     node++) {
		struct use_now *use =
			add(look,
			    strncmp(path, "/dev/vfio/", 10) == 0 ? USE_MACHINE : USE_NODE,
			    node->bdf, path);

		use->pid = strtol(pid, NULL, 10);
		tree_attribute(look->tree, &use->process, "proc/%s/comm", pid);
	}
}

static void look_at_process(struct look *look, const char *pid)
{
	cleanup_strings struct strings fds = { 0 };
	int r = tree_list(look->tree, &fds, "proc/%s/fd", pid);

	if (r == -EACCES || r == -EPERM)
		look->usage->sees_processes = NO;
	else if (r == 0 && look->usage->sees_processes == UNKNOWN)
		look->usage->sees_processes = YES;
	for (size_t i = 0; i < fds.n; i++) {
		cleanup_free char *path = NULL;

		if (tree_readlink(look->tree, &path, "proc/%s/fd/%s", pid, fds.v[i]) ==
			    0 &&
		    strncmp(path, "/dev/", 5) == 0)
			add_open_node(look, pid, path);
	}
}

static void look_at_processes(struct look *look)
{
	cleanup_strings struct strings pids = { 0 };

	if (tree_list(look->tree, &pids, "proc") < 0)
		return;
	for (size_t i = 0; i < pids.n; i++)
		if (strspn(pids.v[i], "0123456789") == strlen(pids.v[i]))
			look_at_process(look, pids.v[i]);
}

void usage_read(const struct tree *tree, const struct machine *machine, struct usage *ret)
{
	struct usage usage = { 0 };
	struct look look = { .tree = tree, .machine = machine, .usage = &usage };
	cleanup_block_devices struct block_devices devices = { 0 };

	block_devices_open(tree, &devices);
	look_at_interfaces(&look);
	look_at_stacks(&look, &devices);
	look_at_pools(&look, &devices);
	find_all_nodes(&look, &devices);
	look_at_processes(&look);
	usage_sort(&usage);
	for (size_t i = 0; i < look.n_nodes; i++)
		free(look.nodes[i].path);
	free(look.nodes);
	*ret = usage;
}
