/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of the whole boot. */
#include "unit/verify/gpu.h"

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
		{ "a=2", "a=1", "fail",
		  "'a=1' is not on the kernel command line, which has 'a=2'" },
		{ "vfio-pci.ids=1b36:10,1b36:d", "vfio-pci.ids=1b36:10,8086:10c9,1b36:d",
		  "fail", "which has 'vfio-pci.ids=1b36:10,1b36:d'" },
		{ "vfio-pci.ids=1:2,3:4 vfio-pci.ids=5:6", "vfio-pci.ids=3:4", "fail",
		  "overridden by 'vfio-pci.ids=5:6'" },
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

/* Of a log alone nobody knows the processor, and both switches are planned. */
static void a_log_tells_whose_switch_of_the_iommu_counts(void **state)
{
	static const char amd[] =
		"[    0.100000] ACPI: IVRS 0x000000007FFE2B3D 000088 (v01 BOCHS )\n";
	static const char intel[] =
		"[    0.200000] DMAR: IOMMU enabled\n"
		"[    0.300000] DMAR-IR: Enabled IRQ remapping in x2apic mode\n";
	static const struct {
		const char *booted, *log, *status;
	} cases[] = {
		{ "amd_iommu=on", amd, "pass" },     { "quiet", amd, "warn" },
		{ "intel_iommu=on", intel, "pass" }, { "amd_iommu=on", intel, "fail" },
		{ "amd_iommu=on", "", "fail" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "radeon");
		scene_cmdline(&scene, cases[i].booted, "intel_iommu=on amd_iommu=on");
		judge_gpu(&scene, cases[i].log);
		assert_string_equal(status_of(&scene, "cmdline-applied"),
				    cases[i].status);
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

/* Comments, longer lists and our own records give no kernel anything. */
static void a_lost_parameter_is_followed_through_the_files(void **state)
{
	static const struct {
		const char *path, *text, *source;
		unsigned line;
		const char *says, *remedy;
	} cases[] = {
		{ "/etc/default/grub", "# a=1\nA=\"a=12 xa=1 a=1,2\"\nB=\"$B a=1\"\n",
		  "/etc/default/grub", 3, "has 'a=1'", "another entry was booted" },
		{ "/etc/default/grub", "# a=1\n", "files of the boot loader", 0,
		  "none has it", "run 'vfio-bootcfg generate" },
		{ "/var/lib/vfio-bootcfg/words", "a=1\n", "proc/cmdline", 0, "quiet",
		  "run 'vfio-bootcfg generate" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct file file = { .path = (char *)(uintptr_t)cases[i].path,
				     .exists = true,
				     .bytes = (char *)(uintptr_t)cases[i].text,
				     .size = strlen(cases[i].text) };
		struct system system = { .files = &file, .n_files = 1 };
		const struct check_result *result;
		const struct check_evidence *last;

		begin_gpu(&scene, "radeon");
		scene.plan.system = &system;
		scene_cmdline(&scene, "quiet", "a=1");
		judge_gpu(&scene, "");
		result = result_of(&scene.verification, "cmdline-applied", NULL);
		last = &result->evidence[result->n_evidence - 1];
		assert_string_equal(last->source, cases[i].source);
		assert_int_equal(last->line, cases[i].line);
		assert_says(last->text, cases[i].says);
		assert_says(result->remedy, cases[i].remedy);
	}
}

/* What this machine boots with says nothing of the one that left the snapshot. */
static void files_of_another_machine_are_not_judged(void **state)
{
	static const char *const texts[] = { "a=1\n", "quiet\n" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct file file = { .path = (char *)(uintptr_t) "/etc/default/grub",
				     .exists = true,
				     .bytes = (char *)(uintptr_t)texts[i],
				     .size = strlen(texts[i]) };
		struct system system = { .files = &file,
					 .n_files = 1,
					 .is_of_other_machine = true };
		const struct check_result *result;

		begin_gpu(&scene, "radeon");
		scene.plan.system = &system;
		scene_cmdline(&scene, "quiet", "a=1");
		judge_gpu(&scene, "");
		result = result_of(&scene.verification, "cmdline-applied", NULL);
		assert_says(result->evidence[result->n_evidence - 1].text,
			    "unknown: '--root'");
	}
}

/* To run it again writes nothing for them. */
static void what_is_not_written_for_is_mended_by_hand(void **state)
{
	static const char boots[] = "'kernelstub' is not written for: do by hand";
	static const char loads[] = "'booster' is not written for: do by hand";
	struct file file = { .path = (char *)(uintptr_t) "/etc/kernel/cmdline",
			     .exists = true,
			     .bytes = (char *)(uintptr_t) "a=1\n",
			     .size = 4 };
	struct system system = { .files = &file };

	for (size_t n_files = 0; n_files < 2; n_files++) {
		struct scene scene cleanup_scene = { 0 };

		system.n_files = n_files;
		begin_gpu(&scene, "radeon");
		scene_modules(&scene, "radeon");
		scene.machine.modules.known = YES;
		scene.plan.system = &system;
		scene.plan.uses_by_hand[BY_HAND_KERNELSTUB] = true;
		scene.plan.uses_by_hand[BY_HAND_BOOSTER] = true;
		scene_cmdline(&scene, "quiet", "a=1");
		judge_gpu(&scene, "");
		assert_says(
			result_of(&scene.verification, "cmdline-applied", NULL)->remedy,
			boots);
		assert_says(result_of(&scene.verification, "target-bound", NULL)->remedy,
			    loads);
	}
}

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
		{ YES, IOMMU_INTEL, CPU_INTEL, "intel_iommu=on",
		  "[    0.100000] Unknown kernel command line parameters \"intel_iommu=on\", will be passed to user space.\n",
		  "no Intel IOMMU driver", "built with CONFIG_INTEL_IOMMU" },
		{ YES, IOMMU_AMD, CPU_AMD, "amd_iommu=on",
		  "[    0.100000] Unknown kernel command line parameters \"amd_iommu=on\", will be passed to user space.\n",
		  "no AMD IOMMU driver", "built with CONFIG_AMD_IOMMU" },
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
	assert_true(shows(result, "(repeats intel_iommu=on"));
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

static void a_twin_must_be_left_alone(void **state)
{
	static const struct {
		const char *driver;
		enum claim claim;
		const char *remedy; /* NULL: it was left alone */
	} cases[] = {
		{ "radeon", CLAIM_ID, NULL },
		{ NULL, CLAIM_ID, NULL },
		{ "vfio-pci", CLAIM_ID, "set 'claim = subsystem' or 'claim = address'" },
		{ "vfio-pci", CLAIM_ADDRESS, "no 'ids=' that can be seen has its id" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		const struct check_result *result;

		begin_gpu(&scene, "vfio-pci");
		scene.plan.targets[0].claim = cases[i].claim;
		scene_function(&scene, "0000:2a:00.0", "1002:68c8:1462:1000", 0x030000,
			       cases[i].driver, 17);
		scene_function(&scene, "0000:2b:00.0", "10de:2684:0000:0000", 0x030000,
			       "vfio-pci", 18);
		judge_gpu(&scene, "");
		assert_string_equal(status_of(&scene, "twin-untouched"),
				    cases[i].remedy ? "fail" : "pass");
		result = result_of(&scene.verification, "twin-untouched", "0000:2a:00.0");
		if (cases[i].remedy)
			assert_says(result->remedy, cases[i].remedy);
	}
}

/* An id that is reserved names all that have it; a log does not tell where they are. */
static void a_target_is_no_twin_where_a_log_is_judged_alone(void **state)
{
	static const struct {
		const char *bdf, *id;
		const char *path;
		const char *status;
	} cases[] = {
		{ "0000:29:00.0", "1002:68c8", NULL, "fail" },
		{ NULL, "1002:68c8", NULL, "pass" },
		{ NULL, "1002:68c8:174b:3000", NULL, "unknown" },
		{ NULL, "1002:68c8", "0000:00:01.0/00.0", "unknown" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		scene_begin(&scene);
		scene_is_bare(&scene);
		scene_target(&scene, cases[i].bdf, cases[i].id);
		if (cases[i].path)
			strings_add(&scene.rule.paths, cases[i].path);
		judge_gpu(
			&scene,
			"[    0.100000] pci 0000:29:00.0: [1002:68c8] type 00 class 0x030000\n"
			"[    0.100001] pci 0000:2a:00.0: [1002:68c8] type 00 class 0x030000\n"
			"[    1.000000] vfio-pci 0000:29:00.0: enabling device (0006 -> 0007)\n"
			"[    1.000001] vfio-pci 0000:2a:00.0: enabling device (0006 -> 0007)\n");
		assert_string_equal(status_of(&scene, "twin-untouched"), cases[i].status);
		strings_free(&scene.rule.paths);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_must_carry_the_plan),
		cmocka_unit_test(a_log_tells_whose_switch_of_the_iommu_counts),
		cmocka_unit_test(what_is_missing_does_no_harm_where_all_is_bound),
		cmocka_unit_test(a_lost_parameter_is_followed_through_the_files),
		cmocka_unit_test(what_is_not_written_for_is_mended_by_hand),
		cmocka_unit_test(files_of_another_machine_are_not_judged),
		cmocka_unit_test(a_cut_command_line_proves_no_absence),
		cmocka_unit_test(an_iommu_is_off_for_a_reason),
		cmocka_unit_test(misleading_lines_are_explained),
		cmocka_unit_test(interrupts_that_are_not_remapped_stop_machines),
		cmocka_unit_test(a_twin_must_be_left_alone),
		cmocka_unit_test(a_target_is_no_twin_where_a_log_is_judged_alone),
		cmocka_unit_test(refused_options_are_shown),
		cmocka_unit_test(faults_of_a_target_matter_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
