/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions the device sections name. */
#pragma once

#include "plan/plan.h"

/*
 * Appends a target, without a claim, for each function that the configuration names;
 * plan->targets is sorted when it returns. What cannot be named exactly is an error.
 */
void resolve_targets(const struct config *config, const struct machine *machine,
		     const struct record *record, struct plan *plan,
		     struct findings *findings);

/* Once the targets are resolved: of an id that stands beside an address and fits none. */
void warn_of_idle_ids(const struct config *config, const struct plan *plan,
		      struct findings *findings);
