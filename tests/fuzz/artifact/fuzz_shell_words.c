/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A shell file is read, and our lines are put in and taken out again. */
#include "artifact/managed_block.h"
#include "artifact/shell_words.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_values(const char *text, size_t n)
{
	static const char *const names[] = { "V", "GRUB_CMDLINE_LINUX_DEFAULT" };
	struct shell_source source = { .name = "grub" };

	shell_script_read(text, n, &source.script);
	for (size_t i = 0; i < source.script.n; i++) {
		const struct shell_step *step = &source.script.v[i];

		assert(!step->name || *step->name);
		assert(!step->value ||
		       (step->value >= text && step->value + step->n <= text + n));
	}
	for (size_t i = 0; i < 2; i++) {
		struct shell_value value;

		shell_value_after(&source, 1, names[i], &value);
		assert(value.is_known || !value.text);
		assert(value.is_known || value.where);
		shell_value_free(&value);
	}
	shell_script_free(&source.script);
}

/* Taking out what was put in gives back the text; putting it in twice changes nothing. */
static void put_in_and_take_out(const char *text, size_t n)
{
	struct findings findings = { 0 };
	struct managed_block block, again;
	char *rest, *with, *twice, *back;
	size_t rest_size, size, twice_size, back_size;

	if (!managed_block_find(text, n, "grub", &block, &findings)) {
		assert(findings.n == 1);
		findings_free(&findings);
		return;
	}
	rest = managed_block_remove(text, n, &block, &rest_size);
	with = managed_block_put(text, n, &block, BLOCK_AT_END, "V=1\n", &size);
	assert(managed_block_find(with, size, "grub", &again, &findings) && again.exists);
	back = managed_block_remove(with, size, &again, &back_size);
	assert(back_size == rest_size && memcmp(back, rest, rest_size) == 0);
	twice = managed_block_put(with, size, &again, BLOCK_IN_PLACE, "V=1\n",
				  &twice_size);
	assert(twice_size == size && memcmp(twice, with, size) == 0);
	free(rest);
	free(with);
	free(back);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	read_values((const char *)bytes, n);
	put_in_and_take_out((const char *)bytes, n);
	return 0;
}
