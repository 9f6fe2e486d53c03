/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "early/kmsg.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

static void lines_carry_level_and_name(void **state)
{
	kmsg_print(fake_root, KMSG_INFO, "%s: bound to %s", "0000:29:00.0", "vfio-pci");
	kmsg_print(fake_root, KMSG_WARNING, "0000:29:00.1: not present");
	assert_string_equal(fake_text(fake_path("dev/kmsg")),
			    "<6>vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n"
			    "<4>vfio-bootcfg: 0000:29:00.1: not present\n");
}

/* Otherwise a word of the command line could add lines of its own to the kernel log. */
static void what_does_not_print_is_replaced(void **state)
{
	kmsg_print(fake_root, KMSG_WARNING, "a\nb\t\x1b[31m\xff");
	assert_string_equal(fake_text(fake_path("dev/kmsg")),
			    "<4>vfio-bootcfg: a?b??[31m?\n");
}

static void a_long_line_is_cut(void **state)
{
	char text[2000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	kmsg_print(fake_root, KMSG_WARNING, "%s", text);
	assert_int_equal(strlen(fake_text(fake_path("dev/kmsg"))), 501);
}

static void without_a_kernel_log_nothing_breaks(void **state)
{
	assert_int_equal(unlink(fake_path("dev/kmsg")), 0);
	kmsg_print(fake_root, KMSG_INFO, "this line belongs on standard error");
	assert_int_equal(access(fake_path("dev/kmsg"), F_OK), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fake_start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_carry_level_and_name),
		TEST(what_does_not_print_is_replaced),
		TEST(a_long_line_is_cut),
		TEST(without_a_kernel_log_nothing_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
