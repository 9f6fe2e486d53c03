/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that compete for targets, and those that must be in each kernel's image. */
#pragma once

#include "plan/plan.h"

/* Fills competitors of every target, by the alias index of every installed kernel and,
 * for what is built in, by the record, which may be NULL. */
void find_competitors(const struct system *system, const struct record *record,
		      struct plan *plan);

/* Fills plan->kernels and plan->modules; a driver that no kernel has is an error. */
void plan_kernels(const struct system *system, struct plan *plan,
		  struct findings *findings);

/* The module of the reserving driver. The caller frees it. */
char *driver_module(const struct plan *plan);

/* Whether some installed kernel has it as a module; once plan->kernels is there. */
bool is_loadable_somewhere(const struct plan *plan, const char *module);

/* Fills plan->softdeps: one for each competitor that is a module in some kernel. */
void plan_softdeps(const struct system *system, struct plan *plan);
