/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/pattern.h"
#include "unit/check.h"

#include <string.h>

static void texts_match_from_their_start(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{ "DMAR: IOMMU enabled", "DMAR: IOMMU enabled", true },
		{ "DMAR: IOMMU enabled", "DMAR: IOMMU enabled, and more", true },
		{ "DMAR: IOMMU enabled", "DMAR: IOMMU enable", false },
		{ "DMAR: IOMMU enabled", "x DMAR: IOMMU enabled", false },
		{ "DMAR: IOMMU enabled", "", false },
		{ "a %*", "a ", true },
		{ "a %*z", "a b z", true },
		{ "a %*z", "a b y", false },
		{ "a %*bc d", "a bc bc d", true },
		{ "a %* %b", "a x 1:2 0000:29:00.0", true },
		{ "a %w: b", "a word: b", true },
		{ "a %w: b", "a two words: b", false },
		{ "a %w b", "a  b", false },
		{ "%n bits", "64 bits", true },
		{ "%n bits", "x bits", false },
		{ "%x end", "0x1f end", true },
		{ "%x end", "DEADbeef end", true },
		{ "%x end", "0x end", false },
		{ "[%i]", "[1002:68c8]", true },
		{ "[%i]", "[1002:68c]", false },
		{ "[%i]", "[1002:68c8:174b]", false },
		{ "%b x", "29:00.0 x", true },
		{ "%b x", "10000:29:00.0 x", true },
		{ "%b x", "0x00:0x02.0 x", true },
		{ "%b x", "0x00:0x2.0 x", false },
		{ "%b", "0x00:0x02.0", true },
		{ "%b", "0x", false },
		{ "%b", "0x00", false },
		{ "%b", "0x00:0x", false },
		{ "%b x", "29:00.8 x", false },
		{ "%{nvme} %w: x", "nvme nvme0: x", true },
		{ "%{nvme} %w: x", "nvm nvme0: x", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pattern_match match;

		if (pattern_match(cases[i].pattern, cases[i].text, &match) !=
		    cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].text);
	}
}

static void fields_are_taken_from_the_text(void **state)
{
	static const char text[] = "e1000e: probe of 10000:e1:1f.7 failed with error -22";
	struct pattern_match match;
	struct bdf bdf;

	assert_true(bdf_parse("10000:e1:1f.7", &bdf));
	assert_true(pattern_match("%D: probe of %b failed with error -%e", text, &match));
	assert_true(match.has_bdf);
	assert_true(bdf_equal(match.bdf, bdf));
	assert_int_equal(match.n_driver, 6);
	assert_memory_equal(match.driver, "e1000e", 6);
	assert_int_equal(match.error, 22);
	assert_int_equal(match.number, -1);
	assert_false(match.has_id);

	assert_true(pattern_match("add [%i[%x:%x]] in %n of %w",
				  "add [10DE:1401[ffffffff:ffff]] in 17 of vfio",
				  &match));
	assert_true(match.has_id);
	assert_int_equal(match.id.vendor, 0x10de);
	assert_int_equal(match.id.device, 0x1401);
	assert_int_equal(match.number, 17);
	assert_memory_equal(match.word, "vfio", 4);
	assert_null(match.driver);
}

static void what_a_failed_attempt_took_is_given_back(void **state)
{
	struct pattern_match match;

	/* The first address is followed by something else. */
	assert_true(pattern_match(
		"input: %*/%b/sound/",
		"input: x as /devices/pci0000:00/0000:00:01.0/0000:01:00.1/sound/card1",
		&match));
	assert_string_equal(bdf_text(match.bdf).s, "0000:01:00.1");
}

static void long_numbers_do_not_overflow(void **state)
{
	struct pattern_match match;

	assert_false(pattern_match("%n.", "99999999999999999999.", &match));
	assert_true(pattern_match("%n", "99999999999999999999", &match));
	assert_int_equal(match.number, 999999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_match_from_their_start),
		cmocka_unit_test(fields_are_taken_from_the_text),
		cmocka_unit_test(what_a_failed_attempt_took_is_given_back),
		cmocka_unit_test(long_numbers_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
