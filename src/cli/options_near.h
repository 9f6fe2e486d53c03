/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What someone meant who typed something else. */
#pragma once

#include <stddef.h>

enum { NEAR_LENGTH_MAX = 32 };

/*
 * The nearest of the names that were tried: at most two edits away from `word`, and fewer
 * than it has characters; the first of equals; NULL where there is none.
 */
struct near {
	const char *word;
	const char *name;
	size_t distance; /* of `name` */
};
void near_try(struct near *near, const char *name);
