/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several sections, or one of them several times, name: each function is one target.
 */
#pragma once

#include "plan/plan.h"

/* Sorts plan->targets, and makes one of those that are of one function. */
void merge_targets(struct plan *plan, struct findings *findings);
