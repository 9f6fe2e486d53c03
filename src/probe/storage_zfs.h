/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which block devices belong to which ZFS pool. The module shows that nowhere; udev has
 * read it from the devices (its builtin 'blkid'). */
#pragma once

#include "base/strings.h"
#include "sys/tree.h"

struct zfs_member {
	char *device; /* as sysfs names it: 'sda3' */
	char *pool;
};

struct zfs_members {
	struct zfs_member *v;
	size_t n;
};

struct zfs_members zfs_members_read(const struct tree *tree);
void zfs_members_free(struct zfs_members *members);

/* Adds the devices of the pool of a data set: 'rpool/ROOT/debian'. */
void zfs_members_of(const struct zfs_members *members, const char *data_set,
		    struct strings *ret);

/* Whether the pool is imported. */
bool zfs_is_imported(const struct tree *tree, const char *pool);

#define cleanup_zfs_members cleanup(zfs_members_free)
