/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates, whose marks look like '@WORDS@', and what is put into those of a shell. */
#include "artifact/rendering.h"

#include <assert.h>
#include <string.h>

/* The value of the mark that begins at `at`, or NULL; *ret_n is the length of the mark.
 */
static const char *value_at(const char *at, const char *const *values, size_t *ret_n)
{
	for (; *values; values += 2) {
		size_t n = strlen(values[0]);

		if (at[0] == '@' && strncmp(at + 1, values[0], n) == 0 &&
		    at[n + 1] == '@') {
			*ret_n = n + 2;
			return values[1];
		}
	}
	return NULL;
}

char *fill_in(const char *text, const char *const *values)
{
	size_t size, n;
	char *filled;
	FILE *out = xopen_memstream(&filled, &size);

	while (*text) {
		const char *value = value_at(text, values, &n);

		if (value) {
			fputs(value, out);
			text += n;
		} else {
			fputc(*text++, out);
		}
	}
	fclose(out);
	return filled;
}

char *shell_quoted(const char *text)
{
	/* No word of a plan has one. */
	assert(!strchr(text, '\''));
	return xasprintf("'%s'", text);
}

char *shell_quoted_list(const struct strings *words)
{
	cleanup_strings struct strings quoted = { 0 };

	for (size_t i = 0; i < words->n; i++)
		strings_take(&quoted, shell_quoted(words->v[i]));
	return strings_join(&quoted, " ");
}
