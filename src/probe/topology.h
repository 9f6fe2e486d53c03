/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions a device hangs on, by where sysfs keeps it. */
#pragma once

#include "base/bdf.h"
#include "base/memory.h"

#include <stddef.h>

/* The functions in a sysfs path such as
 * '../../devices/pci0000:00/0000:00:03.1/0000:29:00.0/nvme/nvme0', the root's first. */
struct bdfs {
	struct bdf *v;
	size_t n;
};
struct bdfs bdfs_in_path(const char *path);
void bdfs_free(struct bdfs *bdfs);

/*
 * The path by topology of the function at the end of `target`, as the kernel's pci=
 * options take it (drivers/pci/pci.c, pci_dev_str_match_path): '0000:00:03.1/00.0'. It
 * begins behind the last root bus, so a VMD domain's at that domain's own root. NULL
 * where the function does not stand behind one. The caller frees it.
 */
char *topology_path(const char *target);

/* The last component of a path. Borrowed. */
const char *path_base(const char *path);

#define cleanup_bdfs cleanup(bdfs_free)
