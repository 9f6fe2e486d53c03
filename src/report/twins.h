/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions are alike to the last digit of their subsystem. */
#pragma once

#include "facts/function.h"

struct twins {
	/* For each function, in the order of functions->v: the run of by_identity with
	 * all that have its identity, itself included. */
	struct function_run *of;
};

/*
 * All at once: a search for each function would be quadratic on a machine of thousands
 * of virtual functions. Borrows from `functions`.
 */
struct twins twins_find(const struct functions *functions);
void twins_free(struct twins *twins);

#define cleanup_twins cleanup(twins_free)
