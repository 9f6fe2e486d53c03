/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/entry_text.h"

#include "artifact/artifact.h"
#include "artifact/cmdline_edit.h"
#include "base/entry_lines.h"
#include "base/memory.h"

#include <string.h>

static bool find_options(const char *text, size_t n, struct entry_line *ret)
{
	for (size_t at = 0; entry_next(text, n, &at, ret);)
		if (entry_line_is(text, ret, "options"))
			return true;
	return false;
}

char *entry_options(const char *text)
{
	char *options = entry_value(text, strlen(text), "options");

	return options ? options : xstrdup("");
}

char *entry_with_options(const char *text, const char *options)
{
	cleanup_free char *content = NULL;
	size_t n = strlen(text);
	struct entry_line line;

	if (!find_options(text, n, &line)) {
		content = *options ? xasprintf("options %s", options) : xstrdup("");
		return text_with_line(text, n, 0, content);
	}
	/* A line without a value may end right behind its key. */
	content = *options ? xasprintf("%.*s%s%s", (int)(line.value - line.begin),
				       text + line.begin,
				       line.value > line.key + line.n_key ? "" : " ",
				       options)
			   : xstrdup("");
	return text_with_line(text, line.begin, line.value + line.n_value - line.begin,
			      content);
}

char *entry_as_fallback(const char *text, const char *options, const char *indent)
{
	cleanup_free char *changed = entry_with_options(text, options);
	size_t n = strlen(changed), size;
	struct entry_line line;
	char *fallback;
	FILE *out = xopen_memstream(&fallback, &size);

	for (size_t at = 0; entry_next(changed, n, &at, &line);) {
		size_t end = line.value + line.n_value;

		if (entry_line_is(changed, &line, "options"))
			fputs(indent, out);
		fwrite(changed + line.begin, 1, end - line.begin, out);
		if (entry_line_is(changed, &line, "title"))
			fputs(" (" FALLBACK_TITLE ")", out);
		fwrite(changed + end, 1, line.end - end, out);
	}
	fclose(out);
	return fallback;
}
