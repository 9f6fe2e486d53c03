/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cmdline.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text cleanup_free = xstrndup((const char *)bytes, n);
	struct cmdline cmdline cleanup_cmdline = { 0 };

	cmdline_parse(text, &cmdline);
	assert(cmdline.n_kernel <= cmdline.n);
	for (size_t i = 0; i < cmdline.n; i++) {
		struct cmdline again cleanup_cmdline = { 0 };

		/* A token is a whole line of one token, and is itself again. */
		cmdline_parse(cmdline.v[i].text, &again);
		assert(again.n == 1);
		assert(strcmp(again.v[0].name, cmdline.v[i].name) == 0);
		if (i < cmdline.n_kernel)
			assert(cmdline_find(&cmdline, cmdline.v[i].name));
	}
	return 0;
}
