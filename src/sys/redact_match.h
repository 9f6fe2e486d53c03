/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a secret looks like, at the start of a word. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How much of the text is to be kept, and how much after that is secret: `n` is 0 where
 * nothing is. */
struct secret {
	size_t kept, n;
};
struct secret secret_at(const char *text);

/* Whether a word cannot go on with this byte. */
bool ends_word(char c);
