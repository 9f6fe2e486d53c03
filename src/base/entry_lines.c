/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/entry_lines.h"

#include "base/memory.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_blanks(const char *text, size_t at, size_t end)
{
	while (at < end && is_blank(text[at]))
		at++;
	return at;
}

bool entry_next(const char *text, size_t n, size_t *at, struct entry_line *ret)
{
	struct entry_line line = { .begin = *at };
	const char *newline;
	size_t end;

	if (*at >= n)
		return false;
	newline = memchr(text + *at, '\n', n - *at);
	end = newline ? (size_t)(newline - text) : n;
	*at = line.end = end + (newline != NULL);
	while (end > line.begin && (is_blank(text[end - 1]) || text[end - 1] == '\r'))
		end--;
	line.key = line.value = skip_blanks(text, line.begin, end);
	if (line.key < end && text[line.key] != '#') {
		while (line.value < end && !is_blank(text[line.value]))
			line.value++;
		line.n_key = line.value - line.key;
		line.value = skip_blanks(text, line.value, end);
		line.n_value = end - line.value;
	}
	*ret = line;
	return true;
}

bool entry_line_is(const char *text, const struct entry_line *line, const char *key)
{
	return line->n_key == strlen(key) &&
	       memcmp(text + line->key, key, line->n_key) == 0;
}

char *entry_value(const char *text, size_t n, const char *key)
{
	struct entry_line line;

	for (size_t at = 0; entry_next(text, n, &at, &line);)
		if (entry_line_is(text, &line, key))
			return xstrndup(text + line.value, line.n_value);
	return NULL;
}
