/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/device.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

static const struct device device = { fake_root, { 0, 0x29, 0, 0 } };

static int start(void **state)
{
	fake_start(state);
	fake_device("0000:29:00.0", NULL);
	return 0;
}

static void identity_is_read_from_its_four_attributes(void **state)
{
	struct identity id;

	assert_int_equal(device_read_identity(&device, &id), 0);
	assert_string_equal(identity_text(id).s, "1002:68c8:174b:3000");
}

static void an_attribute_that_is_no_id_is_refused(void **state)
{
	static const char *const cases[] = { "", "\n", "0x", "x", "0x10020", "0x1002 y" };
	struct identity id = { .vendor = 0x42 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fake_file(fake_path("sys/bus/pci/devices/0000:29:00.0/device"), cases[i],
			  0644);
		assert_int_equal(device_read_identity(&device, &id), -EINVAL);
		assert_int_equal(id.vendor, 0x42); /* left alone */
	}
	unlink(fake_path("sys/bus/pci/devices/0000:29:00.0/device"));
	assert_int_equal(device_read_identity(&device, &id), -ENOENT);
}

static void the_driver_is_the_last_part_of_its_link(void **state)
{
	assert_null(device_driver(&device));
	assert_false(device_is_held_by(&device, "vfio-pci"));
	fake_hold("0000:29:00.0", "vfio-pci");
	assert_true(device_is_held_by(&device, "vfio-pci"));
	assert_false(device_is_held_by(&device, "vfio"));
}

static void a_device_that_is_not_there_is_absent(void **state)
{
	const struct device other = { fake_root, { 0, 0x2a, 0, 0 } };

	assert_true(device_is_present(&device));
	assert_false(device_is_present(&other));
	assert_null(device_driver(&other));
}

static void the_probe_names_the_whole_address(void **state)
{
	assert_int_equal(device_probe(&device, 20000), 0);
	assert_string_equal(fake_text(fake_path("sys/bus/pci/drivers_probe")),
			    "0000:29:00.0");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(identity_is_read_from_its_four_attributes),
		TEST(an_attribute_that_is_no_id_is_refused),
		TEST(the_driver_is_the_last_part_of_its_link),
		TEST(a_device_that_is_not_there_is_absent),
		TEST(the_probe_names_the_whole_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
