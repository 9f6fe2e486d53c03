/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that compete for targets, and those that must be in each kernel's image. */
#pragma once

#include "plan/plan.h"

/* Fills competitors of every target, by the alias index of every installed kernel. */
void find_competitors(const struct system *system, struct plan *plan);

/* Fills plan->kernels and plan->modules; a driver that no kernel has is an error. */
void plan_kernels(const struct system *system, struct plan *plan,
		  struct findings *findings);

/* Fills plan->softdeps: one for each competitor that is a module in some kernel. */
void plan_softdeps(const struct system *system, struct plan *plan);
