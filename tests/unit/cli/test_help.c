/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/help.h"
#include "unit/check.h"

#include <string.h>

static char *help_of(enum verb verb)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	help_print(out, verb);
	fclose(out);
	return text;
}

/* For each command, and for VERBS the program's. */
static void help_fits_eighty_columns(void **state)
{
	for (int i = 0; i <= VERBS; i++) {
		cleanup_free char *text = help_of((enum verb)i);

		for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
			size_t n = strcspn(line, "\n");

			assert_true(n < 80);
			assert_true(n == 0 || line[n - 1] != ' ');
			assert_int_equal(line[n], '\n');
		}
	}
}

static void help_names_every_option_once(void **state)
{
	cleanup_free char *text = help_of(VERBS);

	for (size_t i = 0; i < n_option_specs; i++) {
		cleanup_free char *name = xasprintf(" --%s", option_specs[i].name);
		size_t n = strlen(name), times = 0;

		for (const char *at = text; (at = strstr(at, name)); at++)
			times += !strchr("-abcdefghijklmnopqrstuvwxyz", at[n]);
		assert_int_equal(times, 1);
	}
	for (int i = 0; i < VERBS; i++) {
		cleanup_free char *line = xasprintf("\n  %-9s %s\n", verb_specs[i].name,
						    verb_specs[i].help);

		assert_non_null(strstr(text, line));
	}
}

static void help_of_a_command_has_its_options_only(void **state)
{
	cleanup_free char *text = help_of(VERB_REVERT);

	assert_non_null(strstr(text, "Usage: vfio-bootcfg revert "));
	assert_non_null(strstr(text, "      --root=DIR"));
	assert_null(strstr(text, "--rebuild"));
	assert_non_null(strstr(text, "  -q, --quiet"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_fits_eighty_columns),
		cmocka_unit_test(help_names_every_option_once),
		cmocka_unit_test(help_of_a_command_has_its_options_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
