/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/path.h"

#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>

static void paths_are_written_in_one_way(void **state)
{
	static const struct {
		const char *text, *canonical;
	} cases[] = {
		{ "00:03.1", "0000:00:03.1" },
		{ "0:3.1/0.0", "0000:00:03.1/00.0" },
		{ "0000:00:03.1/00.0", "0000:00:03.1/00.0" },
		{ "10000:E0:1D.0/1F.7/0.1", "10000:e0:1d.0/1f.7/00.1" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *path = path_canonical(cases[i].text);

		assert_non_null(path);
		assert_string_equal(path, cases[i].canonical);
	}
}

static void what_is_no_path_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"/",
		"/00:03.1",
		"00:03.1/",
		"00:03.1//00.0",
		"03.1/00.0",
		"00:03.1/00:00.0",
		"00:03.1/00.8",
		"00:03.1/20.0",
		"00:03.1/00.0 ",
		"00:03.1/ 00.0",
		"00:03.1/0",
		"00:03.1/000.0",
		"pci:00:03.1",
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_null(path_canonical(cases[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_written_in_one_way),
		cmocka_unit_test(what_is_no_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
