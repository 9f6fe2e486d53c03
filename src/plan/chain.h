/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which initramfs generators and boot loaders are written for, or answered. */
#pragma once

#include "plan/plan.h"

/* Fills uses_initramfs, uses_bootloader and uses_by_hand: what is configured, else the
 * one that is found; and keeps_fallback. */
void choose_chain(const struct config *config, const struct system *system,
		  struct plan *plan, struct findings *findings);
