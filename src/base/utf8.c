/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>

/* One row a length: how its first byte looks, and the least that needs that length. */
static const struct form {
	unsigned char mask, lead;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

static bool is_character(uint32_t c)
{
	return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static size_t decode_as(const struct form *form, size_t length, const char *text,
			uint32_t *ret)
{
	uint32_t c = (unsigned char)text[0] & (unsigned char)~form->mask;

	for (size_t i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (c < form->least || !is_character(c))
		return 0;
	*ret = c;
	return length;
}

size_t utf8_decode(const char *text, size_t n, uint32_t *ret)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms && i < n; i++)
		if (((unsigned char)text[0] & forms[i].mask) == forms[i].lead)
			return decode_as(&forms[i], i + 1, text, ret);
	return 0;
}
