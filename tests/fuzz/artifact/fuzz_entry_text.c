/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our words are put into an entry, and taken out again. */
#include "artifact/cmdline_edit.h"
#include "artifact/entry_text.h"
#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void edit(const char *text)
{
	static char ids[] = "vfio-pci.ids=10de:2704", iommu[] = "intel_iommu=on";
	static char *ours[] = { ids, iommu };
	const struct strings words = { .v = ours, .n = 2 };
	cleanup_strings struct strings added = { 0 }, again = { 0 };
	cleanup_free char *options = entry_options(text), *with = NULL, *edited = NULL,
			  *read = NULL, *twice = NULL, *rest = NULL, *fallback = NULL;

	if (cmdline_is_open(options))
		return;
	with = cmdline_with(options, &words, &added);
	twice = cmdline_with(with, &words, &again);
	assert(strcmp(twice, with) == 0 && !again.n);
	rest = cmdline_without(with, &added);
	assert(strcmp(rest, options) == 0);
	edited = entry_with_options(text, with);
	read = entry_options(edited);
	assert(strcmp(read, with) == 0);
	fallback = entry_as_fallback(text, options, " ");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_free char *text = xcalloc(n + 1, 1);

	memcpy(text, bytes, n);
	edit(text);
	return 0;
}
