/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/verify/gpu.h"

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

/* What sysfs shows now would vouch for a boot that it knows nothing of. */
static void a_named_log_of_another_boot_is_judged_alone(void **state)
{
	static const struct {
		const char *cmdline, *log; /* behind the banner of 6.12.1 */
		const char *release;
		bool is_named;
		const char *warning; /* NULL: it is of this boot, for all that is known */
	} cases[] = {
		{ "quiet", "Command line: q", "6.12.1", true, NULL },
		{ "quiet", "Kernel command line: quiet ", "6.12.1", true, NULL },
		{ "quiet", "Kernel command line: q", "6.12.1", true,
		  "its kernel command line is not that of /proc/cmdline" },
		{ "quiet", "Kernel command line: q", "6.12.1", false, NULL },
		{ "root=UUID=redacted-1", "Kernel command line: root=UUID=12", "6.12.1",
		  true, NULL },
		{ "quiet", "x", "6.1.0", true, "its kernel is '6.12.1', that of sysfs" },
		{ "quiet", "x", "6.1.0", false, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *text = xasprintf(
			BEGIN
			"[    0.000001] %s\n" WHOLE
			"[    2.000000] radeon 0000:29:00.0: enabling device (0006 -> 0007)\n",
			cases[i].log);
		const struct check_result *first;

		begin_gpu(&scene, "vfio-pci");
		scene_cmdline(&scene, cases[i].cmdline, "");
		free(scene.machine.release);
		scene.machine.release = xstrdup(cases[i].release);
		scene_log(&scene, text);
		scene.log.is_named = cases[i].is_named;
		scene_judge(&scene);
		first = result_of(&scene.verification, "log-complete", NULL);
		assert_int_equal(first->status,
				 cases[i].warning ? CHECK_WARN : CHECK_PASS);
		if (cases[i].warning)
			assert_says(first->message, cases[i].warning);
		assert_string_equal(scene.verification.targets[0].driver,
				    cases[i].warning ? "radeon" : "vfio-pci");
	}
}

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
		cmocka_unit_test(a_named_log_of_another_boot_is_judged_alone),
		cmocka_unit_test(a_target_without_an_address_has_a_name),
		cmocka_unit_test(what_is_said_again_and_again_is_told_once),
		cmocka_unit_test(a_very_large_machine_is_judged_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
