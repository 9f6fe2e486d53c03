/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/wrap.h"

#include "base/memory.h"
#include "report/text.h"

#include <string.h>

enum { LEAST_WIDTH = 24 }; /* beside the indent; on less, wrapping makes it worse */

/* The columns that n bytes of UTF-8 take: one a character. */
static size_t columns(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

void wrap_put(FILE *out, const char *text, struct margin margin)
{
	cleanup_free char *escaped = text_escaped(text);
	bool is_wrapped = margin.width >= margin.indent + LEAST_WIDTH;
	size_t column = margin.column;

	for (const char *at = escaped; *at;) {
		size_t blanks = strspn(at, " ");
		size_t word = strcspn(at + blanks, " ");
		size_t taken = blanks + columns(at + blanks, word);

		if (is_wrapped && at != escaped && column + taken > margin.width) {
			fprintf(out, "\n%*s", (int)margin.indent, "");
			at += blanks;
			column = margin.indent;
			taken -= blanks;
			blanks = 0;
		}
		fwrite(at, 1, blanks + word, out);
		column += taken;
		at += blanks + word;
	}
	fputc('\n', out);
}
