/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/record.h"
#include "unit/check.h"

#include <string.h>

static void what_was_written_is_read_again(void **state)
{
	static const char text[] =
		"# What 'vfio-bootcfg generate' reserved last; do not edit.\n"
		"target gpu 0000:29:00.0 1002:68c8:174b:3000\n"
		"path 0000:29:00.0 0000:00:03.1/00.0\n"
		"target the second card 10000:e1:00.1 10de:2684:0000:0000\n"
		"twin 0000:2a:00.0 1002:68c8:174b:3001\n"
		"builtin xhci_hcd 1002:68c8:174b:3000\n";
	struct record record cleanup_record = { 0 };
	struct findings findings cleanup_findings = { 0 };
	char *again cleanup_free = NULL;

	record_parse(text, "record", &record, &findings);
	assert_int_equal(findings.n, 0);
	assert_int_equal(record.n, 2);
	assert_string_equal(record.v[0].name, "gpu");
	assert_string_equal(bdf_text(record.v[0].bdf).s, "0000:29:00.0");
	assert_int_equal(record.v[0].id.subsystem_device, 0x3000);
	assert_string_equal(record.v[1].name, "the second card");
	assert_string_equal(bdf_text(record.v[1].bdf).s, "10000:e1:00.1");
	assert_string_equal(record.v[0].path, "0000:00:03.1/00.0");
	assert_null(record.v[1].path);
	assert_int_equal(record.n_twins, 1);
	assert_string_equal(bdf_text(record.twins[0].bdf).s, "0000:2a:00.0");
	assert_int_equal(record.twins[0].id.subsystem_device, 0x3001);
	assert_int_equal(record.n_builtins, 1);
	assert_string_equal(record.builtins[0].module, "xhci_hcd");
	assert_int_equal(record.builtins[0].id.subsystem_device, 0x3000);
	again = record_format(&record);
	assert_string_equal(again, text);
}

static void blanks_and_comments_mean_nothing(void **state)
{
	struct record record cleanup_record = { 0 };
	struct findings findings cleanup_findings = { 0 };

	record_parse("\n# target a 29:00.0 1:2\n  \t\r\n"
		     "\ttarget  a\t 29:00.0   1002:68C8:174B:3000 \r\n\n"
		     "target b 29:00.1 1002:aa60:174b:aa60",
		     "record", &record, &findings);
	assert_int_equal(findings.n, 0);
	assert_int_equal(record.n, 2);
	assert_string_equal(record.v[0].name, "a");
	assert_int_equal(record.v[1].id.device, 0xaa60);
}

static void an_empty_record_is_one(void **state)
{
	struct record record cleanup_record = { 0 };
	struct findings findings cleanup_findings = { 0 };

	record_parse("", "record", &record, &findings);
	assert_int_equal(record.n, 0);
	assert_int_equal(findings.n, 0);
}

static void a_broken_line_is_named_and_left_out(void **state)
{
	static const char *const lines[] = {
		"target",
		"target gpu",
		"target 0000:29:00.0 1002:68c8:174b:3000", /* no name */
		"target gpu 0000:29:00.8 1002:68c8:174b:3000",
		"target gpu 0000:29:00.0 1002:68c8", /* no subsystem */
		"target gpu 0000:29:00.0 1002:68c8:174b:30000",
		"targetgpu 0000:29:00.0 1002:68c8:174b:3000",
		"device gpu 0000:29:00.0 1002:68c8:174b:3000",
		"target gpu 1002:68c8:174b:3000 0000:29:00.0",
		"path",
		"path 0000:00:03.1/00.0",
		"path 0000:29:00.1 0000:00:03.1/00.0", /* of another target */
		"twin",
		"twin 0000:2a:00.0",
		"twin 0000:2a:00.0 1002:68c8", /* no subsystem */
		"twin 0000:2a:00.8 1002:68c8:174b:3000",
		"builtin xhci_hcd",
		"builtin 1002:68c8:174b:3000",
		"builtin xhci_hcd 1002:68c8",
		"builtin xhci hcd 1002:68c8:174b:3000",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct record record cleanup_record = { 0 };
		struct findings findings cleanup_findings = { 0 };
		char *text cleanup_free =
			xasprintf("target a 29:00.0 1002:68c8:174b:3000\n%s\n"
				  "target b 29:00.1 1002:aa60:174b:aa60\n",
				  lines[i]);

		record_parse(text, "/var/record", &record, &findings);
		assert_int_equal(record.n, 2);
		assert_int_equal(record.n_builtins, 0);
		assert_int_equal(record.n_twins, 0);
		assert_null(record.v[0].path);
		assert_int_equal(findings.n, 1);
		assert_int_equal(findings.v[0].severity, SEVERITY_WARNING);
		assert_string_equal(findings.v[0].where, "/var/record:2");
		assert_non_null(strstr(findings.v[0].message, lines[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_again),
		cmocka_unit_test(blanks_and_comments_mean_nothing),
		cmocka_unit_test(an_empty_record_is_one),
		cmocka_unit_test(a_broken_line_is_named_and_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
