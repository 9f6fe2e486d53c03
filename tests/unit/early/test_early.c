/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole program on folders that look like machines; a script stands for modprobe and
 * binds what the kernel would bind when the driver registers. */
#include "early/early.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

#define A "0000:29:00.0=1002:68c8:174b:3000"
#define B "0000:29:00.1=1002:68c8:174b:3000"

static const char modprobe[] =
	"#!/bin/sh\n"
	"cd \"$(dirname \"$0\")/../sys/bus/pci\" || exit\n"
	"mkdir \"drivers/$1\"\n"
	"for device in devices/*; do\n"
	"	[ -e \"$device/driver\" ] && continue\n"
	"	[ \"$(cat \"$device/driver_override\")\" = \"$1\" ] || continue\n"
	"	ln -s \"../../drivers/$1\" \"$device/driver\"\n"
	"done\n";

static int start(void **state)
{
	fake_start(state);
	fake_file(fake_path("sbin/modprobe"), modprobe, 0755);
	return 0;
}

/* Boots with that command line, and compares the kernel log. */
static void expect_log(const char *cmdline, const char *log)
{
	fake_file(fake_path("proc/cmdline"), cmdline, 0644);
	fake_file(fake_path("dev/kmsg"), "", 0644);
	early_run(fake_root);
	assert_string_equal(fake_text(fake_path("dev/kmsg")), log);
}

static void devices_of_the_command_line_are_bound(void **state)
{
	fake_device("0000:29:00.0", NULL);
	fake_device("0000:29:00.1", NULL);
	fake_device("0000:2a:00.0", NULL); /* a twin that was not asked for */
	expect_log("BOOT_IMAGE=/vmlinuz root=/dev/sda1 vfio_bootcfg.devices=" B "," A
		   " quiet\n",
		   "<6>vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n"
		   "<6>vfio-bootcfg: 0000:29:00.1: bound to vfio-pci\n");
	assert_int_equal(
		access(fake_path("sys/bus/pci/devices/0000:2a:00.0/driver"), F_OK), -1);
	assert_string_equal(
		fake_text(fake_path("sys/bus/pci/devices/0000:2a:00.0/driver_override")),
		"(null)\n");
}

