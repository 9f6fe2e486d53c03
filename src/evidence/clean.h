/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes from outside, made fit to be shown and to be put into JSON. */
#pragma once

#include <stddef.h>

/*
 * Copies without terminal escapes and control characters; a tab becomes a blank, what is
 * no UTF-8 a '?', and blanks at the end go. `buffer` has room for n + 1 bytes.
 */
void clean_text(const char *bytes, size_t n, char *buffer);
