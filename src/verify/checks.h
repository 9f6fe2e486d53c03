/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks: each adds its results to the verification. */
#pragma once

#include "verify/boot.h"

/* Of the whole boot. */
void check_cmdline_applied(struct boot *boot);
void check_iommu_enabled(struct boot *boot);
void check_interrupt_remapping(struct boot *boot);
void check_twin_untouched(struct boot *boot);
void check_module_parameters(struct boot *boot);
void check_dma_faults(struct boot *boot);
void check_log_complete(struct boot *boot);

/* Of one target; the last two have nothing to say of most. */
void check_target_present(struct boot *boot, struct suspect *suspect);
void check_target_identity(struct boot *boot, struct suspect *suspect);
void check_target_bound(struct boot *boot, struct suspect *suspect);
void check_first_claim(struct boot *boot, struct suspect *suspect);
void check_group_viable(struct boot *boot, struct suspect *suspect);
void check_device_node(struct boot *boot, struct suspect *suspect);
void check_framebuffer(struct boot *boot, struct suspect *suspect);

/* Of a boot with 'vfio_bootcfg=off': mostly of the fallback entry, by somebody who fled
 * from the ordinary one. */
#define OFF_REMEDY \
	"boot the entry without 'vfio_bootcfg=off'; where that one does not come up, first mend the configuration and run 'vfio-bootcfg generate --rebuild', or run 'vfio-bootcfg revert'"
