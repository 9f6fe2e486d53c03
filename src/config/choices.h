/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One word of a fixed set: which one it is, and which one was meant. */
#pragma once

#include "base/strings.h"

/* The words of the `values` of a key: 'on | pt | leave'. The caller frees them. */
struct strings choices_of(const char *values);

/* The index of `word`, whatever its case, or -1. */
int choice_index(const struct strings *choices, const char *word);

/* The one that is the fewest slips away, two at most and fewer for a short word, or NULL.
 * Borrowed from *choices. */
const char *choice_nearest(const struct strings *choices, const char *word);

/* The end of a message: "expected 'on', 'pt' or 'leave' (did you mean 'on'?)". The caller
 * frees it. */
char *choices_hint(const struct strings *choices, const char *word);
