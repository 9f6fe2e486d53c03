/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions are PCI Express, and how they are reset. */
#include "unit/probe/machine.h"

#define ROOT "sys/devices/pci0000:00"
#define CARD ROOT "/0000:00:01.0"
#define OLD  ROOT "/0000:00:02.0"

static const char functions[] =
	SNAPSHOT FUNCTION(ROOT, "0000:00:01.0", "10de", "2684", "030000")
		FUNCTION(ROOT, "0000:00:02.0", "10ec", "8139", "020000");

static void assert_express(const char *text, enum tristate card, enum tristate old)
{
	cleanup_free char *whole = xasprintf("%s%s", functions, text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);

	assert_int_equal(function_of(&machine, "00:01.0")->is_express, card);
	assert_int_equal(function_of(&machine, "00:02.0")->is_express, old);
}

static void only_express_has_a_link(void **state)
{
	assert_express("f " CARD "/max_link_speed 8.0 GT/s PCIe\n", YES, NO);
}

/* Snapshots of an older version do not have the file of any function. */
static void where_no_function_has_a_link_nothing_is_known(void **state)
{
	assert_express("", UNKNOWN, UNKNOWN);
}

static void methods_of_reset_are_kept_as_they_stand(void **state)
{
	cleanup_free char *whole = xasprintf("%sf " CARD "/reset_method flr bus\n"
					     "f " OLD "/reset_method \n",
					     functions);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(whole, &findings);

	assert_string_equal(function_of(&machine, "00:01.0")->reset_method, "flr bus");
	assert_string_equal(function_of(&machine, "00:02.0")->reset_method, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_express_has_a_link),
		cmocka_unit_test(where_no_function_has_a_link_nothing_is_known),
		cmocka_unit_test(methods_of_reset_are_kept_as_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
