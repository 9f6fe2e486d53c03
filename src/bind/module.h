/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules, as far as a driver comes with one. */
#pragma once

#include "base/strings.h"

/*
 * Runs modprobe for at most `limit` milliseconds: its exit status, -ENOENT where there is
 * no modprobe, or another negative errno as of child_run().
 */
int module_load(const char *root, const char *name, long limit);

/* The same for a module that only matches: not where modprobe.d blacklists it (-b), as
 * udev does. */
int module_load_matching(const char *root, const char *name, long limit);

/*
 * The PCI drivers that a module registered, as sysfs names them: 'pci:nvme' below
 * sys/module/nvme/drivers. `name` has underscores. None where it is not there.
 */
struct strings module_drivers(const char *root, const char *name);
