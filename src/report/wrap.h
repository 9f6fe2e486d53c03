/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long sentences on a narrow terminal. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Where a text stands: columns from 0. */
struct margin {
	size_t column; /* of its first character */
	size_t indent; /* of the lines that follow */
	size_t width;  /* of the terminal, or 0: nothing is wrapped */
};

/* Writes the text as text_put() does and ends the line. Breaks at blanks; a word that is
 * too long stays whole, so that it can be copied. */
void wrap_put(FILE *out, const char *text, struct margin margin);
