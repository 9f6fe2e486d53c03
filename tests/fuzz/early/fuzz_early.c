/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of /proc/cmdline, up to the list of functions. */
#include "base/cmdline.h"
#include "early/entries.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static char *entries_text(const struct entries *entries)
{
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < entries->n; i++)
		fprintf(out, "%s=%s,", bdf_text(entries->v[i].bdf).s,
			identity_pattern_text(&entries->v[i].id).s);
	fclose(out);
	return text;
}

/* What was understood is understood again, and the same. */
static void check(const char *value)
{
	cleanup_entries struct entries entries, again;
	cleanup_free char *text = NULL, *text_again = NULL;

	entries_parse(value, &entries);
	for (size_t i = 0; i < entries.n_malformed && i < MALFORMED_SHOWN; i++) {
		struct malformed malformed = entries.malformed[i];

		assert(malformed.n && malformed.text >= value);
		assert(memchr(malformed.text, ',', malformed.n) == NULL);
		assert(strnlen(malformed.text, malformed.n) == malformed.n);
	}
	text = entries_text(&entries);
	entries_parse(text, &again);
	text_again = entries_text(&again);
	assert(again.n_malformed == 0 && strcmp(text, text_again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_free char *text = xstrndup((const char *)bytes, n);
	cleanup_cmdline struct cmdline cmdline;
	const char *value;

	cmdline_parse(text, &cmdline);
	value = cmdline_value(&cmdline, "vfio_bootcfg.devices");
	if (value)
		check(value);
	return 0;
}
