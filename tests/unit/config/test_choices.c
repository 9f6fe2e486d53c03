/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/choices.h"

#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>

static void near_misses_find_the_word_that_was_meant(void **state)
{
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "address", "address" },
		{ "adress", "address" },
		{ "ADDRES", "address" },
		{ "adderss", "address" },
		{ "addresses", "address" },
		{ "ids", "id" },
		{ "pat", "path" },
		{ "calim", "claim" },
		{ "claims", "claim" },
		/* Two slips in three letters are another word. */
		{ "off", NULL },
		{ "of", NULL },
		{ "xdrxss", NULL },
		{ "", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	};
	struct strings choices cleanup_strings =
		choices_of("on | address | path | id | claim");

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *nearest = choice_nearest(&choices, cases[i].word);

		if (cases[i].nearest)
			assert_string_equal(nearest, cases[i].nearest);
		else
			assert_null(nearest);
	}
}

/* What the manuals of others call it is nowhere near by its letters. */
static void a_loader_is_known_by_its_other_names(void **state)
{
	struct strings loaders cleanup_strings =
		choices_of("grub | kernel-cmdline | proxmox-boot-tool");
	struct strings others cleanup_strings = choices_of("yes | no");

	assert_string_equal(choice_nearest(&loaders, "systemd-boot"), "kernel-cmdline");
	assert_string_equal(choice_nearest(&loaders, "UKI"), "kernel-cmdline");
	assert_string_equal(choice_nearest(&loaders, "proxmox"), "proxmox-boot-tool");
	assert_string_equal(choice_nearest(&loaders, "grub2"), "grub");
	assert_null(choice_nearest(&others, "systemd-boot"));
}

static void a_word_is_found_whatever_its_case(void **state)
{
	struct strings choices cleanup_strings = choices_of("on | pt | leave");

	assert_int_equal(choices.n, 3);
	assert_int_equal(choice_index(&choices, "on"), 0);
	assert_int_equal(choice_index(&choices, "Leave"), 2);
	assert_int_equal(choice_index(&choices, "o"), -1);
	assert_int_equal(choice_index(&choices, "|"), -1);
}

static void a_hint_lists_what_was_expected(void **state)
{
	struct strings two cleanup_strings = choices_of("yes | no");
	struct strings three cleanup_strings = choices_of("on | pt | leave");
	cleanup_free char *plain = choices_hint(&two, "maybe");
	cleanup_free char *near = choices_hint(&three, "laeve");

	assert_string_equal(plain, "expected 'yes' or 'no'");
	assert_string_equal(near,
			    "expected 'on', 'pt' or 'leave' (did you mean 'leave'?)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_misses_find_the_word_that_was_meant),
		cmocka_unit_test(a_loader_is_known_by_its_other_names),
		cmocka_unit_test(a_word_is_found_whatever_its_case),
		cmocka_unit_test(a_hint_lists_what_was_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
