/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/verify/scene.h"

#define GPU   "0000:29:00.0"
#define ID    "1002:68c8:174b:3000"
#define BEGIN "[    0.000000] Linux version 6.12.1 (x@y) #1\n"

/* One GPU with its driver, alone in its group; the log is whole. */
static void begin_gpu(struct scene *scene, const char *driver)
{
	scene_begin(scene);
	scene_function(scene, GPU, ID, 0x030000, driver, 16);
	scene_competitor(scene_target(scene, GPU, ID), "radeon", false);
	strings_add(&scene->machine.device_nodes, "/dev/vfio/16");
}

static void judge_gpu(struct scene *scene, const char *log)
{
	cleanup_free char *text = xasprintf("%s%s", BEGIN, log);

	scene_log(scene, text);
	scene_judge(scene);
}

static const struct check_result *gpu_result(const struct scene *scene, const char *code)
{
	const struct check_result *result = result_of(&scene->verification, code, GPU);

	assert_non_null(result);
	return result;
}

static void assert_says(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' does not say '%s'", text ? text : "(nothing)", part);
}

static void what_is_as_planned_passes(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	char *codes cleanup_free = NULL;

	begin_gpu(&scene, "vfio-pci");
	scene_modules(&scene, "vfio_pci radeon");
	scene_cmdline(&scene, "quiet vfio_pci.ids=1002:68c8", "vfio-pci.ids=1002:68c8");
	judge_gpu(&scene, "");
	codes = codes_with(&scene.verification, CHECK_PASS);
	assert_string_equal(codes,
			    "cmdline-applied iommu-enabled interrupt-remapping "
			    "target-present target-identity target-bound first-claim "
			    "group-viable device-node twin-untouched module-parameters "
			    "dma-faults framebuffer log-complete");
	assert_int_equal(scene.verification.n_checks, verify_n_checks);
	assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	assert_string_equal(scene.verification.schema, "vfio-bootcfg.verify/1");
	assert_string_equal(scene.verification.kernel, "6.12.1");
	assert_string_equal(scene.verification.targets[0].first_driver, "vfio-pci");
}

static void results_follow_the_order_of_the_table(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	size_t at = 0;

	begin_gpu(&scene, "vfio-pci");
	judge_gpu(&scene, "");
	for (size_t i = 0; i < scene.verification.n_checks; i++) {
		while (at < verify_n_checks &&
		       strcmp(verify_checks[at].code,
			      scene.verification.checks[i].code) != 0)
			at++;
		assert_true(at < verify_n_checks);
	}
}

static void without_evidence_nothing_passes(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	char *failed cleanup_free = NULL, *passed cleanup_free = NULL;

	scene_begin(&scene);
	scene_is_bare(&scene);
	scene_target(&scene, GPU, ID);
	scene_judge(&scene); /* no log either */
	failed = codes_with(&scene.verification, CHECK_FAIL);
	passed = codes_with(&scene.verification, CHECK_PASS);
	assert_string_equal(failed, "");
	assert_string_equal(passed, "");
	assert_int_equal(scene.verification.verdict, VERDICT_UNKNOWN);
}

/* What does not decide may be unknown: the device is bound, whatever the log lost. */
static void a_lost_log_does_not_spoil_what_sysfs_shows(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "vfio-pci");
	scene_cmdline(&scene, "x", "");
	scene_log(&scene, "[   99.000000] x\n");
	scene.machine.modules.known = UNKNOWN;
	scene_judge(&scene);
	assert_string_equal(status_of(&scene, "log-complete"), "warn");
	assert_string_equal(status_of(&scene, "first-claim"), "unknown");
	assert_string_equal(status_of(&scene, "dma-faults"), "unknown");
	assert_int_equal(scene.verification.verdict, VERDICT_PASS);
}

