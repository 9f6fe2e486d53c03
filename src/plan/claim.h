/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the reserving driver gets each target: the simplest way that is exact. */
#pragma once

#include "plan/plan.h"

/*
 * Whether the driver takes `ids=`: vfio-pci and pci-stub do. A vfio variant driver has a
 * fixed table of override-only entries, and is reached through driver_override alone.
 */
bool driver_has_ids(const char *driver);

/* Fills claim and reason of every target; their competitors must be known. */
void claim_targets(const struct machine *machine, struct plan *plan,
		   struct findings *findings);
