/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the machine has an IOMMU, and whether the kernel uses it. */
#pragma once

#include "base/finding.h"
#include "facts/machine.h"
#include "sys/tree.h"

void iommu_read(const struct tree *tree, struct iommu *ret);

/*
 * Groups that vfio makes without an IOMMU (enable_unsafe_noiommu_mode;
 * drivers/vfio/group.c names them 'vfio-noiommu') isolate nothing: their functions get
 * NO_GROUP.
 */
void iommu_drop_false_groups(const struct tree *tree, struct machine *machine,
			     struct findings *findings);
