/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What someone meant who typed something else. */
#pragma once

#include <stddef.h>

enum { NEAR_LENGTH_MAX = 32 };

/*
 * The row whose name is at most two edits away from `word`, and less than its length;
 * the first of the nearest, or NULL. `names` begins at the first row's name, and rows are
 * `stride` bytes apart.
 */
const char *options_near(const char *word, const void *names, size_t n, size_t stride);
