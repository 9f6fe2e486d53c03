/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan for the system that runs, now: its targets, what competes for them, and what
 * refuses them. It has no command line, and nothing is written for the next boot.
 */
#pragma once

#include "facts/usage.h"
#include "plan/plan.h"

/* As plan_make(); of the kernels, the one that runs is looked at. */
void plan_make_live(const struct config *config, const struct machine *machine,
		    const struct system *system, const struct record *record,
		    const struct usage *usage, struct plan *ret,
		    struct findings *findings);

/* The same for giving the targets back: what keeps them is a machine that runs. */
void plan_make_release(const struct config *config, const struct machine *machine,
		       const struct system *system, const struct record *record,
		       const struct usage *usage, struct plan *ret,
		       struct findings *findings);

/* Whether a driver is one that keeps functions for machines: the one of the plan, or any
 * that this program can be told to reserve with. */
bool driver_reserves(const struct plan *plan, const char *driver);
