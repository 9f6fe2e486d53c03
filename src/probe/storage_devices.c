/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/storage_devices.h"

#include "probe/topology.h"

#include <stdlib.h>
#include <string.h>

#define SYSFS_BLOCK "sys/class/block"
#define SYSFS_BTRFS "sys/fs/btrfs"

struct dm_name {
	char *name;
	const char *device; /* 'dm-0'. Borrowed from the walk. */
};

static int compare_dm(const void *a, const void *b)
{
	const struct dm_name *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void block_devices_open(const struct tree *tree, struct block_devices *ret)
{
	const struct strings *names = &ret->walk.names;

	*ret = (struct block_devices){ .tree = tree, .zfs = zfs_members_read(tree) };
	uses_walk_open(tree, SYSFS_BLOCK, &ret->walk);
	for (size_t i = 0; i < names->n; i++) {
		char *name;

		if (strncmp(names->v[i], "dm-", 3) == 0 &&
		    tree_attribute(tree, &name, SYSFS_BLOCK "/%s/dm/name", names->v[i]) ==
			    0)
			*array_add(ret->dm, ret->n_dm) =
				(struct dm_name){ name, names->v[i] };
	}
	if (ret->n_dm)
		qsort(ret->dm, ret->n_dm, sizeof *ret->dm, compare_dm);
}

void block_devices_close(struct block_devices *devices)
{
	for (size_t i = 0; i < devices->n_dm; i++)
		free(devices->dm[i].name);
	free(devices->dm);
	uses_walk_close(&devices->walk);
	zfs_members_free(&devices->zfs);
	*devices = (struct block_devices){ 0 };
}

/* What follows `prefix` in `path`, or NULL. */
static const char *after(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(path, prefix, n) == 0 ? path + n : NULL;
}

static char *device_of_mapper(const struct block_devices *devices, const char *name)
{
	const struct dm_name wanted = { .name = (char *)(uintptr_t)name };
	const struct dm_name *found =
		devices->n_dm ? bsearch(&wanted, devices->dm, devices->n_dm,
					sizeof wanted, compare_dm)
			      : NULL;

	return found ? xstrdup(found->device) : NULL;
}

char *block_device_of_path(const struct block_devices *devices, const char *path)
{
	const char *name = after(path, "/dev/mapper/");
	char *device;

	if (name)
		return device_of_mapper(devices, name);
	name = after(path, "/dev/");
	if (!name || !*name)
		return NULL;
	device = xstrdup(name);
	/* sysfs writes 'cciss!c0d0' (drivers/base/core.c, kobject names) */
	for (char *slash = device; (slash = strchr(slash, '/'));)
		*slash = '!';
	if (tree_exists(devices->tree, SYSFS_BLOCK "/%s", device))
		return device;
	free(device);
	return NULL;
}

/* All the devices of the btrfs that this one belongs to. */
static void add_btrfs(const struct block_devices *devices, const char *device,
		      struct strings *ret)
{
	cleanup_strings struct strings systems = { 0 };

	if (tree_list(devices->tree, &systems, SYSFS_BTRFS) < 0)
		return;
	for (size_t i = 0; i < systems.n; i++) {
		cleanup_strings struct strings members = { 0 };

		if (tree_list(devices->tree, &members, SYSFS_BTRFS "/%s/devices",
			      systems.v[i]) == 0 &&
		    strings_has(&members, device))
			strings_add_all(ret, &members);
	}
}

/* File systems on several devices have a number of their own, and name one of them, or
 * all as bcachefs does: '/dev/sda:/dev/sdb'. */
static void add_sources(const struct block_devices *devices, const struct mount *mount,
			struct strings *ret)
{
	cleanup_strings struct strings sources = { 0 };

	if (mount->source && strcmp(mount->filesystem, "zfs") == 0)
		zfs_members_of(&devices->zfs, mount->source, ret);
	else if (mount->source && strcmp(mount->filesystem, "bcachefs") == 0)
		strings_split(&sources, mount->source, ":");
	else if (mount->source)
		strings_add(&sources, mount->source);
	for (size_t i = 0; i < sources.n; i++) {
		cleanup_free char *device = block_device_of_path(devices, sources.v[i]);

		if (!device)
			continue;
		strings_add(ret, device);
		if (strcmp(mount->filesystem, "btrfs") == 0)
			add_btrfs(devices, device, ret);
	}
}

void block_devices_of_mount(struct block_devices *devices, const struct mount *mount,
			    struct strings *ret)
{
	cleanup_free char *target = NULL;

	if (mount->major && tree_readlink(devices->tree, &target, "sys/dev/block/%u:%u",
					  mount->major, mount->minor) == 0)
		strings_add(ret, path_base(target));
	else
		add_sources(devices, mount, ret);
}

/* '…/block/md0/md0p1': a partition stands on the disk whose folder it is in. */
static void add_disk(struct uses_walk *walk, const char *target)
{
	cleanup_free char *folder =
		xstrndup(target, (size_t)(path_base(target) - target));
	size_t n = strlen(folder);

	if (n)
		folder[n - 1] = '\0';
	uses_walk_add(walk, path_base(folder));
}

static void add_slaves(struct uses_walk *walk, const char *device)
{
	cleanup_strings struct strings names = { 0 };

	if (tree_list(walk->tree, &names, SYSFS_BLOCK "/%s/slaves", device) < 0)
		return;
	for (size_t i = 0; i < names.n; i++)
		uses_walk_add(walk, names.v[i]);
}

/*
 * A namespace of several controllers is a device of its subsystem, which has a link to
 * each (drivers/nvme/host/core.c, nvme_init_subsystem):
 * '../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1'.
 */
static void add_controllers(const struct tree *tree, const char *target,
			    struct strings *ret)
{
	const char *subsystem = strstr(target, "/nvme-subsystem/");
	cleanup_strings struct strings names = { 0 };
	cleanup_free char *name = NULL;

	if (!subsystem)
		return;
	subsystem += strlen("/nvme-subsystem/");
	name = xstrndup(subsystem, strcspn(subsystem, "/"));
	if (tree_list(tree, &names, "sys/class/nvme-subsystem/%s", name) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *controller;

		if (strncmp(names.v[i], "nvme", 4) == 0 &&
		    tree_readlink(tree, &controller, "sys/class/nvme-subsystem/%s/%s",
				  name, names.v[i]) == 0)
			strings_take(ret, controller);
	}
}

void block_devices_below(struct block_devices *devices, const char *device,
			 struct strings *ret)
{
	struct uses_walk *walk = &devices->walk;
	const char *name;

	uses_walk_start(walk);
	uses_walk_add(walk, device);
	while ((name = uses_walk_next(walk))) {
		char *target;

		if (tree_readlink(devices->tree, &target, SYSFS_BLOCK "/%s", name) < 0)
			continue;
		strings_take(ret, target);
		add_disk(walk, target);
		add_slaves(walk, name);
		add_controllers(devices->tree, target, ret);
	}
}
