/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of a text that may turn out to be none. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes that the first character of `text` takes, and in *ret its code point. 0 where
 * they are no UTF-8 (RFC 3629: shortest form, no surrogates, nothing past U+10FFFF).
 * No text, `n` 0, has none.
 */
size_t utf8_decode(const char *text, size_t n, uint32_t *ret);
