/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of strings that owns them. A zeroed one is empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct strings {
	char **v;
	size_t n;
};

void strings_free(struct strings *strings);
void strings_add(struct strings *strings, const char *text);
void strings_take(struct strings *strings, char *text);
void strings_add_all(struct strings *strings, const struct strings *more);
bool strings_has(const struct strings *strings, const char *text);

bool text_ends_with(const char *text, const char *end);

/* Sorts by byte and removes repetitions. */
void strings_sort(struct strings *strings);

/* The elements with `separator` between them. The caller frees it. */
char *strings_join(const struct strings *strings, const char *separator);

/* The arguments as one would type them to a shell. The caller frees it. */
char *strings_shell_line(const struct strings *argv);

/* Appends the words of `text`, which any of `separators` divide; empty ones are left out.
 */
void strings_split(struct strings *strings, const char *text, const char *separators);

#define cleanup_strings cleanup(strings_free)
