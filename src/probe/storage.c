/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/storage_devices.h"
#include "probe/storage_mounts.h"
#include "probe/topology.h"
#include "probe/uses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A block device and one thing that lies on it. */
struct carried {
	char *device; /* as sysfs names it: 'sda2' */
	const char *use;
};

struct carrying {
	struct carried *v;
	size_t n;
};

/* Adds every device that carries the mount; false where none is known. */
static bool add_mount(struct carrying *carrying, struct block_devices *devices,
		      const struct mount *mount, const char *use)
{
	cleanup_strings struct strings names = { 0 };

	block_devices_of_mount(devices, mount, &names);
	for (size_t i = 0; i < names.n; i++)
		*array_add(carrying->v, carrying->n) =
			(struct carried){ xstrdup(names.v[i]), use };
	return names.n;
}

/* Bind mounts of folders show what other mounts show, except where the system itself is
 * one (ostree, containers). On btrfs every subvolume looks like one. */
static bool is_shown(const struct mount *mount)
{
	static const char *const always[] = { "/",    "/boot", "/boot/efi",
					      "/efi", "/usr",  "/var" };

	if (mount->is_whole || strcmp(mount->filesystem, "btrfs") == 0)
		return true;
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (strcmp(mount->target, always[i]) == 0)
			return true;
	return false;
}

/* Whether it lies on disks of this machine, though its number is none of them. */
static bool is_on_disks(const struct mount *mount)
{
	static const char *const several[] = { "bcachefs", "btrfs", "zfs" };

	for (size_t i = 0; i < sizeof several / sizeof *several; i++)
		if (strcmp(mount->filesystem, several[i]) == 0)
			return true;
	return false;
}

/* The command that tells what could not be told here. The caller frees it. */
static char *asking_for_disks(const struct mount *mount)
{
	const char *source = mount->source ? mount->source : "";

	if (strcmp(mount->filesystem, "zfs") == 0)
		return xasprintf("zpool status -P %.*s", (int)strcspn(source, "/"),
				 source);
	if (strcmp(mount->filesystem, "btrfs") == 0)
		return xstrdup("btrfs filesystem show /");
	return xstrdup("findmnt -no SOURCE /");
}

/* A disk too many is refused; a disk too few would leave the machine without '/'. */
static void report_unknown_root(struct carrying *carrying,
				const struct block_devices *devices,
				const struct mount *mount, char **ret_guess,
				struct findings *findings)
{
	const struct strings *names = &devices->walk.names;
	bool is_any = is_on_disks(mount);

	findings_add(findings, is_any ? SEVERITY_WARNING : SEVERITY_NOTE,
		     "root-storage-unknown", NULL,
		     "cannot tell which devices carry '/' (%s on '%s')%s",
		     mount->filesystem, mount->source ? mount->source : "",
		     is_any ? ": every disk counts as one that does" : "");
	for (size_t i = 0; is_any && i < names->n; i++)
		*array_add(carrying->v, carrying->n) =
			(struct carried){ xstrdup(names->v[i]), "/" };
	if (is_any)
		*ret_guess = asking_for_disks(mount);
}

static void add_mounts(struct carrying *carrying, struct block_devices *devices,
		       const struct mounts *mounts, char **ret_guess,
		       struct findings *findings)
{
	const struct mount *unknown_root = NULL;

	for (size_t i = 0; i < mounts->n; i++) {
		const struct mount *mount = &mounts->v[i];
		bool is_known = is_shown(mount) &&
				add_mount(carrying, devices, mount, mount->target);

		if (strcmp(mount->target, "/") == 0)
			unknown_root = is_known ? NULL : mount;
	}
	if (unknown_root)
		report_unknown_root(carrying, devices, unknown_root, ret_guess, findings);
}

static void add_swaps(struct carrying *carrying, struct block_devices *devices,
		      const struct mounts *mounts, const struct strings *swaps)
{
	for (size_t i = 0; i < swaps->n; i++) {
		const char *path = swaps->v[i];
		char *device = block_device_of_path(devices, path);
		const struct mount *mount = device ? NULL : mounts_holding(mounts, path);

		if (device)
			*array_add(carrying->v, carrying->n) =
				(struct carried){ device, "swap" };
		else if (mount)
			add_mount(carrying, devices, mount, "swap");
	}
}

static int compare_carried(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;

	return strcmp(x->device, y->device);
}

/* Follows each device once, whatever lies on it. */
static void mark_all(const struct tree *tree, struct functions *functions,
		     struct block_devices *devices, const struct carrying *carrying)
{
	for (size_t i = 0, end; i < carrying->n; i = end) {
		cleanup_strings struct strings targets = { 0 };

		for (end = i + 1; end < carrying->n; end++)
			if (strcmp(carrying->v[end].device, carrying->v[i].device) != 0)
				break;
		block_devices_below(devices, carrying->v[i].device, &targets);
		for (size_t t = 0; t < targets.n; t++)
			for (size_t u = i; u < end; u++)
				uses_mark(tree, functions, targets.v[t],
					  carrying->v[u].use);
	}
}

void uses_read_storage(const struct tree *tree, struct machine *machine,
		       struct findings *findings)
{
	cleanup_block_devices struct block_devices devices = { 0 };
	cleanup_mounts struct mounts mounts = { 0 };
	cleanup_strings struct strings swaps = swaps_read(tree);
	struct carrying carrying = { 0 };
	int r = mounts_read(tree, &mounts);

	if (r < 0 && r != -ENOENT)
		findings_add(findings, SEVERITY_WARNING, "root-storage-unknown", NULL,
			     "cannot tell which devices carry '/': "
			     "'proc/self/mountinfo': %s",
			     strerror(-r));
	block_devices_open(tree, &devices);
	add_mounts(&carrying, &devices, &mounts, &machine->root_guess, findings);
	add_swaps(&carrying, &devices, &mounts, &swaps);
	if (carrying.n)
		qsort(carrying.v, carrying.n, sizeof *carrying.v, compare_carried);
	mark_all(tree, &machine->functions, &devices, &carrying);
	for (size_t i = 0; i < carrying.n; i++)
		free(carrying.v[i].device);
	free(carrying.v);
}
