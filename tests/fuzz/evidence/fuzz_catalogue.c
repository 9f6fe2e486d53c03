/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever a row of the catalogue fits is found through its index, and nothing else. */
#include "evidence/catalogue.h"

#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_fields(const struct pattern_match *match, const char *text, size_t n)
{
	assert(!match->driver ||
	       (match->driver >= text && match->driver + match->n_driver <= text + n));
	assert(!match->word ||
	       (match->word >= text && match->word + match->n_word <= text + n));
	assert(match->number >= -1 && match->error >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct catalogue catalogue;
	struct pattern_match match;
	const struct message *found;
	bool fits = false, begins = false;
	char *text;

	if (!catalogue.n)
		catalogue_build(&catalogue);
	if (n > MESSAGE_MAX)
		return 0;
	text = xcalloc(n + 1, 1); /* exactly, so that a read past it is seen */
	memcpy(text, bytes, n);
	n = strlen(text);
	for (size_t i = 0; i < catalogue.n; i++) {
		bool is_match = pattern_match(catalogue.rows[i]->pattern, text, &match);

		if (is_match)
			check_fields(&match, text, n);
		fits |= is_match;
		begins |= is_match && catalogue.rows[i]->pattern[0] != '%';
	}
	found = catalogue_match(&catalogue, text, &match);
	assert(!found || fits);
	/* Of those that begin with a device, only the kernel's own spelling is looked up.
	 */
	assert(found || !begins);
	if (found)
		check_fields(&match, text, n);
	free(text);
	return 0;
}
