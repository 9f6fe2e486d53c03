/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cmdline.h"
#include "unit/check.h"

static void tokens_end_where_the_kernel_ends_them(void **state)
{
	static const struct {
		const char *line;
		size_t n;
		const char *name, *value, *text; /* of the first */
	} cases[] = {
		{ "quiet", 1, "quiet", NULL, "quiet" },
		{ "  a=b\t c\n", 2, "a", "b", "a=b" },
		{ "foo=\"x y\" z", 2, "foo", "x y", "foo=\"x y\"" },
		{ "\"foo=x y\" z", 2, "foo", "x y", "\"foo=x y\"" },
		{ "\"a b\"", 1, "a b", NULL, "\"a b\"" },
		{ "dyndbg=\"file drivers/base/dd.c +p\"", 1, "dyndbg",
		  "file drivers/base/dd.c +p", "dyndbg=\"file drivers/base/dd.c +p\"" },
		{ "root=UUID=1-2 ro", 2, "root", "UUID=1-2", "root=UUID=1-2" },
		{ "a= b", 2, "a", "", "a=" },
		{ "a=b\"c d\"e f", 2, "a", "b\"c d\"e", "a=b\"c d\"e" },
		{ "open=\"no end b", 1, "open", "no end b", "open=\"no end b" },
		{ "=x", 1, "=x", NULL, "=x" },
		{ "=x=y", 1, "=x", "y", "=x=y" },
		{ "\"", 1, "", NULL, "\"" },
		{ "\"\"", 1, "", NULL, "\"\"" },
		{ "a=\"", 1, "a", "", "a=\"" },
		{ "a\xa0"
		  "b",
		  2, "a", NULL, "a" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cmdline cmdline cleanup_cmdline = { 0 };

		cmdline_parse(cases[i].line, &cmdline);
		assert_int_equal(cmdline.n, cases[i].n);
		assert_string_equal(cmdline.v[0].name, cases[i].name);
		assert_string_equal(cmdline.v[0].text, cases[i].text);
		if (cases[i].value)
			assert_string_equal(cmdline.v[0].value, cases[i].value);
		else
			assert_null(cmdline.v[0].value);
	}
}

static void an_empty_line_has_no_tokens(void **state)
{
	struct cmdline cmdline cleanup_cmdline = { 0 };

	cmdline_parse(" \t\n", &cmdline);
	assert_int_equal(cmdline.n, 0);
	assert_null(cmdline_value(&cmdline, "a"));
}

static void the_last_of_a_name_counts_and_dash_is_underscore(void **state)
{
	struct cmdline cmdline cleanup_cmdline = { 0 };

	cmdline_parse("vfio_pci.ids=1002:68c8 quiet vfio-pci.ids=10de:2684 x -- quiet=no",
		      &cmdline);
	assert_string_equal(cmdline_value(&cmdline, "vfio-pci.ids"), "10de:2684");
	assert_string_equal(cmdline_value(&cmdline, "vfio_pci.ids"), "10de:2684");
	assert_string_equal(cmdline_find(&cmdline, "vfio_pci.ids")->name, "vfio-pci.ids");
	assert_string_equal(cmdline_value(&cmdline, "quiet"), "");
	assert_null(cmdline_value(&cmdline, "vfio-pci.id"));
	assert_null(cmdline_value(&cmdline, "vfio-pci.ids_"));
}

static void a_token_counts_only_while_no_later_one_contradicts(void **state)
{
	struct cmdline cmdline cleanup_cmdline = { 0 };

	cmdline_parse("vfio_pci.ids=1:2 intel_iommu=on iommu=\"pt\" nosplash "
		      "intel_iommu=off -- init=/x",
		      &cmdline);
	assert_true(cmdline_has(&cmdline, "vfio-pci.ids=1:2"));
	assert_false(cmdline_has(&cmdline, "vfio-pci.ids=1:3"));
	assert_false(cmdline_has(&cmdline, "intel_iommu=on"));
	assert_true(cmdline_has(&cmdline, "intel_iommu=off"));
	assert_true(cmdline_has(&cmdline, "iommu=pt")); /* quotes are no part of it */
	assert_true(cmdline_has(&cmdline, "nosplash"));
	assert_false(cmdline_has(&cmdline, "nosplash="));
	assert_false(cmdline_has(&cmdline, "init=/x"));
	assert_false(cmdline_has(&cmdline, ""));
	assert_false(cmdline_has(&cmdline, "iommu=pt nosplash"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_end_where_the_kernel_ends_them),
		cmocka_unit_test(an_empty_line_has_no_tokens),
		cmocka_unit_test(the_last_of_a_name_counts_and_dash_is_underscore),
		cmocka_unit_test(a_token_counts_only_while_no_later_one_contradicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