static void the_command_line_must_carry_the_plan(void **state)
{
	static const struct {
		const char *booted, *planned, *status, *says;
	} cases[] = {
		{ "a=1 b", "a=1 b", "pass", "every parameter" },
		{ "b a=1", "", "pass", "asks for no parameter" },
		{ NULL, "a", "unknown", "cannot be seen" },
		{ "b", "a=1", "fail", "'a=1' is not on the kernel" },
		{ "a=1 a=2", "a=1", "fail", "'a=1' is overridden by 'a=2'" },
		{ "b", "amd_iommu=on", "warn", "'amd_iommu=on' is not on" },
		{ "vfio_pci.ids=1:2,1002:68C8,3:4", "vfio-pci.ids=1002:68c8", "pass",
		  "every parameter" },
		{ "vfio-pci.ids=1002:68c8 vfio-pci.ids=10de:1", "vfio-pci.ids=1002:68c8",
		  "fail", "overridden by 'vfio-pci.ids=10de:1'" },
		{ "rd.driver.pre=vfio-pci rd.driver.pre=x", "rd.driver.pre=vfio-pci",
		  "pass", "every parameter" },
		{ "rd.driver.pre=x", "rd.driver.pre=vfio-pci", "fail", "is not on" },
		{ "vfio_bootcfg=off a=1", "a=1", "fail", "told to reserve nothing" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "radeon"); /* else nothing is worse than a warning */
		scene_cmdline(&scene, cases[i].booted, cases[i].planned);
		judge_gpu(&scene, "");
		assert_string_equal(status_of(&scene, "cmdline-applied"),
				    cases[i].status);
		assert_says(
			result_of(&scene.verification, "cmdline-applied", NULL)->message,
			cases[i].says);
	}
}

static void what_is_missing_does_no_harm_where_all_is_bound(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "vfio-pci");
	scene_cmdline(&scene, "quiet", "intel_iommu=on");
	judge_gpu(&scene, "");
	assert_string_equal(status_of(&scene, "cmdline-applied"), "warn");
	assert_int_equal(scene.verification.verdict, VERDICT_PASS);
}

/* Before 7.0 the kernel's own line is cut at 1 KiB. */
static void a_cut_command_line_proves_no_absence(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	char pad[1000];
	cleanup_free char *log = NULL;

	memset(pad, 'x', sizeof pad - 1);
	pad[sizeof pad - 1] = '\0';
	log = xasprintf("[    0.000000] Kernel command line: a=1 %s\n", pad);
	begin_gpu(&scene, "radeon");
	scene_cmdline(&scene, NULL, "a=1 b=2");
	judge_gpu(&scene, log);
	assert_string_equal(status_of(&scene, "cmdline-applied"), "unknown");
	assert_int_equal(scene.verification.checks[1].code[0], 'i'); /* one result only */
}

