/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of what is around a target: its group, its node, the firmware's picture. */
#include "unit/verify/gpu.h"

static void groups_follow_the_rule_of_their_kernel(void **state)
{
	static const struct {
		const char *release, *driver;
		int header_type;
		const char *status, *says;
	} cases[] = {
		{ "6.12.1", NULL, 0, "pass", "nothing else in IOMMU group 16" },
		{ "6.12.1", "vfio-pci", 0, "pass", "nothing else" },
		{ "6.12.1", "pci-stub", 0, "pass", "nothing else" },
		{ "6.12.1", "snd_hda_intel", 0, "fail",
		  "the host holds 0000:29:00.1 ('snd_hda_intel')" },
		{ "5.10.0", "snd_hda_intel", 0, "fail", "the host holds" },
		{ "6.12.1", "pcieport", 1, "pass", "nothing else" },
		{ "5.10.0", "pcieport", 1, "pass", "nothing else" },
		/* shpchp: 5.10 does not mind, 5.19 does. */
		{ "5.10.0-32-amd64", "shpchp", 1, "pass", "nothing else" },
		{ "5.18.0", "shpchp", 1, "pass", "nothing else" },
		{ "5.19.0-rc1", "shpchp", 1, "fail", "the host holds 0000:29:00.1" },
		{ "6.1.0", "shpchp", 1, "fail", "the host holds" },
		{ NULL, "shpchp", 1, "unknown", "the kernel is not known" },
		{ "weird", "shpchp", 1, "unknown", "the kernel is not known" },
		{ NULL, "snd_hda_intel", 0, "fail", "the host holds" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene_function(&scene, "0000:29:00.1", "1002:aa60:174b:aa60", 0x040300,
			       cases[i].driver, 16)
			->header_type = (uint8_t)cases[i].header_type;
		scene_function(&scene, "0000:30:00.0", "1002:aa60:174b:aa60", 0x040300,
			       "snd_hda_intel", 17);
		free(scene.machine.release);
		scene.machine.release = copied(cases[i].release);
		scene_log(&scene, "x\n"); /* without the banner, which has the release */
		scene_judge(&scene);
		assert_string_equal(status_of(&scene, "group-viable"), cases[i].status);
		assert_says(gpu_result(&scene, "group-viable")->message, cases[i].says);
	}
}

static void a_bridge_in_the_way_is_freed_by_its_address(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "vfio-pci");
	scene_function(&scene, "0000:28:00.0", "1b36:000e:0000:0000", 0x060400, "shpchp",
		       16)
		->header_type = 1;
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "group-viable")->remedy,
		    "echo 0000:28:00.0 > /sys/bus/pci/drivers/shpchp/unbind");
}

static void targets_that_are_not_bound_are_no_strangers(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "radeon");
	scene_function(&scene, "0000:29:00.1", "1002:aa60:174b:aa60", 0x040300,
		       "vfio-pci", 16);
	scene_target(&scene, "0000:29:00.1", "1002:aa60");
	judge_gpu(&scene, "");
	assert_int_equal(gpu_result(&scene, "group-viable")->status, CHECK_PASS);
	assert_says(
		result_of(&scene.verification, "group-viable", "0000:29:00.1")->remedy,
		"0000:29:00.0 is a target too");
}

