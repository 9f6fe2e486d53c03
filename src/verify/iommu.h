/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether DMA is translated and interrupts are remapped in this boot, and if not, why. */
#pragma once

#include "verify/boot.h"

/* Sets boot->iommu and boot->iommu_record. */
void iommu_judge(struct boot *boot);

/*
 * Why the IOMMU is off, in one clause, and what turns it on. The caller frees both;
 * *ret_shown is the line of the log that shows it, or NULL.
 */
void iommu_explain(const struct boot *boot, char **ret_cause, char **ret_remedy,
		   const struct log_record **ret_shown);

/* Whether VFIO may count on interrupts that a guest cannot forge. */
enum tristate iommu_remaps(const struct boot *boot, const struct log_record **ret_shown);
