/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from devices and logs may hold any bytes: which of them are characters. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes of the character at the start of `text`, of which `n` bytes are there, and
 * the character; 0 where they are none: too long a form, a surrogate, past U+10FFFF, or
 * cut short.
 */
size_t utf8_character(const char *text, size_t n, uint32_t *ret);