/* It is the same card: no other slot would help. */
static void a_part_that_the_section_leaves_out_is_reserved_with_it(void **state)
{
	static const struct {
		enum functions_request functions;
		const char *other, *remedy;
	} cases[] = {
		{ FUNCTIONS_LISTED, "0000:29:00.1",
		  "reserve 0000:29:00.1 too: remove 'functions = listed' from [device gpu]" },
		{ FUNCTIONS_LISTED, "0000:2a:00.0", "move the card to another slot" },
		{ FUNCTIONS_ALL, "0000:29:00.1",
		  "name 0000:29:00.1 in the configuration" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene.rule.functions = cases[i].functions;
		scene_function(&scene, cases[i].other, "1002:aa60:174b:aa60", 0x040300,
			       "snd_hda_intel", 16);
		judge_gpu(&scene, "");
		assert_says(gpu_result(&scene, "group-viable")->remedy, cases[i].remedy);
	}
}

static void vfios_own_refusal_is_believed(void **state)
{
	static const char *const lines[] = {
		"vfio-pci 0000:29:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting",
		"vfio-pci 0000:29:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.",
		"vfio-pci 0000:29:00.0: Adding kernel taint for vfio-noiommu group on device",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *log = xasprintf("[    1.000000] %s\n", lines[i]);

		begin_gpu(&scene, "vfio-pci");
		judge_gpu(&scene, log);
		assert_string_equal(status_of(&scene, "group-viable"), "fail");
	}
}

static void a_missing_node_fails_only_what_should_have_one(void **state)
{
	struct scene scene cleanup_scene = { 0 }, unseen cleanup_scene = { 0 };
	struct scene unbound cleanup_scene = { 0 }, stub cleanup_scene = { 0 };

	begin_gpu(&scene, "vfio-pci");
	strings_free(&scene.machine.device_nodes);
	judge_gpu(&scene, "");
	assert_string_equal(status_of(&scene, "device-node"), "fail");
	begin_gpu(&unseen, "vfio-pci");
	unseen.machine.has_device_nodes = UNKNOWN;
	judge_gpu(&unseen, "");
	assert_string_equal(status_of(&unseen, "device-node"), "unknown");
	begin_gpu(&unbound, "radeon");
	judge_gpu(&unbound, "");
	assert_string_equal(status_of(&unbound, "device-node"), "-");
	begin_gpu(&stub, "pci-stub");
	stub.plan.driver = "pci-stub";
	strings_free(&stub.machine.device_nodes);
	judge_gpu(&stub, "");
	assert_string_equal(status_of(&stub, "target-bound"), "pass");
	assert_string_equal(status_of(&stub, "device-node"), "-");
}

static void the_firmwares_picture_may_be_in_the_way(void **state)
{
	static const struct {
		uint32_t class;
		const char *release;
		enum tristate is_boot_display;
		const char *log, *status;
	} cases[] = {
		{ 0x020000, "6.12.1", UNKNOWN, "", "-" },
		{ 0x030000, "6.12.1", YES, "efifb: mode is 1x1", "pass" },
		{ 0x030000, "5.10.0", YES, "efifb: mode is 1x1", "warn" },
		{ 0x038000, "6.12.1", YES, "efifb: mode is 1x1", "warn" },
		{ 0x030000, "5.10.0", NO, "x", "pass" },
		{ 0x030000, "5.10.0", YES, "x", "pass" },
		{ 0x030000, "5.10.0", UNKNOWN,
		  "pci 0000:29:00.0: BAR 1: assigned to efifb", "warn" },
		{ 0x030000, "6.12.1", UNKNOWN,
		  "vfio-pci 0000:29:00.0: BAR 1: can't reserve [mem 0x0]", "fail" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *log = xasprintf("[    1.000000] %s\n", cases[i].log);

		begin_gpu(&scene, "vfio-pci");
		scene.machine.functions.v[0].class = cases[i].class;
		scene.machine.functions.v[0].is_boot_display = cases[i].is_boot_display;
		free(scene.machine.release);
		scene.machine.release = copied(cases[i].release);
		judge_gpu(&scene, log);
		assert_string_equal(status_of(&scene, "framebuffer"), cases[i].status);
	}
}

/* Who has done that already is not told to do it. */
static void a_picture_that_stays_is_not_sent_away_again(void **state)
{
	static const struct {
		const char *cmdline, *remedy;
	} cases[] = {
		{ "quiet", "add 'initcall_blacklist=sysfb_init'" },
		{ "initcall_blacklist=x", "add 'initcall_blacklist=sysfb_init'" },
		{ "initcall_blacklist=x,sysfb_init initcall_blacklist=y",
		  "did not keep it out: show the boot messages on another card" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene_cmdline(&scene, cases[i].cmdline, "");
		judge_gpu(
			&scene,
			"[    1.000000] vfio-pci 0000:29:00.0: BAR 1: can't reserve [mem 0x0]\n");
		assert_says(gpu_result(&scene, "framebuffer")->remedy, cases[i].remedy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_follow_the_rule_of_their_kernel),
		cmocka_unit_test(a_bridge_in_the_way_is_freed_by_its_address),
		cmocka_unit_test(targets_that_are_not_bound_are_no_strangers),
		cmocka_unit_test(a_part_that_the_section_leaves_out_is_reserved_with_it),
		cmocka_unit_test(vfios_own_refusal_is_believed),
		cmocka_unit_test(a_missing_node_fails_only_what_should_have_one),
		cmocka_unit_test(the_firmwares_picture_may_be_in_the_way),
		cmocka_unit_test(a_picture_that_stays_is_not_sent_away_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
