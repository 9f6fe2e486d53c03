/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The block devices of a machine: which of them a mount means, and what they stand on. */
#pragma once

#include "probe/storage_mounts.h"
#include "probe/storage_zfs.h"
#include "probe/uses.h"

struct dm_name;

struct block_devices {
	const struct tree *tree;
	struct uses_walk walk;
	struct dm_name *dm; /* what /dev/mapper calls them, sorted */
	size_t n_dm;
	struct zfs_members zfs;
};

void block_devices_open(const struct tree *tree, struct block_devices *ret);
void block_devices_close(struct block_devices *devices);

/* The sysfs name of '/dev/sda2' or '/dev/mapper/root'; NULL where there is none. The
 * caller frees it. */
char *block_device_of_path(const struct block_devices *devices, const char *path);

/* Adds the sysfs names of all the devices that a file system lies on, as far as its mount
 * tells. */
void block_devices_of_mount(struct block_devices *devices, const struct mount *mount,
			    struct strings *ret);

/* Adds the sysfs paths of the device and of all that it stands on: partitions, LUKS, LVM,
 * RAID, the controllers of an NVMe namespace. */
void block_devices_below(struct block_devices *devices, const char *device,
			 struct strings *ret);

#define cleanup_block_devices cleanup(block_devices_close)