static void an_iommu_is_off_for_a_reason(void **state)
{
	static const struct {
		enum tristate in_firmware;
		enum iommu_kind kind;
		enum cpu_vendor cpu;
		const char *cmdline, *log, *says, *remedy;
	} cases[] = {
		{ YES, IOMMU_INTEL, CPU_INTEL, "intel_iommu=on intel_iommu=off", "",
		  "'intel_iommu=off' on the kernel command line",
		  "remove 'intel_iommu=off'" },
		{ YES, IOMMU_AMD, CPU_AMD, "amd_iommu=off", "", "'amd_iommu=off'",
		  "remove" },
		{ NO, IOMMU_NONE, CPU_INTEL, "intel_iommu=on",
		  "[    0.1] x\n[    0.200000] DMAR: IOMMU enabled\n",
		  "the firmware describes none", "'VT-d' in the firmware" },
		{ NO, IOMMU_NONE, CPU_AMD, "", "", "the firmware describes none",
		  "'IOMMU' (AMD-Vi) in the firmware" },
		{ UNKNOWN, IOMMU_NONE, CPU_UNKNOWN, "", "", "the firmware describes none",
		  "'VT-d' on Intel" },
		{ YES, IOMMU_INTEL, CPU_INTEL, "quiet", "",
		  "leaves it off without 'intel_iommu=on'", "add 'intel_iommu=on'" },
		{ YES, IOMMU_INTEL, CPU_INTEL, "intel_iommu=on",
		  "[    0.200000] DMAR: Parse DMAR table failure.\n", "table is broken",
		  "update the firmware" },
		{ YES, IOMMU_AMD, CPU_AMD, "",
		  "[    0.200000] AMD-Vi: IOMMU not currently supported when SME is active\n",
		  "memory encryption", "update" },
		{ YES, IOMMU_AMD, CPU_AMD, "", "", "did not start it", "kernel log" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		const struct check_result *result;

		begin_gpu(&scene, "radeon");
		scene.machine.iommu.active = NO;
		scene.machine.iommu.in_firmware = cases[i].in_firmware;
		scene.machine.iommu.kind = cases[i].kind;
		scene.machine.cpu = cases[i].cpu;
		scene.machine.functions.v[0].iommu_group = NO_GROUP;
		scene_modules(&scene, "vfio_pci radeon");
		scene_cmdline(&scene, cases[i].cmdline, "");
		judge_gpu(&scene, cases[i].log);
		result = result_of(&scene.verification, "iommu-enabled", NULL);
		assert_int_equal(result->status, CHECK_FAIL);
		assert_says(result->message, cases[i].says);
		assert_says(result->remedy, cases[i].remedy);
		/* And the target says the same. */
		assert_says(gpu_result(&scene, "target-bound")->message, cases[i].says);
		assert_says(gpu_result(&scene, "group-viable")->message,
			    "no IOMMU group");
		assert_int_equal(scene.verification.verdict, VERDICT_FAIL);
	}
}

static void misleading_lines_are_explained(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	const struct check_result *result;

	begin_gpu(&scene, "vfio-pci");
	judge_gpu(&scene, "[    0.000000] AMD-Vi: Unknown option - 'on'\n"
			  "[    0.000000] DMAR: IOMMU enabled\n");
	result = result_of(&scene.verification, "iommu-enabled", NULL);
	assert_true(shows(result, "(harmless: amd_iommu=on is no option"));
	assert_true(shows(result, "(no proof: "));
	assert_int_equal(result->status, CHECK_PASS);
}

static void interrupts_that_are_not_remapped_stop_machines(void **state)
{
	static const struct {
		enum tristate remapping, unsafe;
		const char *cmdline, *status, *remedy;
	} cases[] = {
		{ YES, NO, "", "pass", NULL },
		{ NO, NO, "", "fail", "in the firmware setup" },
		{ NO, NO, "intremap=off", "fail", "remove 'intremap=off'" },
		{ NO, YES, "", "warn", "trust the guests" },
		{ NO, UNKNOWN, "", "fail", "firmware" },
		{ NO, UNKNOWN, "vfio_iommu_type1.allow_unsafe_interrupts=1", "warn",
		  "trust the guests" },
		{ UNKNOWN, NO, "", "unknown", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene.machine.interrupt_remapping = cases[i].remapping;
		scene.machine.unsafe_interrupts = cases[i].unsafe;
		scene_cmdline(&scene, cases[i].cmdline, "");
		judge_gpu(&scene, "");
		assert_string_equal(status_of(&scene, "interrupt-remapping"),
				    cases[i].status);
		if (cases[i].remedy)
			assert_says(result_of(&scene.verification, "interrupt-remapping",
					      NULL)
					    ->remedy,
				    cases[i].remedy);
	}
}

static void a_device_that_moved_is_found(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	scene_begin(&scene);
	scene_function(&scene, "0000:2a:00.0", ID, 0x030000, "radeon", 17);
	scene_target(&scene, GPU, "1002:68c8");
	judge_gpu(&scene, "");
	assert_int_equal(gpu_result(&scene, "target-present")->status, CHECK_FAIL);
	assert_says(gpu_result(&scene, "target-present")->message,
		    "'1002:68c8' is at 0000:2a:00.0 now");
	assert_int_equal(gpu_result(&scene, "target-bound")->status, CHECK_FAIL);
	assert_int_equal(gpu_result(&scene, "target-identity")->status, CHECK_UNKNOWN);
}

static void another_device_at_the_address_is_not_the_target(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	scene_begin(&scene);
	scene_function(&scene, GPU, "10de:2684:0000:0000", 0x030000, "vfio-pci", 16);
	scene_function(&scene, "0000:2a:00.0", ID, 0x030000, NULL, 17);
	scene_target(&scene, GPU, ID);
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-identity")->message,
		    "it is '10de:2684:0000:0000', and '" ID
		    "' was expected: that is now at 0000:2a:00.0");
	assert_int_equal(scene.verification.verdict, VERDICT_FAIL);
}

/* Targets that no address names: an id, a path, or nothing but a section. */
static void a_target_without_an_address_has_a_name(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	scene_begin(&scene);
	scene_target(&scene, NULL, "1002:68c8");
	scene_target(&scene, NULL, NULL);
	scene_judge(&scene);
	assert_string_equal(scene.verification.targets[0].address, "1002:68c8");
	assert_string_equal(scene.verification.targets[1].address, "gpu");
	assert_int_equal(scene.verification.verdict, VERDICT_FAIL);
}

static void every_spelling_and_variant_of_the_driver_counts(void **state)
{
	static const struct {
		const char *planned, *driver;
		bool is_bound;
	} cases[] = {
		{ "vfio-pci", "vfio-pci", true },
		{ "vfio_pci", "vfio-pci", true },
		{ "vfio-pci", "mlx5_vfio_pci", true },
		{ "nvgrace_gpu_vfio_pci", "nvgrace-gpu-vfio-pci", true },
		{ "pci-stub", "pci-stub", true },
		{ "pci-stub", "vfio-pci", false },
		{ "vfio-pci", "pci-stub", false },
		{ "vfio-pci", "vfio-pciback", false },
		{ "vfio-pci", "pciback", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, cases[i].driver);
		scene.plan.driver = cases[i].planned;
		judge_gpu(&scene, "");
		assert_int_equal(gpu_result(&scene, "target-bound")->status,
				 cases[i].is_bound ? CHECK_PASS : CHECK_FAIL);
	}
}

/* The one sentence: each line of the ladder, and that the earlier ones win. */
static void what_is_not_bound_has_one_cause(void **state)
{
	static const struct {
		const char *driver, *modules, *cmdline;
		enum claim claim;
		const char *log, *says;
	} cases[] = {
		{ "radeon", "radeon", "vfio_bootcfg=off", CLAIM_ID, "",
		  "told this boot to reserve nothing" },
		{ "radeon", "radeon vfio_pci", "", CLAIM_ADDRESS,
		  "[    1.0] x\n[    1.000000] vfio-bootcfg: 0000:29:00.0: left alone: identity is 10de:1:2:3, expected x\n",
		  "the early binder" },
		{ "radeon", "vfio_pci radeon", "", CLAIM_ID,
		  "[    1.000000] vfio-pci 0000:29:00.0: 8086:37c8 exists in vfio-pci device denylist, driver probing disallowed.\n"
		  "[    1.000001] vfio-pci 0000:29:00.0: probe with driver vfio-pci failed with error -22\n",
		  "refused it with error -22" },
		{ NULL, "vfio_pci", "", CLAIM_ID,
		  "[    1.000001] vfio-pci: probe of 0000:29:00.0 failed with error -16\n",
		  "because it has virtual functions" },
		{ "radeon", "radeon", "vfio-pci.ids=zz", CLAIM_ID,
		  "[    1.000000] vfio_pci: invalid id string \"zz\"\n",
		  "an entry of ids= is malformed" },
		{ "radeon", "radeon", "", CLAIM_ID,
		  "[    1.000000] ids: string doesn't fit in 1023 chars.\n",
		  "ids= is longer" },
		{ "radeon", "radeon", "", CLAIM_ID, "", "'vfio-pci' was never loaded" },
		{ "radeon", "radeon", "", CLAIM_ID,
		  "[    1.000000] Module vfio_pci is blacklisted\n", "was never loaded" },
		{ "radeon", "vfio_pci radeon", "vfio-pci.ids=10de:1,8086:2", CLAIM_ID, "",
		  "no id that 'vfio-pci' was given fits '1002:68c8'" },
		{ "radeon", "vfio_pci radeon",
		  "vfio_bootcfg.devices=10000:29:00.0=1002:68c8:174b:3000", CLAIM_ADDRESS,
		  "",
		  "'vfio_bootcfg.devices=' on the kernel command line does not name it" },
		{ "radeon", "vfio_pci radeon",
		  "vfio_bootcfg.devices=0000:29:00.0=1002:68c8:174b:3000", CLAIM_ADDRESS,
		  "", "came too late, or was not told" },
		{ "radeon", "radeon vfio_pci", "vfio-pci.ids=1002:68c8", CLAIM_ID, "",
		  "'radeon' was loaded before 'vfio-pci' and took it first" },
		{ NULL, "vfio_pci", "vfio-pci.ids=1002:68c8", CLAIM_ID, "",
		  "no driver holds it: 'vfio-pci' was not told of it, or gave it back" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		const struct check_result *result;

		begin_gpu(&scene, cases[i].driver);
		scene.plan.targets[0].claim = cases[i].claim;
		scene_modules(&scene, cases[i].modules);
		scene_cmdline(&scene, cases[i].cmdline, "");
		judge_gpu(&scene, cases[i].log);
		result = gpu_result(&scene, "target-bound");
		assert_int_equal(result->status, CHECK_FAIL);
		assert_says(result->message, cases[i].says);
		assert_non_null(result->remedy);
		assert_true(result->n_evidence > 0);
	}
}

static void a_built_in_driver_is_told_from_a_module(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "xhci_hcd");
	free(scene.machine.functions.v[0].driver_module);
	scene.machine.functions.v[0].driver_module = NULL;
	scene_modules(&scene, "vfio_pci");
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-bound")->message,
		    "'xhci_hcd' is built into this kernel");
	assert_says(gpu_result(&scene, "target-bound")->remedy, "claim = address");
}

