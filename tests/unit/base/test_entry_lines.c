/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/entry_lines.h"

#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

static void lines_are_taken_apart_as_loaders_do_it(void **state)
{
	static const struct {
		const char *line, *key, *value;
	} rows[] = {
		{ "title Fedora Linux\n", "title", "Fedora Linux" },
		{ "options\troot=/dev/sda  ro \t\r\n", "options", "root=/dev/sda  ro" },
		{ "  linux  /vmlinuz", "linux", "/vmlinuz" },
		{ "version\n", "version", "" },
		{ "# title x\n", "", "" },
		{ "  # title x\n", "", "" },
		{ "\n", "", "" },
		{ " \t\r\n", "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = rows[i].line;
		struct entry_line line;
		size_t at = 0;

		assert_true(entry_next(text, strlen(text), &at, &line));
		assert_int_equal(at, strlen(text));
		assert_int_equal(line.end, at);
		assert_int_equal(line.n_key, strlen(rows[i].key));
		assert_memory_equal(text + line.key, rows[i].key, line.n_key);
		assert_int_equal(line.n_value, strlen(rows[i].value));
		assert_memory_equal(text + line.value, rows[i].value, line.n_value);
		assert_false(entry_next(text, strlen(text), &at, &line));
	}
}

static void the_first_of_a_key_is_its_value(void **state)
{
	static const char text[] = "titles a\n#title b\ntitle c\ntitle d\n";
	cleanup_free char *value = entry_value(text, strlen(text), "title");

	assert_string_equal(value, "c");
	assert_null(entry_value(text, strlen(text), "options"));
	assert_null(entry_value("", 0, "title"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_taken_apart_as_loaders_do_it),
		cmocka_unit_test(the_first_of_a_key_is_its_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
