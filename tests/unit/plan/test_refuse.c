/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For each refusal, a machine on which it fires and one on which it does not. */
#include "unit/plan/scene.h"

#define NIC "8086:10d3:8086:0000"

/* Two NICs behind ports of their own; the first is the target. */
static struct function *begin(struct scene *s, const char *release)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, release), MODULE_LOADABLE);
	scene_function(s, "00:02.0", "1b36:000c:1b36:0000", 0x060400)->driver =
		xstrdup("pcieport");
	scene_function(s, "00:03.0", "1b36:000c:1b36:0000", 0x060400)->driver =
		xstrdup("pcieport");
	scene_function(s, "01:00.0", NIC, 0x020000)->driver = xstrdup("e1000e");
	scene_function(s, "02:00.0", NIC, 0x020000)->driver = xstrdup("e1000e");
	rule_address(scene_rule(s, "nic"), "01:00.0");
	return scene_index(s);
}

/* Refused as it stands, a note once the section allows it. */
static void end_refused(struct scene *s, const char *code, const char *message)
{
	scene_plan(s);
	assert_refused(s, code);
	assert_string_equal(scene_finding(s, code)->message, message);
	assert_string_equal(scene_finding(s, code)->address, "0000:01:00.0");
	assert_non_null(strstr(scene_finding(s, code)->remedy, code));

	plan_free(&s->plan);
	findings_free(&s->findings);
	strings_add(&s->config.devices[0].allow, code);
	scene_plan(s);
	assert_plan_is_good(s);
	assert_int_equal(scene_finding(s, code)->severity, SEVERITY_NOTE);
	scene_end(s);
}

static void nothing_is_refused_on_a_harmless_machine(void **state)
{
	struct scene s;

	begin(&s, "6.1.0");
	scene_plan(&s);
	assert_int_equal(s.findings.n, 0);
	scene_end(&s);
}

static void the_boot_display_is_refused(void **state)
{
	struct scene s;

	begin(&s, "6.1.0")[2].is_boot_display = YES;
	end_refused(
		&s, "boot-display",
		"0000:01:00.0 is the boot display: the screen stays dark once the driver has it");
}

static void the_only_connected_screen_is_refused(void **state)
{
	struct scene s;

	begin(&s, "6.1.0")[2].has_connected_output = YES;
	end_refused(&s, "boot-display", "0000:01:00.0 drives the only connected screen");
}

/* An id that its twin has as well: the twin is meant, rather than this. */
static void what_a_wide_id_names_is_named_by_its_place_before_it_is_allowed(void **state)
{
	struct scene s;
	struct device_rule *rule;

	begin(&s, "6.1.0");
	strings_add(&s.machine.functions.v[2].uses, "default route");
	rule = s.config.devices;
	rule->n_addresses = 0;
	rule_id(rule, "8086:10d3");
	scene_plan(&s);
	assert_string_equal(
		scene_finding(&s, "default-network")->remedy,
		"name the one that is meant by 'address' or 'path' beside the id; only if that is this one, set 'allow = default-network' in [device nic]");
	scene_end(&s);

	begin(&s, "6.1.0");
	strings_add(&s.machine.functions.v[2].uses, "default route");
	rule_id(s.config.devices, "8086:10d3");
	scene_plan(&s);
	assert_string_equal(
		scene_finding(&s, "default-network")->remedy,
		"if that is meant, set 'allow = default-network' in [device nic]");
	scene_end(&s);
}

static void one_of_two_connected_screens_is_not_refused(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	functions[2].has_connected_output = functions[3].has_connected_output = YES;
	scene_plan(&s);
	assert_null(scene_finding(&s, "boot-display"));
	scene_end(&s);
}

static void all_of_the_connected_screens_are_refused(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	functions[2].has_connected_output = functions[3].has_connected_output = YES;
	rule_address(scene_rule(&s, "other"), bdf_text(functions[3].bdf).s);
	scene_plan(&s);
	assert_non_null(scene_finding(&s, "boot-display"));
	assert_string_equal(
		scene_finding(&s, "boot-display")->message,
		"0000:01:00.0 drives a screen, and no screen stays on another display");
	scene_end(&s);
}

static void the_root_disk_is_refused(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	strings_add(&functions[2].uses, "/");
	strings_add(&functions[2].uses, "swap");
	end_refused(&s, "root-storage", "0000:01:00.0 carries '/', 'swap'");
}

/* A file system of the administrator's own can go; one of the system's cannot. */
static void what_can_be_unmounted_is_not_allowed_first(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	strings_add(&functions[2].uses, "/srv/data");
	strings_add(&functions[2].uses, "/bootleg");
	scene_plan(&s);
	assert_string_equal(
		scene_finding(&s, "root-storage")->remedy,
		"unmount '/srv/data', '/bootleg' and take them out of '/etc/fstab', then run this again; only if the next boot can do without, set 'allow = root-storage' in [device nic]");
	scene_end(&s);

	functions = begin(&s, "6.1.0");
	strings_add(&functions[2].uses, "/srv/data");
	strings_add(&functions[2].uses, "/var/log");
	scene_plan(&s);
	assert_string_equal(
		scene_finding(&s, "root-storage")->remedy,
		"if that is meant, set 'allow = root-storage' in [device nic]");
	scene_end(&s);
}