static void an_override_to_another_driver_is_named(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, NULL);
	scene.machine.functions.v[0].driver_override = xstrdup("pciback");
	scene_modules(&scene, "vfio_pci");
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-bound")->message,
		    "its driver_override is 'pciback'");
}

/* In the order of what they prove. */
static void who_came_first_is_proven_in_many_ways(void **state)
{
	static const struct {
		const char *modules, *log;
		bool is_builtin; /* the competitor */
		const char *status, *says;
	} cases[] = {
		{ "vfio_pci radeon", "", false, "pass",
		  "no other driver that fits came" },
		{ "vfio_pci", "", false, "pass", "no other driver that fits came" },
		{ "vfio_pci", "", true, "unknown", "'radeon' came before" },
		{ "radeon vfio_pci", "", false, "unknown", "in silence" },
		{ "radeon vfio_pci",
		  "[    1.000000] vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n", false,
		  "pass", "'vfio-pci' was the first" },
		{ "radeon vfio_pci",
		  "[    1.000000] pci 0000:29:00.0: bus: 'pci': really_probe: probing driver vfio-pci with device\n",
		  false, "pass", "'vfio-pci' was the first" },
		{ "vfio_pci radeon",
		  "[    1.000000] radeon 0000:29:00.0: VRAM: 1024M\n"
		  "[    9.000000] vfio-pci 0000:29:00.0: vgaarb: VGA decodes changed: x\n",
		  false, "warn", "'radeon' had it first, at 1.000 s" },
		/* A stub leaves the device as it is. */
		{ "vfio_pci", "[    1.000000] pci-stub 0000:29:00.0: claimed by stub\n",
		  false, "pass", "no other driver" },
		{ "vfio_pci",
		  "[    1.000000] input: x as /devices/pci0000:00/0000:29:00.0/sound/card0/input1\n",
		  false, "warn", "a driver of the host" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene.plan.targets[0].competitors[0].is_builtin = cases[i].is_builtin;
		scene_modules(&scene, cases[i].modules);
		judge_gpu(&scene, cases[i].log);
		assert_string_equal(status_of(&scene, "first-claim"), cases[i].status);
		assert_says(gpu_result(&scene, "first-claim")->message, cases[i].says);
		assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	}
}

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

/* Each of two targets blames the other, and not itself. */
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
	struct scene unbound cleanup_scene = { 0 };

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
}

