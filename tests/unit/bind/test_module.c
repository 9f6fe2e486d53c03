/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/module.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

enum { LONG = 20000 };

static void a_module_tells_its_pci_drivers(void **state)
{
	cleanup_strings struct strings drivers = { 0 };
	cleanup_free char *list = NULL;

	fake_folder(fake_path("sys/module/xhci_pci/drivers/pci:xhci_hcd"));
	fake_folder(fake_path("sys/module/xhci_pci/drivers/platform:xhci-hcd"));
	fake_folder(fake_path("sys/module/xhci_pci/drivers/pci:another"));
	drivers = module_drivers(fake_root, "xhci_pci");
	list = strings_join(&drivers, " ");
	assert_string_equal(list, "another xhci_hcd");
}

static void a_module_that_is_not_there_has_none(void **state)
{
	cleanup_strings struct strings drivers = module_drivers(fake_root, "nvme");

	assert_int_equal(drivers.n, 0);
}

static void modprobe_is_run_by_its_path(void **state)
{
	fake_file(fake_path("sbin/modprobe"), "#!/bin/sh\n[ \"$*\" = nvme ] && exit 7\n",
		  0755);
	assert_int_equal(module_load(fake_root, "nvme", LONG), 7);
	assert_int_equal(unlink(fake_path("sbin/modprobe")), 0);
	assert_int_equal(module_load(fake_root, "nvme", LONG), -ENOENT);
}

/* What the administrator blacklists comes no more when a function is released. */
static void a_module_that_only_matches_may_be_blacklisted(void **state)
{
	fake_file(fake_path("sbin/modprobe"),
		  "#!/bin/sh\n[ \"$*\" = '-b nvme' ] && exit 7\n", 0755);
	assert_int_equal(module_load_matching(fake_root, "nvme", LONG), 7);
	assert_int_equal(unlink(fake_path("sbin/modprobe")), 0);
	assert_int_equal(module_load_matching(fake_root, "nvme", LONG), -ENOENT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fake_start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_module_tells_its_pci_drivers),
		TEST(a_module_that_is_not_there_has_none),
		TEST(modprobe_is_run_by_its_path),
		TEST(a_module_that_only_matches_may_be_blacklisted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
