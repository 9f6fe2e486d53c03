/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a text, and which of them two texts do not share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the text. The last one may lack its '\n', and then differs. */
struct line {
	const char *text;
	size_t n; /* with the '\n' */
	uint64_t hash;
	bool is_changed; /* not part of the other text */
};
struct text_lines {
	struct line *v;
	size_t n;
};

struct text_lines lines_split(const char *text, size_t n);
void lines_free(struct text_lines *lines);

/*
 * Marks the fewest lines whose removal from *a and insertion from *b turns *a into *b,
 * with linear space. Past DIFFERENCES_MAX of them all between the first and the last
 * difference is marked: still right, only longer.
 */
enum { DIFFERENCES_MAX = 2048 };
void lines_compare(struct text_lines *a, struct text_lines *b);

#define cleanup_lines cleanup(lines_free)
