/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line that a plan asks for. */
#pragma once

#include "base/cmdline.h"
#include "plan/plan.h"

enum {
	IDS_SIZE = 1024, /* of the `ids` parameter with its NUL: vfio_pci.c, pci-stub.c */
	COMMAND_LINE_SIZE = 2048, /* of x86 with its NUL: arch/x86/include/asm/setup.h */
};

/* Fills plan->configured, once the loaders are chosen. */
void plan_configured(struct plan *plan);

/*
 * Fills plan->cmdline, in this order: rd.driver.pre, DRIVER.ids, vfio_bootcfg.devices,
 * the IOMMU, dyndbg. Past a limit of the kernel it is an error that names both numbers.
 */
void plan_cmdline(const struct config *config, const struct machine *machine,
		  struct plan *plan, struct findings *findings);

/* The command line of this boot; an empty one where it is not known, or where another
 * machine will boot. The caller frees it. */
void present_cmdline(const struct machine *machine, struct cmdline *ret);
