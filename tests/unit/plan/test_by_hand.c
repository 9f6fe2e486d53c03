/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was configured by hand before us: ids, overrides, blocks. */
#include "unit/plan/scene.h"

#define GPU   "10de:1b80:1043:8592"
#define TWIN  "10de:1b80:1043:8593"
#define AUDIO "10de:10f0:1043:8592"
#define NIC   "8086:10d3:8086:0000"

/* The target is a GPU, which the driver gets by its id; there is a NIC beside it. */
static void begin(struct scene *s)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "01:00.0", GPU, 0x030000);
	scene_function(s, "02:00.0", NIC, 0x020000);
	rule_address(scene_rule(s, "gpu"), "01:00.0");
	scene_index(s);
}

/* The same with a GPU of the same device beside it, claimed as asked. */
static void begin_twins(struct scene *s, enum claim claim)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "01:00.0", GPU, 0x030000);
	scene_function(s, "02:00.0", TWIN, 0x030000);
	rule_address(scene_rule(s, "gpu"), "01:00.0");
	s->config.devices[0].claim = claim;
	scene_index(s);
}

static void ids_of_the_command_line_are_not_released_in_silence(void **state)
{
	static const struct {
		const char *ids, *findings;
	} cases[] = {
		{ "10de:1b80", "" },
		{ "", "" },
		{ "10de:1b80:1043:8592", "" },
		{ "10DE:1B80:1043:8592:030000:ff0000", "" },
		{ "8086:10d3", "error foreign-ids /proc/cmdline -" },
		{ "10de:1b80,8086:10d3", "error foreign-ids /proc/cmdline -" },
		{ "8086:10d3,10de:10f0,1002:68c8", "error foreign-ids /proc/cmdline -" },
		{ "10de:1b80:1043:8593", "error foreign-ids /proc/cmdline -" },
		{ "10de:1b80:1043:8592:020000:ff0000",
		  "error foreign-ids /proc/cmdline -" },
		/* The kernel skips these. */
		{ "10de,xyz,:", "" },
		/* All of a vendor's, and the NIC is none. */
		{ "10de:ffffffff", "" },
		{ "ffffffff:ffffffff",
		  "warning foreign-configuration /proc/cmdline 0000:02:00.0" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *cmdline =
			xasprintf("quiet vfio_pci.ids=%s", cases[i].ids);
		struct scene s;

		begin(&s);
		scene_cmdline(&s, cmdline);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

static void what_becomes_of_foreign_ids_is_said(void **state)
{
	struct scene s;

	begin(&s);
	scene_cmdline(&s, "vfio-pci.ids=10de:1b80,8086:10d3");
	scene_plan(&s);
	assert_message(&s, "foreign-ids",
		       "'8086:10d3' is reserved by 'vfio-pci.ids=10de:1b80,8086:10d3', "
		       "which ours would replace");
	scene_end(&s);

	begin(&s);
	scene_cmdline(&s, "vfio-pci.ids=1002:68c8,10de:1b80,8086:10d3");
	scene_plan(&s);
	assert_message(&s, "foreign-ids",
		       "'1002:68c8', '8086:10d3' are reserved by "
		       "'vfio-pci.ids=1002:68c8,10de:1b80,8086:10d3', which ours would "
		       "replace");
	scene_end(&s);

	/* Nothing of ours replaces it. */
	begin(&s);
	s.config.devices[0].claim = CLAIM_ADDRESS;
	scene_cmdline(&s, "vfio-pci.ids=8086:10d3");
	scene_plan(&s);
	assert_message(&s, "foreign-ids",
		       "'8086:10d3' is reserved by 'vfio-pci.ids=8086:10d3', which the "
		       "configuration does not name");
	scene_end(&s);
}

static void foreign_ids_are_named_by_the_line_of_grub(void **state)
{
	struct scene s;

	begin(&s);
	scene_file(&s, "/etc/default/grub",
		   "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX=\"quiet vfio-pci.ids=8086:10d3\"");
	scene_cmdline(&s, "BOOT_IMAGE=/vmlinuz quiet vfio-pci.ids=8086:10d3");
	scene_plan(&s);
	assert_findings(&s, "error foreign-ids /etc/default/grub:2 -");
	assert_string_equal(scene_finding(&s, "foreign-ids")->remedy,
			    "name it in a [device] section, or remove it from "
			    "/etc/default/grub:2");
	scene_end(&s);
}

/* A device that was dropped from the configuration is released, and that was meant. */
static void what_the_last_generate_wrote_is_not_foreign(void **state)
{
	struct record_target *was;
	struct identity_pattern pattern;
	struct scene s;

	begin(&s);
	was = array_add(s.record.v, s.record.n);
	was->name = xstrdup("nic");
	assert_true(identity_pattern_parse(NIC, &pattern));
	was->id = pattern.id;
	assert_true(bdf_parse("02:00.0", &was->bdf));
	scene_cmdline(&s, "vfio-pci.ids=10de:1b80,8086:10d3");
	scene_plan(&s);
	assert_findings(&s, "");
	/* A line of modprobe.d is never ours. */
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "ids=8086:10d3", 4);
	plan_free(&s.plan);
	scene_plan(&s);
	assert_findings(&s, "error foreign-ids /etc/modprobe.d/vfio.conf:4 -");
	scene_end(&s);
}

/* A claim by subsystem or address is for nothing where a line of old takes the twin. */
static void an_id_by_hand_that_takes_a_twin_is_refused(void **state)
{
	static const struct {
		enum claim claim;
		const char *cmdline, *options, *findings;
	} cases[] = {
		{ CLAIM_ADDRESS, "vfio-pci.ids=10de:1b80", NULL,
		  "error twin-taken /proc/cmdline 0000:02:00.0" },
		{ CLAIM_ADDRESS, NULL, "ids=10de:1b80",
		  "error twin-taken /etc/modprobe.d/vfio.conf:1 0000:02:00.0" },
		/* Ours comes last. */
		{ CLAIM_SUBSYSTEM, "vfio-pci.ids=10de:1b80", NULL,
		  "warning foreign-configuration /proc/cmdline 0000:02:00.0" },
		{ CLAIM_SUBSYSTEM, NULL, "ids=10de:1b80",
		  "warning foreign-configuration /etc/modprobe.d/vfio.conf:1 "
		  "0000:02:00.0" },
		/* One of the two is exact, and the line is not redundant for that. */
		{ CLAIM_SUBSYSTEM, NULL, "ids=10de:1b80:1043:8592,10de:1b80",
		  "warning foreign-configuration /etc/modprobe.d/vfio.conf:1 "
		  "0000:02:00.0" },
		/* The command line replaces modprobe.d, whose it may be. */
		{ CLAIM_ADDRESS, "vfio-pci.ids=10de:1b80:1043:8592", "ids=10de:1b80",
		  "warning foreign-configuration /etc/modprobe.d/vfio.conf:1 "
		  "0000:02:00.0" },
		{ CLAIM_ADDRESS, "vfio-pci.ids=10de:1b80:1043:8592", NULL, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin_twins(&s, cases[i].claim);
		if (cases[i].cmdline)
			scene_cmdline(&s, cases[i].cmdline);
		if (cases[i].options)
			scene_setting(&s, SETTING_OPTIONS, "vfio_pci", cases[i].options,
				      1);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

static void options_of_modprobe_are_compared_with_the_plan(void **state)
{
	struct scene s;

	begin(&s);
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "ids=8086:10d3", 1);
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "disable_vga=1 ids=10de:1b80", 2);
	scene_plan(&s);
	assert_findings(&s,
			"warning foreign-configuration /etc/modprobe.d/vfio.conf:2 -");
	assert_message(&s, "foreign-configuration",
		       "'options vfio_pci disable_vga=1 ids=10de:1b80' reserves by hand "
		       "what the configuration reserves now");
	assert_string_equal(s.findings.v[0].remedy,
			    "take 'ids=' out of it: the configuration does that");
	scene_end(&s);

	begin(&s);
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "ids=10de:1b80,8086:10d3", 1);
	scene_setting(&s, SETTING_OPTIONS, "pci_stub", "ids=8086:10d3", 2);
	scene_plan(&s);
	assert_findings(&s, "error foreign-ids /etc/modprobe.d/vfio.conf:1 -");
	assert_message(&s, "foreign-ids",
		       "'8086:10d3' is reserved by 'options vfio_pci "
		       "ids=10de:1b80,8086:10d3', which the kernel command line would "
		       "replace");
	scene_end(&s);
}

/* Ubuntu 22.04: modprobe.d says nothing to a driver that is built in. */
static void options_for_a_builtin_driver_mean_nothing(void **state)
{
	struct scene s;

	begin(&s);
	modules_free(&s.system.kernels[0].reserving);
	scene_vfio(&s.system.kernels[0], MODULE_BUILTIN);
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "ids=8086:10d3", 1);
	scene_setting(&s, SETTING_BLACKLIST, "vfio_pci", "", 2);
	scene_setting(&s, SETTING_INSTALL, "vfio_pci", "/bin/false", 3);
	scene_cmdline(&s, "module_blacklist=vfio_pci modprobe.blacklist=vfio_pci");
	scene_plan(&s);
	assert_findings(&s, "note driver-builtin - -");
	scene_end(&s);
}

/* What another machine has beside it says nothing of the one that will boot. */
static void functions_of_a_stand_in_are_no_twins(void **state)
{
	struct scene s;

	begin_twins(&s, CLAIM_ADDRESS);
	s.machine.is_stand_in = true;
	scene_setting(&s, SETTING_OPTIONS, "vfio_pci", "ids=10de:1b80", 1);
	scene_plan(&s);
	assert_null(scene_finding(&s, "twin-taken"));
	scene_end(&s);
}

/* The parameter fails past 1023 characters, and the driver does not load. */
static void ids_that_are_too_long_for_the_driver_are_an_error(void **state)
{
	static const char prefix[] = "vfio-pci.ids=";

	for (size_t length = 1022; length <= 1025; length++) {
		char cmdline[2048];
		struct scene s;

		memset(cmdline, ',', sizeof cmdline);
		memcpy(cmdline, prefix, sizeof prefix - 1);
		memcpy(cmdline + sizeof prefix - 1, "10de:1b80", 9);
		cmdline[sizeof prefix - 1 + length] = '\0';
		begin(&s);
		scene_cmdline(&s, cmdline);
		scene_plan(&s);
		assert_int_equal(!!scene_finding(&s, "ids-too-long"), length > 1023);
		scene_end(&s);
	}
}

static void what_others_do_with_a_target_is_warned_of(void **state)
{
	static const struct {
		const char *cmdline, *address;
	} cases[] = {
		{ "pci-stub.ids=8086:10d3,10de:1b80", "0000:01:00.0" },
		{ "pci_stub.ids=10de:ffffffff", "0000:01:00.0" },
		{ "xen-pciback.hide=(02:00.0)(01:00.0)", "0000:01:00.0" },
		{ "xen-pciback.hide=(0000:01:00.*)", "0000:01:00.0" },
		{ "xen-pciback.hide=(01:*.*)", "0000:01:00.0" },
		{ "rd.driver.pre=i2c_dev,nouveau", "0000:01:00.0" },
		{ "rd.driver.pre=i2c_dev rd.driver.pre=nouveau", "0000:01:00.0" },
		{ "pci-stub.ids=8086:10d3", NULL },
		{ "pci-stub.ids", NULL },
		{ "xen-pciback.hide=(02:00.0)(01:00.1)(0001:01:00.0)", NULL },
		{ "xen-pciback.hide=(01:00)(01:00.0", "0000:01:00.0" },
		{ "xen-pciback.hide=()(x)(01:00.0z)(01:00.9)", NULL },
		{ "rd.driver.pre=vfio-pci,radeon", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s);
		scene_match(&s.system.kernels[0], &s.machine.functions.v[0], "nouveau",
			    MODULE_LOADABLE);
		scene_cmdline(&s, cases[i].cmdline);
		scene_plan(&s);
		assert_findings(&s, cases[i].address ? "warning foreign-configuration "
						       "/proc/cmdline 0000:01:00.0"
						     : "");
		scene_end(&s);
	}
}

static void overrides_of_driverctl_are_warned_of(void **state)
{
	struct scene s;

	begin(&s);
	scene_override(&s, "0000:01:00.0", "nouveau");
	scene_override(&s, "0000:02:00.0", "vfio-pci");
	scene_plan(&s);
	assert_findings(&s, "warning foreign-configuration "
			    "/etc/driverctl.d/pci-0000:01:00.0 0000:01:00.0");
	assert_message(&s, "foreign-configuration",
		       "driverctl gives 0000:01:00.0 to 'nouveau', against the "
		       "configuration");
	scene_end(&s);

	begin(&s);
	scene_override(&s, "0000:01:00.0", "vfio-pci");
	scene_plan(&s);
	assert_message(&s, "foreign-configuration",
		       "driverctl gives 0000:01:00.0 to 'vfio-pci', as the "
		       "configuration does now");
	scene_end(&s);
}

static void a_driver_that_may_not_be_loaded_is_found(void **state)
{
	static const struct {
		enum setting_command command;
		const char *module;  /* of modprobe.d, or NULL */
		const char *cmdline; /* or NULL */
		const char *findings;
	} cases[] = {
		{ SETTING_INSTALL, "vfio_pci", NULL,
		  "error driver-blocked /etc/modprobe.d/vfio.conf:2 -" },
		{ SETTING_INSTALL, "vfio_iommu_type1", NULL,
		  "error driver-blocked /etc/modprobe.d/vfio.conf:2 -" },
		/* kmod passes over it: vfio has a softdep. */
		{ SETTING_INSTALL, "vfio", NULL, "" },
		{ SETTING_INSTALL, "pci_stub", NULL, "" },
		{ SETTING_BLACKLIST, "vfio_pci", NULL,
		  "warning driver-blocked /etc/modprobe.d/vfio.conf:2 -" },
		/* What it depends on is loaded all the same. */
		{ SETTING_BLACKLIST, "vfio", NULL, "" },
		{ SETTING_OPTIONS, NULL, "module_blacklist=nouveau,vfio_pci",
		  "error driver-blocked /proc/cmdline -" },
		{ SETTING_OPTIONS, NULL, "module_blacklist=vfio",
		  "error driver-blocked /proc/cmdline -" },
		{ SETTING_OPTIONS, NULL, "modprobe.blacklist=vfio_pci",
		  "error driver-blocked /proc/cmdline -" },
		{ SETTING_OPTIONS, NULL, "modprobe.blacklist=vfio_pci modprobe.blacklist",
		  "error driver-blocked /proc/cmdline -" },
		/* Neither takes a name with a dash; and the last one counts. */
		{ SETTING_OPTIONS, NULL, "module_blacklist=vfio-pci", "" },
		{ SETTING_OPTIONS, NULL, "modprobe.blacklist=vfio-pci", "" },
		{ SETTING_OPTIONS, NULL,
		  "module_blacklist=vfio_pci module_blacklist=nouveau", "" },
		{ SETTING_OPTIONS, NULL,
		  "modprobe.blacklist=vfio -- "
		  "module_blacklist=vfio_pci",
		  "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct softdep *softdep;
		struct scene s;

		begin(&s);
		softdep = array_add(s.system.kernels[0].softdeps,
				    s.system.kernels[0].n_softdeps);
		softdep->module = xstrdup("vfio");
		if (cases[i].module)
			scene_setting(&s, cases[i].command, cases[i].module, "/bin/false",
				      2);
		if (cases[i].cmdline)
			scene_cmdline(&s, cases[i].cmdline);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

/* One line may be for several modules, by a pattern. */
static void a_line_that_blocks_several_modules_is_named_once(void **state)
{
	struct scene s;

	begin(&s);
	scene_setting(&s, SETTING_INSTALL, "vfio_pci", "/bin/false", 2);
	scene_setting(&s, SETTING_INSTALL, "vfio", "/bin/false", 2);
	scene_setting(&s, SETTING_INSTALL, "vfio_iommu_type1", "/bin/true", 3);
	scene_plan(&s);
	assert_findings(&s, "error driver-blocked /etc/modprobe.d/vfio.conf:2 -\n"
			    "error driver-blocked /etc/modprobe.d/vfio.conf:3 -");
	assert_message(&s, "driver-blocked",
		       "'install' runs '/bin/false' in place of loading 'vfio_pci'");
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_of_the_command_line_are_not_released_in_silence),
		cmocka_unit_test(what_becomes_of_foreign_ids_is_said),
		cmocka_unit_test(foreign_ids_are_named_by_the_line_of_grub),
		cmocka_unit_test(what_the_last_generate_wrote_is_not_foreign),
		cmocka_unit_test(an_id_by_hand_that_takes_a_twin_is_refused),
		cmocka_unit_test(options_of_modprobe_are_compared_with_the_plan),
		cmocka_unit_test(options_for_a_builtin_driver_mean_nothing),
		cmocka_unit_test(functions_of_a_stand_in_are_no_twins),
		cmocka_unit_test(ids_that_are_too_long_for_the_driver_are_an_error),
		cmocka_unit_test(what_others_do_with_a_target_is_warned_of),
		cmocka_unit_test(overrides_of_driverctl_are_warned_of),
		cmocka_unit_test(a_driver_that_may_not_be_loaded_is_found),
		cmocka_unit_test(a_line_that_blocks_several_modules_is_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
