/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a menu entry in a file of its own, loader/entries/X.conf: 'KEY VALUE', as
 * systemd-boot and GRUB's blscfg take them apart (Boot Loader Specification, type 1).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct entry_line {
	size_t begin, end;     /* in the text, with its newline */
	size_t key, n_key;     /* n_key is 0 for a comment or an empty line */
	size_t value, n_value; /* without blanks, or a CR, at its end */
};

/* The line at *at, which is moved behind it. False at the end of the text. */
bool entry_next(const char *text, size_t n, size_t *at, struct entry_line *ret);

bool entry_line_is(const char *text, const struct entry_line *line, const char *key);

/* The value of the first line with that key, or NULL. The caller frees it. */
char *entry_value(const char *text, size_t n, const char *key);
