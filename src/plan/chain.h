/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which initramfs generators and boot loaders are written for. */
#pragma once

#include "plan/plan.h"

/* Fills uses_initramfs and uses_bootloader: what is configured, else the one that is
 * found. */
void choose_chain(const struct config *config, const struct system *system,
		  struct plan *plan, struct findings *findings);