static void every_spelling_of_the_kernel_is_read(void **state)
{
	static const char *const cases[] = {
		"vfio_bootcfg.devices=" A,
		"vfio-bootcfg.devices=" A,
		"\"vfio-bootcfg.devices=" A "\"",
		"vfio_bootcfg.devices=\"" A "\"",
		"vfio_bootcfg.devices=" B " vfio-bootcfg.devices=" A, /* the last one */
		"vfio_bootcfg.devices=" A " -- vfio_bootcfg.devices=" B, /* for init */
	};

	fake_device("0000:29:00.0", NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_log(cases[i],
			   "<6>vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n");
}

static void another_driver_is_named_on_the_command_line(void **state)
{
	fake_device("0000:29:00.0", NULL);
	expect_log("vfio_bootcfg.driver=pci-stub vfio_bootcfg.devices=" A,
		   "<6>vfio-bootcfg: 0000:29:00.0: bound to pci-stub\n");
}

/* It becomes a path and an argument of modprobe. */
static void a_name_that_is_no_driver_is_refused(void **state)
{
	static const char *const cases[] = { "../x", "-r", "a/b", "\"a b\"", "\"\"" };

	fake_device("0000:29:00.0", NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char cmdline[128];

		snprintf(cmdline, sizeof cmdline,
			 "vfio_bootcfg.driver=%s vfio_bootcfg.devices=" A, cases[i]);
		fake_file(fake_path("proc/cmdline"), cmdline, 0644);
		early_run(fake_root);
		assert_non_null(strstr(fake_text(fake_path("dev/kmsg")),
				       "is no name of a driver\n"));
		assert_string_equal(
			fake_text(fake_path(
				"sys/bus/pci/devices/0000:29:00.0/driver_override")),
			"(null)\n");
	}
}

static void off_means_off(void **state)
{
	static const char off[] =
		"<6>vfio-bootcfg: off: vfio_bootcfg=off is on the kernel command line\n";

	fake_device("0000:29:00.0", NULL);
	expect_log("vfio_bootcfg=off vfio_bootcfg.devices=" A, off);
	expect_log("vfio_bootcfg.devices=" A " vfio-bootcfg=off", off);
	expect_log("vfio_bootcfg=off", off);
	expect_log(
		"vfio_bootcfg=off vfio_bootcfg=maybe vfio_bootcfg.devices=" A,
		"<4>vfio-bootcfg: 'vfio_bootcfg=maybe' is not understood, expected 'off'\n"
		"<6>vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n");
}

static void without_devices_nothing_is_said(void **state)
{
	expect_log("", "");
	expect_log("root=/dev/sda1 quiet\n", "");
	expect_log("vfio_bootcfg.devices vfio_bootcfg.devices=", "");
	expect_log("-- vfio_bootcfg.devices=" A, ""); /* that is for init */
}

static void what_is_wrong_is_said_in_one_line_each(void **state)
{
	fake_device("0000:29:00.0", NULL);
	expect_log(
		"vfio_bootcfg.devices=0000:29:00.0=1002:68c8:174b:3001,0000:30:00.0=1002:68c8,nonsense",
		"<4>vfio-bootcfg: skipped 'nonsense' in 'vfio_bootcfg.devices': expected 'ADDRESS=VVVV:DDDD:SVVV:SDDD'\n"
		"<4>vfio-bootcfg: 0000:29:00.0: left alone: identity is 1002:68c8:174b:3000, expected 1002:68c8:174b:3001\n"
		"<4>vfio-bootcfg: 0000:30:00.0: not present\n");
}

static void faults_do_not_fill_the_kernel_log(void **state)
{
	char cmdline[4096] = "vfio_bootcfg.devices=";
	size_t lines = 0;

	for (int i = 0; i < 500; i++)
		strcat(cmdline, "x,");
	fake_file(fake_path("proc/cmdline"), cmdline, 0644);
	early_run(fake_root);
	for (const char *at = fake_text(fake_path("dev/kmsg")); *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 9);
	assert_non_null(strstr(fake_text(fake_path("dev/kmsg")),
			       "<4>vfio-bootcfg: skipped 492 more like that\n"));
}

static void a_driver_that_cannot_be_loaded_is_said(void **state)
{
	fake_device("0000:29:00.0", NULL);
	fake_file(fake_path("sbin/modprobe"), "#!/bin/sh\nexit 1\n", 0755);
	expect_log(
		"vfio_bootcfg.devices=" A,
		"<4>vfio-bootcfg: 0000:29:00.0: not bound: 'modprobe vfio-pci' ended with status 1, and there is no such driver\n");
	assert_string_equal(
		fake_text(fake_path("sys/bus/pci/devices/0000:29:00.0/driver_override")),
		"\n");
}

static void a_holder_that_cannot_be_unbound_is_named(void **state)
{
	fake_device("0000:29:00.0", "radeon");
	unlink(fake_path("sys/bus/pci/drivers/radeon/unbind"));
	expect_log(
		"vfio_bootcfg.devices=" A,
		"<4>vfio-bootcfg: 0000:29:00.0: held by radeon, could not be unbound: No such file or directory\n");
}

/* No kernel acts on the writes here, so that the driver does not take the function. */
static void who_had_a_refused_function_is_said(void **state)
{
	fake_device("0000:29:00.0", "radeon");
	expect_log(
		"vfio_bootcfg.devices=" A,
		"<5>vfio-bootcfg: 0000:29:00.0: unbound from radeon\n"
		"<4>vfio-bootcfg: 0000:29:00.0: not bound: 'vfio-pci' did not take it\n");
	assert_string_equal(fake_text(fake_path("sys/bus/pci/drivers/radeon/unbind")),
			    "0000:29:00.0");
}

static void without_a_command_line_it_says_so(void **state)
{
	fake_file(fake_path("dev/kmsg"), "", 0644);
	early_run(fake_root);
	assert_string_equal(
		fake_text(fake_path("dev/kmsg")),
		"<4>vfio-bootcfg: '/proc/cmdline' could not be read: No such file or directory\n");
}

static void a_command_line_of_any_length_is_read(void **state)
{
	const size_t size = 300000;
	cleanup_free char *cmdline = xcalloc(size + 1, 1);

	memset(cmdline, ' ', size);
	memcpy(cmdline + size - strlen("vfio_bootcfg.devices=" A),
	       "vfio_bootcfg.devices=" A, strlen("vfio_bootcfg.devices=" A));
	fake_device("0000:29:00.0", NULL);
	expect_log(cmdline, "<6>vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(devices_of_the_command_line_are_bound),
		TEST(every_spelling_of_the_kernel_is_read),
		TEST(another_driver_is_named_on_the_command_line),
		TEST(a_name_that_is_no_driver_is_refused),
		TEST(off_means_off),
		TEST(without_devices_nothing_is_said),
		TEST(what_is_wrong_is_said_in_one_line_each),
		TEST(faults_do_not_fill_the_kernel_log),
		TEST(a_driver_that_cannot_be_loaded_is_said),
		TEST(a_holder_that_cannot_be_unbound_is_named),
		TEST(who_had_a_refused_function_is_said),
		TEST(without_a_command_line_it_says_so),
		TEST(a_command_line_of_any_length_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
