/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include "unit/check.h"

#include <string.h>

static void a_character_is_decoded_with_its_length(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t character;
	} cases[] = {
		{ "a", 1, 'a' },
		{ "\303\244", 2, 0xe4 },
		{ "\342\202\254x", 3, 0x20ac },
		{ "\360\237\222\273", 4, 0x1f4bb },
		{ "\364\217\277\277", 4, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t c = 0;

		assert_int_equal(utf8_decode(cases[i].text, strlen(cases[i].text), &c),
				 cases[i].n);
		assert_int_equal(c, cases[i].character);
	}
}

static void what_is_no_character_has_no_length(void **state)
{
	static const char *const cases[] = {
		"",
		"\200",
		"\303",
		"\303(",
		"\300\200" /* too long a form */,
		"\340\200\200",
		"\355\240\200" /* a surrogate */,
		"\364\220\200\200",
		"\370\210\200\200\200",
		"\342\202" /* cut short */,
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t c;

		assert_int_equal(utf8_decode(cases[i], strlen(cases[i]), &c), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_character_is_decoded_with_its_length),
		cmocka_unit_test(what_is_no_character_has_no_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
