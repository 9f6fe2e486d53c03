/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a kernel command line in a file that holds no comment: what is put in is taken
 * out again byte for byte, by the record of what was added (token_record.h).
 */
#pragma once

#include "base/strings.h"

#include <stdbool.h>

/* Whether a quote is never closed, so that nothing can follow. */
bool cmdline_is_open(const char *line);

/* The line without the last one of each of the words. The caller frees it. */
char *cmdline_without(const char *line, const struct strings *words);

/* The line with those of the words that are not in effect there, before a lone '--'; they
 * are added to *added. The caller frees it. */
char *cmdline_with(const char *line, const struct strings *words, struct strings *added);

/*
 * The text with other content in its line of `n` characters at `begin`: a line that gets
 * none goes, and where `n` is 0 one is added at the end, without a newline if the text
 * has none there. The caller frees it.
 */
char *text_with_line(const char *text, size_t begin, size_t n, const char *content);
