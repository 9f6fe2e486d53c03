/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether VFIO can give a group to a machine: each of its functions must be free or held
 * by a driver that leaves DMA alone. The kernel's rule is in 5.15:drivers/vfio/vfio.c
 * (vfio_dev_viable) and, from 5.19 on, in driver_managed_dma of struct device_driver.
 */
#pragma once

#include "verify/boot.h"

/* Sets boot->groups for the groups of the targets; without sysfs, boot->members. */
void groups_judge(struct boot *boot);

/* Whether VFIO would refuse a group because of this function. */
bool is_in_the_way(const struct boot *boot, const struct function *function);

/* NULL where the group was not judged. */
const struct group_holders *groups_find(const struct boot *boot, int group);

/* Another function that the log puts into the group, or NULL. */
const struct log_record *groups_find_other(const struct boot *boot, long group,
					   struct bdf than);