static void a_twin_must_be_left_alone(void **state)
{
	static const char *const drivers[] = { "radeon", NULL, "vfio-pci" };

	for (size_t i = 0; i < 3; i++) {
		struct scene scene cleanup_scene = { 0 };
		bool is_taken = i == 2;

		begin_gpu(&scene, "vfio-pci");
		scene_function(&scene, "0000:2a:00.0", "1002:68c8:1462:1000", 0x030000,
			       drivers[i], 17);
		scene_function(&scene, "0000:2b:00.0", "10de:2684:0000:0000", 0x030000,
			       "vfio-pci", 18);
		judge_gpu(&scene, "");
		assert_string_equal(status_of(&scene, "twin-untouched"),
				    is_taken ? "fail" : "pass");
		if (is_taken)
			assert_non_null(result_of(&scene.verification, "twin-untouched",
						  "0000:2a:00.0"));
	}
}

static void refused_options_are_shown(void **state)
{
	struct scene bound cleanup_scene = { 0 }, unbound cleanup_scene = { 0 };
	struct scene odd cleanup_scene = { 0 };
	static const char invalid[] =
		"[    1.000000] vfio_pci: invalid id string \"x\"\n";

	begin_gpu(&bound, "vfio-pci");
	judge_gpu(&bound, invalid);
	assert_string_equal(status_of(&bound, "module-parameters"), "warn");
	begin_gpu(&unbound, "radeon");
	judge_gpu(&unbound, invalid);
	assert_string_equal(status_of(&unbound, "module-parameters"), "fail");
	begin_gpu(&odd, "vfio-pci");
	judge_gpu(&odd, "[    1.000000] vfio_pci: unknown parameter 'idz' ignored\n");
	assert_string_equal(status_of(&odd, "module-parameters"), "warn");
	assert_true(
		shows(result_of(&odd.verification, "module-parameters", NULL), "idz"));
}

