/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/cmdline_edit.h"

#include "base/cmdline.h"
#include "base/memory.h"

#include <string.h>

bool cmdline_is_open(const char *line)
{
	bool is_open = false;

	for (; *line; line++)
		is_open ^= *line == '"';
	return is_open;
}

/* Takes the last token that is `word` out of the line, with the blanks before it; those
 * behind it where it is the first. Behind a lone '--' stands what is for init: it is
 * somebody else's as long as there is one before. */
static void take_out(char *line, const char *word)
{
	size_t n = strlen(word), length;
	char *begin = NULL, *end = NULL, *last_end = NULL;
	char *token = line;

	while (token = (char *)cmdline_next(token, &length), length) {
		if (begin && length == 2 && memcmp(token, "--", 2) == 0)
			break;
		if (length == n && memcmp(token, word, n) == 0) {
			begin = last_end ? last_end : token;
			end = token + n;
		}
		token = last_end = token + length;
	}
	if (!begin)
		return;
	if (begin + n == end)
		end = (char *)cmdline_next(end, &length);
	memmove(begin, end, strlen(end) + 1);
}

char *cmdline_without(const char *line, const struct strings *words)
{
	char *rest = xstrdup(line);

	for (size_t i = words->n; i > 0; i--)
		take_out(rest, words->v[i - 1]);
	return rest;
}

/* Where words are put: behind the last one that the kernel reads, else where the first
 * would be. */
struct place {
	size_t at;
	bool is_behind;
};

static struct place find_place(const char *line)
{
	struct place place = { 0 };
	const char *token = line;
	size_t n;

	while (token = cmdline_next(token, &n),
	       n && !(n == 2 && memcmp(token, "--", 2) == 0)) {
		token += n;
		place = (struct place){ (size_t)(token - line), true };
	}
	if (!place.is_behind)
		place.at = (size_t)(token - line);
	return place;
}

static void list_missing(const char *line, const struct strings *words,
			 struct strings *ret)
{
	cleanup_cmdline struct cmdline present = { 0 };

	cmdline_parse(line, &present);
	for (size_t i = 0; i < words->n; i++)
		if (!cmdline_has(&present, words->v[i]))
			strings_add(ret, words->v[i]);
}

char *cmdline_with(const char *line, const struct strings *words, struct strings *added)
{
	cleanup_strings struct strings missing = { 0 };
	cleanup_free char *text = NULL;
	struct place place = find_place(line);
	const char *rest = line + place.at;

	list_missing(line, words, &missing);
	if (!missing.n)
		return xstrdup(line);
	strings_add_all(added, &missing);
	text = strings_join(&missing, " ");
	return xasprintf("%.*s%s%s%s%s", (int)place.at, line, place.is_behind ? " " : "",
			 text, !place.is_behind && *rest ? " " : "", rest);
}

char *text_with_line(const char *text, size_t begin, size_t n, const char *content)
{
	size_t size = strlen(text), end = begin + n;
	bool is_whole = !size || text[size - 1] == '\n';

	if (!n && !*content)
		return xstrdup(text);
	if (!n)
		return xasprintf("%s%s%s%s", text, is_whole ? "" : "\n", content,
				 is_whole ? "\n" : "");
	if (!*content) {
		end += strcspn(text + end, "\n");
		if (end < size)
			end++;
		else if (begin) /* the newline before it came with it */
			begin--;
	}
	return xasprintf("%.*s%s%s", (int)begin, text, content, text + end);
}