/* ZFS without its tools: every disk counts as one that carries '/'. */
static void a_disk_that_may_be_of_the_root_is_told_from_one_that_is(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	s.machine.root_guess = xstrdup("zpool status -P rpool");
	strings_add(&functions[2].uses, "/");
	scene_plan(&s);
	assert_message(&s, "root-storage", "0000:01:00.0 may carry '/'");
	assert_string_equal(
		scene_finding(&s, "root-storage")->remedy,
		"'zpool status -P rpool' tells which disks carry '/': only if this is none of them, set 'allow = root-storage' in [device nic]");
	scene_end(&s);

	functions = begin(&s, "6.1.0");
	s.machine.root_guess = xstrdup("zpool status -P rpool");
	strings_add(&functions[2].uses, "/");
	strings_add(&functions[2].uses, "/boot");
	end_refused(&s, "root-storage",
		    "0000:01:00.0 carries '/boot', and may carry '/'");
}

static void the_default_route_is_refused(void **state)
{
	struct scene s;

	strings_add(&begin(&s, "6.1.0")[2].uses, "default route");
	end_refused(
		&s, "default-network",
		"0000:01:00.0 is this machine's way to the network: its default route");
}

static void what_another_function_carries_is_not_refused(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	functions[3].is_boot_display = YES;
	strings_add(&functions[3].uses, "/");
	strings_add(&functions[3].uses, "default route");
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);
}

/* Puts the target, the port above it and the other NIC into one group. */
static void what_is_taken_with_a_named_function_is_said(void **state)
{
	static const struct {
		uint32_t named, beside;
		const char *findings;
	} cases[] = {
		{ 0x030000, 0x040300, "" },
		{ 0x030000, 0x0c0330, "" },
		{ 0x020000, 0x020000, "" },
		{ 0x030000, 0x108000, "warning slot-companion test.conf:3 0000:01:00.1" },
		{ 0x040300, 0x060100, "warning slot-companion test.conf:3 0000:01:00.1" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, "6.1.0")[2].class = cases[i].named;
		scene_function(&s, "01:00.1", "8086:aaaa:8086:0000", cases[i].beside);
		scene_index(&s);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

/* 'functions = listed' would only have the other refused as 'group-host-device'. */
static void what_shares_the_group_is_not_to_be_left_out(void **state)
{
	struct scene s;

	begin(&s, "6.1.0")[2].class = 0x040300;
	scene_function(&s, "01:00.1", "8086:aaaa:8086:0000", 0x060100)->iommu_group = 3;
	scene_index(&s);
	scene_plan(&s);
	assert_null(strstr(scene_finding(&s, "slot-companion")->remedy, "listed"));
	scene_end(&s);
}

static void share_group(struct scene *s, struct function *functions)
{
	for (size_t i = 0; i < 4; i++)
		functions[i].iommu_group = i == 1 ? 9 : 7;
	functions_index(&s->machine.functions);
}

static void a_host_device_in_the_group_is_refused(void **state)
{
	struct scene s;

	share_group(&s, begin(&s, "6.1.0"));
	end_refused(&s, "group-host-device",
		    "0000:01:00.0 shares IOMMU group 7 with 0000:02:00.0 (e1000e), "
		    "which the host keeps");
}

static void end_with_remedy(struct scene *s, const char *remedy)
{
	scene_plan(s);
	assert_refused(s, "group-host-device");
	assert_string_equal(scene_finding(s, "group-host-device")->remedy, remedy);
	scene_end(s);
}

/* To allow it alone would leave a machine that cannot start. */
static void the_rest_of_a_group_is_to_be_reserved_first(void **state)
{
	struct scene s;
	struct function *functions;

	share_group(&s, begin(&s, "6.1.0"));
	end_with_remedy(
		&s,
		"reserve 0000:02:00.0 too, in a [device] section; set 'allow = group-host-device' in [device nic] only where its driver will not be there: no virtual machine starts while it is");

	functions = begin(&s, "6.1.0");
	functions[3].bdf = functions[2].bdf;
	functions[3].bdf.function = 1;
	share_group(&s, functions);
	s.config.devices[0].functions = FUNCTIONS_LISTED;
	end_with_remedy(
		&s,
		"reserve 0000:01:00.1 too: remove 'functions = listed' from [device nic]; set 'allow = group-host-device' in [device nic] only where its driver will not be there: no virtual machine starts while it is");

	/* A bridge is given to no machine. */
	functions = begin(&s, "6.1.0");
	share_group(&s, functions);
	functions[3].header_type = 1;
	end_with_remedy(
		&s, "if that is meant, set 'allow = group-host-device' in [device nic]");
}

static void a_driverless_neighbour_is_not_refused(void **state)
{
	struct scene s;
	struct function *functions = begin(&s, "6.1.0");

	share_group(&s, functions);
	free(steal_ptr(functions[3].driver));
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);
}

/* Since 5.19 a bridge that shpchp holds counts; before, no bridge did. */
static void a_bridge_counts_by_its_driver_since_5_19(void **state)
{
	static const struct {
		const char *release;
		bool refused;
	} cases[] = { { "5.10.0-30-amd64", false },
		      { "5.18.0", false },
		      { "5.19.0", true },
		      { "6.12.107+deb13-amd64", true } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;
		struct function *functions = begin(&s, cases[i].release);

		share_group(&s, functions);
		free(steal_ptr(functions[3].driver));
		free(functions[0].driver);
		functions[0].driver = xstrdup("shpchp");
		scene_plan(&s);
		assert_int_equal(!!scene_finding(&s, "group-host-device"),
				 cases[i].refused);
		scene_end(&s);
	}
}

/* A neighbour is named once for each section that has a share in the group. */
static void a_group_is_refused_once_a_section(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
	for (unsigned i = 1; i < 6; i++) {
		cleanup_free char *address = xasprintf("%02x:00.0", i);

		scene_function(&s, address, NIC, 0x020000)->iommu_group = 7;
	}
	scene_index(&s)[2].driver = xstrdup("e1000e");
	rule_address(scene_rule(&s, "three"), "01:00.0");
	rule_address(&s.config.devices[0], "04:00.0");
	rule_address(&s.config.devices[0], "05:00.0");
	rule_address(scene_rule(&s, "one"), "02:00.0");
	strings_add(&s.config.devices[1].allow, "group-host-device");
	scene_plan(&s);
	assert_findings(&s, "error group-host-device test.conf:3 0000:01:00.0\n"
			    "note group-host-device test.conf:3 0000:02:00.0");
	assert_string_equal(s.findings.v[0].message,
			    "0000:01:00.0 and 2 more share IOMMU group 7 with "
			    "0000:03:00.0 (e1000e), which the host keeps");
	assert_string_equal(s.findings.v[1].message,
			    "0000:02:00.0 shares IOMMU group 7 with 0000:03:00.0 "
			    "(e1000e), which the host keeps, which the section allows");
	scene_end(&s);
}

static void a_crowded_group_is_named_by_its_first(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
	for (unsigned i = 1; i <= 12; i++) {
		cleanup_free char *address = xasprintf("%02x:00.0", i);
		struct function *function = scene_function(&s, address, NIC, 0x020000);

		function->iommu_group = 7;
		function->driver = xstrdup("e1000e");
	}
	rule_address(scene_rule(&s, "nic"), "01:00.0");
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "group-host-device");
	assert_non_null(strstr(scene_finding(&s, "group-host-device")->message,
			       "0000:09:00.0 (e1000e), 3 more, which the host keeps"));
	scene_end(&s);
}