static void faults_of_a_target_matter_most(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	const struct check_result *result;

	begin_gpu(&scene, "vfio-pci");
	judge_gpu(
		&scene,
		"[    1.000000] DMAR: [DMA Read] Request device [02:00.0] fault addr 0\n"
		"[    1.000001] DMAR: [DMA Read] Request device [29:00.0] fault addr 0\n");
	result = gpu_result(&scene, "dma-faults");
	assert_int_equal(result->status, CHECK_WARN);
	assert_says(result->message, "2 faults");
	assert_int_equal(result->evidence[0].line, 3);
	assert_string_equal(result->evidence[0].source, "kernel.log");
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

static void what_is_said_again_and_again_is_told_once(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	const struct target_story *story;

	begin_gpu(&scene, "radeon");
	judge_gpu(&scene,
		  "[    1.000000] vfio_pci: add [10de:1[ffffffff:ffffffff]] class x\n"
		  "[    1.000001] vfio-pci: probe of 0000:29:00.0 failed with error -22\n"
		  "[    1.000002] vfio_pci: add [1002:68c8[ffffffff:ffffffff]] class x\n"
		  "[    1.000003] vfio-pci: probe of 0000:29:00.0 failed with error -22\n"
		  "[    2.000000] radeon 0000:29:00.0: enabling device (0006 -> 0007)\n");
	story = &scene.verification.targets[0];
	assert_int_equal(story->n_timeline, 3);
	assert_int_equal(story->timeline[0].line, 3);
	assert_says(story->timeline[1].text, "add [1002:68c8");
	assert_string_equal(story->timeline[2].driver, "radeon");
	assert_string_equal(story->first_driver, "radeon");
}

/* All of one kind, in one group, and all of them wanted: must stay linear. */
static void a_very_large_machine_is_judged_at_once(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	enum { N = 65536 };

	scene_begin(&scene);
	for (unsigned i = 0; i < N; i++) {
		struct bdf bdf = { 0, (uint8_t)(i >> 8), i >> 3 & 31, i & 7 };
		struct bdf_text text = bdf_text(bdf);

		scene_function(&scene, text.s, ID, 0x030000,
			       i % 2 ? "vfio-pci" : "radeon", 16);
		scene_competitor(scene_target(&scene, text.s, ID), "radeon", false);
	}
	scene_modules(&scene, "radeon vfio_pci");
	judge_gpu(&scene, "");
	assert_int_equal(scene.verification.verdict, VERDICT_FAIL);
	assert_int_equal(scene.verification.n_targets, N);
	assert_says(result_of(&scene.verification, "group-viable", NULL)->message,
		    " more");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_as_planned_passes),
		cmocka_unit_test(results_follow_the_order_of_the_table),
		cmocka_unit_test(without_evidence_nothing_passes),
		cmocka_unit_test(a_lost_log_does_not_spoil_what_sysfs_shows),
		cmocka_unit_test(the_command_line_must_carry_the_plan),
		cmocka_unit_test(what_is_missing_does_no_harm_where_all_is_bound),
		cmocka_unit_test(a_cut_command_line_proves_no_absence),
		cmocka_unit_test(an_iommu_is_off_for_a_reason),
		cmocka_unit_test(misleading_lines_are_explained),
		cmocka_unit_test(interrupts_that_are_not_remapped_stop_machines),
		cmocka_unit_test(a_device_that_moved_is_found),
		cmocka_unit_test(another_device_at_the_address_is_not_the_target),
		cmocka_unit_test(a_target_without_an_address_has_a_name),
		cmocka_unit_test(every_spelling_and_variant_of_the_driver_counts),
		cmocka_unit_test(what_is_not_bound_has_one_cause),
		cmocka_unit_test(a_built_in_driver_is_told_from_a_module),
		cmocka_unit_test(an_override_to_another_driver_is_named),
		cmocka_unit_test(who_came_first_is_proven_in_many_ways),
		cmocka_unit_test(groups_follow_the_rule_of_their_kernel),
		cmocka_unit_test(a_bridge_in_the_way_is_freed_by_its_address),
		cmocka_unit_test(targets_that_are_not_bound_are_no_strangers),
		cmocka_unit_test(vfios_own_refusal_is_believed),
		cmocka_unit_test(a_missing_node_fails_only_what_should_have_one),
		cmocka_unit_test(a_twin_must_be_left_alone),
		cmocka_unit_test(refused_options_are_shown),
		cmocka_unit_test(faults_of_a_target_matter_most),
		cmocka_unit_test(the_firmwares_picture_may_be_in_the_way),
		cmocka_unit_test(what_is_said_again_and_again_is_told_once),
		cmocka_unit_test(a_very_large_machine_is_judged_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
