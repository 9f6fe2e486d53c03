/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/clean.h"

#include <string.h>

/* Length of the UTF-8 sequence that begins with `bytes`, or 0 where there is none. */
static size_t utf8_length(const unsigned char *bytes, size_t n)
{
	unsigned char first = bytes[0];
	size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

	if (first < 0xc2 || first > 0xf4 || length > n)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what is past U+10FFFF. */
	if ((first == 0xe0 && bytes[1] < 0xa0) || (first == 0xed && bytes[1] > 0x9f) ||
	    (first == 0xf0 && bytes[1] < 0x90) || (first == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return length;
}

/* Length of the terminal escape: CSI (ESC [ parameters, letter), or two bytes. */
static size_t escape_length(const unsigned char *bytes, size_t n)
{
	size_t i = 2;

	if (n < 2)
		return n;
	if (bytes[1] != '[')
		return 2;
	while (i < n && bytes[i] >= 0x20 && bytes[i] < 0x40)
		i++;
	return i < n ? i + 1 : n;
}

void clean_text(const char *bytes, size_t n, char *buffer)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + n;
	size_t out = 0;

	while (at < end) {
		/* Nearly all there is, so that it had better be quick. */
		while (at < end && *at >= 0x20 && *at < 0x7f)
			buffer[out++] = (char)*at++;
		if (at == end)
			break;
		size_t length = *at < 0x80 ? 1 : utf8_length(at, (size_t)(end - at));

		if (*at == 0x1b) {
			at += escape_length(at, (size_t)(end - at));
			continue;
		}
		if (!length || *at == '\t') {
			buffer[out++] = length ? ' ' : '?';
			length = 1;
		} else if (*at >= 0x20 && *at != 0x7f) {
			memcpy(buffer + out, at, length);
			out += length;
		}
		at += length;
	}
	while (out && buffer[out - 1] == ' ')
		out--;
	buffer[out] = '\0';
}
