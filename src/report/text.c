/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

#include "base/utf8.h"

#include <string.h>

/* Marks and overrides of direction could show a text in another order than it has. */
static bool turns_direction(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static void put_escape(FILE *out, char byte)
{
	static const char letters[] = "abtnvfr"; /* from 7 on */

	if (byte >= '\a' && byte <= '\r')
		fprintf(out, "\\%c", letters[byte - '\a']);
	else
		fprintf(out, "\\x%02x", (unsigned char)byte);
}

void text_put_bytes(FILE *out, const char *text, size_t n)
{
	while (n) {
		uint32_t c = 0;
		size_t length = utf8_decode(text, n, &c);
		bool is_plain = length && !is_control(c) && !turns_direction(c);

		if (!length)
			length = 1;
		if (is_plain)
			fwrite(text, 1, length, out);
		else
			for (size_t i = 0; i < length; i++)
				put_escape(out, text[i]);
		text += length;
		n -= length;
	}
}

void text_put(FILE *out, const char *text)
{
	text_put_bytes(out, text, strlen(text));
}

char *text_escaped(const char *text)
{
	size_t size;
	char *escaped;
	FILE *out = xopen_memstream(&escaped, &size);

	text_put(out, text);
	fclose(out);
	return escaped;
}

const char *style_code(enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = NULL,	   [STYLE_STRONG] = "\033[1m",
		[STYLE_DIM] = "\033[2m",   [STYLE_GOOD] = "\033[32m",
		[STYLE_WARN] = "\033[33m", [STYLE_BAD] = "\033[1;31m",
		[STYLE_NEW] = "\033[36m",
	};

	_Static_assert(sizeof codes / sizeof *codes == STYLES, "every style has a code");
	return codes[style];
}

void style_begin(FILE *out, enum colour colour, enum style style)
{
	if (colour == COLOUR_YES && style != STYLE_PLAIN)
		fputs(style_code(style), out);
}

void style_end(FILE *out, enum colour colour, enum style style)
{
	if (colour == COLOUR_YES && style != STYLE_PLAIN)
		fputs("\033[0m", out);
}

void style_put(FILE *out, enum colour colour, enum style style, const char *format, ...)
{
	va_list arguments;

	style_begin(out, colour, style);
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
	style_end(out, colour, style);
}
