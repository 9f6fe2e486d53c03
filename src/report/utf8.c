/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/utf8.h"

/* By the number of bytes: the lead byte, and the first character that needs so many. */
static const struct {
	unsigned char mask, lead;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

size_t utf8_character(const char *text, size_t n, uint32_t *ret)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t more = 0;
	uint32_t c;

	if (!n)
		return 0;
	while ((byte[0] & forms[more].mask) != forms[more].lead)
		if (++more == sizeof forms / sizeof *forms)
			return 0;
	if (more >= n)
		return 0;
	c = byte[0] & (unsigned char)~forms[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte[i] & 0x3f);
	}
	if (c < forms[more].least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return more + 1;
}
