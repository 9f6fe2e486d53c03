/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bdf.h"
#include "unit/check.h"

static void short_and_long_addresses_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *full;
	} cases[] = {
		{ "29:00.0", "0000:29:00.0" },
		{ "0000:29:00.1", "0000:29:00.1" },
		{ "0:1f.7", "0000:00:1f.7" },
		{ "10000:e1:00.0", "10000:e1:00.0" }, /* VMD: five digits of domain */
		{ "ffffffff:FF:1F.7", "ffffffff:ff:1f.7" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bdf bdf;

		assert_true(bdf_parse(cases[i].text, &bdf));
		assert_string_equal(bdf_text(bdf).s, cases[i].full);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const cases[] = {
		"",	    "29",      "29:00",	   "29:00.8",	"29:20.0",
		"129:00.0", " 29:0.0", "29:00.0 ", "29:00.0,",	"0x29:00.0",
		"29:00.00", "-1:00.0", "::.",	   "1:2:3:4.0", "100000000:29:00.0",
		"29:00.g",
	};
	struct bdf bdf = { .bus = 0x42 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_false(bdf_parse(cases[i], &bdf));
		assert_int_equal(bdf.bus, 0x42); /* left alone */
	}
}

static void order_is_that_of_the_numbers(void **state)
{
	struct bdf a, b;

	assert_true(bdf_parse("0000:0a:00.0", &a) && bdf_parse("10000:00:00.0", &b));
	assert_true(bdf_compare(&a, &b) < 0);
	assert_true(bdf_compare(&b, &a) > 0);
	assert_true(bdf_equal(a, a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_and_long_addresses_are_read),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(order_is_that_of_the_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