static void a_kernel_without_the_driver_is_named(void **state)
{
	struct scene s;

	begin(&s, "6.1.0");
	scene_kernel(&s, "6.12.0-cloud");
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_string_equal(scene_finding(&s, "driver-missing")->message,
			    "kernel '6.12.0-cloud' has no driver 'vfio-pci': "
			    "booting it reserves nothing");
	scene_end(&s);

	begin(&s, "6.1.0");
	modules_free(&s.system.kernels[0].reserving);
	scene_plan(&s);
	assert_refused(&s, "driver-missing");
	scene_end(&s);
}

static void a_root_without_kernels_is_refused(void **state)
{
	struct scene s;

	begin(&s, "6.1.0");
	free(s.system.kernels[0].release);
	modules_free(&s.system.kernels[0].reserving);
	s.system.n_kernels = 0;
	scene_plan(&s);
	assert_refused(&s, "no-kernel");
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_refused_on_a_harmless_machine),
		cmocka_unit_test(the_boot_display_is_refused),
		cmocka_unit_test(the_only_connected_screen_is_refused),
		cmocka_unit_test(
			what_a_wide_id_names_is_named_by_its_place_before_it_is_allowed),
		cmocka_unit_test(one_of_two_connected_screens_is_not_refused),
		cmocka_unit_test(all_of_the_connected_screens_are_refused),
		cmocka_unit_test(the_root_disk_is_refused),
		cmocka_unit_test(what_can_be_unmounted_is_not_allowed_first),
		cmocka_unit_test(a_disk_that_may_be_of_the_root_is_told_from_one_that_is),
		cmocka_unit_test(the_default_route_is_refused),
		cmocka_unit_test(what_another_function_carries_is_not_refused),
		cmocka_unit_test(what_is_taken_with_a_named_function_is_said),
		cmocka_unit_test(what_shares_the_group_is_not_to_be_left_out),
		cmocka_unit_test(a_host_device_in_the_group_is_refused),
		cmocka_unit_test(the_rest_of_a_group_is_to_be_reserved_first),
		cmocka_unit_test(a_driverless_neighbour_is_not_refused),
		cmocka_unit_test(a_bridge_counts_by_its_driver_since_5_19),
		cmocka_unit_test(a_group_is_refused_once_a_section),
		cmocka_unit_test(a_crowded_group_is_named_by_its_first),
		cmocka_unit_test(a_kernel_without_the_driver_is_named),
		cmocka_unit_test(a_root_without_kernels_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
