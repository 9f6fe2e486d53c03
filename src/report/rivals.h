/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else would take a function: the modules whose aliases match it. */
#pragma once

#include "facts/function.h"
#include "facts/system.h"

struct rival {
	const char *module; /* Borrowed from the system. */
	bool is_builtin;    /* in at least one kernel */
};
struct rivals {
	struct rival *v; /* sorted by module */
	size_t n;
};

/* Of all kernels of the system together, which may be NULL. */
struct rivals rivals_of(const struct system *system, const struct function *function);
void rivals_free(struct rivals *rivals);

#define cleanup_rivals cleanup(rivals_free)
