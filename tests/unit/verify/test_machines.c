/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boots that really happened (tests/machines). What is true of each comes from the
 * machine itself: the driver links of its sysfs, and what VFIO answered when the groups
 * were opened.
 */
#include "unit/verify/snapshot.h"

/* The modules that would take a function of these machines. */
static const struct {
	const char *id, *modules;
} rivals[] = {
	{ "1b36:0010", "nvme" },	   { "1b36:000d", "xhci_pci" },
	{ "10ec:8139", "8139cp 8139too" }, { "1234:1111", "bochs" },
	{ "8086:293e", "snd_hda_intel" },  { "8086:10c9", "igb" },
	{ "8086:10d3", "e1000e" },	   { "1af4:1005", "virtio_pci" },
};

static const struct boot_case {
	const char *machine;
	const char *targets;
	const char *planned; /* tokens beside ids=, or NULL: none */
	const char *ids;     /* or NULL: claimed by address */
	enum verdict verdict;
	const char *failed, *warned, *unknown; /* codes */
	const char *cause; /* in the message of target-bound of the first target */
} cases[] = {
	/* None asked for any device: all as without us. */
	{ "base-intel-61-d059", "03:00.0 09:00.0", "intel_iommu=on iommu=pt",
	  "1b36:0010,1b36:000d", VERDICT_FAIL, "cmdline-applied target-bound",
	  "first-claim", "module-parameters",
	  "'nvme' holds it: 'vfio-pci' was never loaded" },
	{ "base-amd-61-d059", "03:00.0", "iommu=pt", "1b36:0010", VERDICT_FAIL,
	  "cmdline-applied target-bound", "first-claim", "module-parameters",
	  "was never loaded" },
	/* The modules are missing from the image: all is silent. */
	{ "fail-b-nomod-612-d106", "03:00.0 04:00.0",
	  "intel_iommu=on iommu=pt rd.driver.pre=vfio-pci",
	  "1b36:000d,1b36:0010,10ec:8139,1234:1111,8086:293e,8086:10c9", VERDICT_FAIL,
	  "target-bound", "first-claim", "module-parameters", "was never loaded" },
	{ "dracut-force-ids-intel-612-qemu72",
	  "00:1d.0 03:00.0 04:00.0 05:00.0 05:00.1 08:01.0 09:00.0",
	  "intel_iommu=on iommu=pt",
	  "1b36:000d,1b36:0010,10ec:8139,1234:1111,8086:293e,8086:10c9", VERDICT_PASS, "",
	  "", "", NULL },
	{ "dracut-force-ids-amd-61-qemu72",
	  "00:1d.0 03:00.0 04:00.0 05:00.0 05:00.1 08:01.0 09:00.0",
	  "amd_iommu=on iommu=pt",
	  "1b36:000d,1b36:0010,10ec:8139,1234:1111,8086:293e,8086:10c9", VERDICT_PASS, "",
	  "cmdline-applied", "", NULL },
	/* The same boot, but only one of two equal functions was asked for. */
	{ "dracut-force-ids-intel-612-qemu72", "03:00.0", "intel_iommu=on", "1b36:0010",
	  VERDICT_FAIL, "twin-untouched", "", "", NULL },
	/* No IOMMU, although 'DMAR: IOMMU enabled' is in the log. */
	{ "fail-a-no-iommu-612", "03:00.0", "intel_iommu=on iommu=pt", "1b36:0010",
	  VERDICT_FAIL, "iommu-enabled interrupt-remapping target-bound group-viable",
	  "first-claim", "dma-faults",
	  "the IOMMU is off (the firmware describes none), so 'vfio-pci' refused it with error -22" },
	{ "fail-a2-intel_iommu-off-612", "03:00.0", "intel_iommu=on", "1b36:0010",
	  VERDICT_FAIL, "cmdline-applied iommu-enabled target-bound group-viable",
	  "first-claim", "dma-faults",
	  "'intel_iommu=off' on the kernel command line switches it off" },
	{ "fail-c-builtin-virtio-612", "00:1c.0", "intel_iommu=on", "1af4:1005",
	  VERDICT_FAIL, "target-bound", "first-claim", "",
	  "'virtio-pci' is built into this kernel" },
	/* Bound, yet no machine would start. */
	{ "fail-f-intremap-off-612", "03:00.0 04:00.0", "intel_iommu=on", "1b36:0010",
	  VERDICT_FAIL, "interrupt-remapping", "", "", NULL },
	{ "ok-f-unsafe-interrupts-612", "03:00.0 04:00.0", "intel_iommu=on", "1b36:0010",
	  VERDICT_PASS, "", "interrupt-remapping", "", NULL },
	{ "fail-g-bad-syntax-ids-612", "03:00.0", "intel_iommu=on", "1b36:0010",
	  VERDICT_FAIL, "cmdline-applied target-bound module-parameters", "first-claim",
	  "", "an entry of ids= is malformed" },
	/* nvme had it, and somebody took it away by hand. */
	{ "fail-i-late-bind-612", "03:00.0", "intel_iommu=on", NULL, VERDICT_PASS, "",
	  "first-claim", "", NULL },
	{ "fail-j-bootvga-612-quiet", "00:1d.0 05:00.0 05:00.1", "intel_iommu=on",
	  "1234:1111,8086:293e", VERDICT_PASS, "", "", "", NULL },
	{ "ok-d-identical-override-612", "01:00.0 04:00.0", "intel_iommu=on", NULL,
	  VERDICT_PASS, "", "", "", NULL },
	/* Half a group. */
	{ "nested-fail-e-group-612", "00:1d.0 05:00.0", "intel_iommu=on", "1234:1111",
	  VERDICT_FAIL, "group-viable", "", "", NULL },
	{ "grub-bios-dracut059-intel-61", "03:00.0 04:00.0 09:00.0",
	  "intel_iommu=on iommu=pt rd.driver.pre=vfio-pci", "1b36:0010,1b36:000d",
	  VERDICT_PASS, "", "", "", NULL },
	{ "sdboot-bls-dracut106-intel-612", "03:00.0 04:00.0 09:00.0",
	  "intel_iommu=on iommu=pt rd.driver.pre=vfio-pci", "1b36:0010,1b36:000d",
	  VERDICT_PASS, "", "", "", NULL },
	/* The ids are in modprobe.d: not on the command line, and bound all the same. */
	{ "it-softdep-amd-612-it148", "03:00.0 04:00.0 09:00.0", "iommu=pt",
	  "1b36:0010,1b36:000d", VERDICT_PASS, "", "cmdline-applied", "", NULL },
};

static void add_target(struct scene *scene, const char *bdf, const char *ids)
{
	struct bdf at = bdf_of(bdf);
	const struct function *function = NULL;
	struct target *target;

	for (size_t i = 0; i < scene->machine.functions.n; i++)
		if (bdf_equal(scene->machine.functions.v[i].bdf, at))
			function = &scene->machine.functions.v[i];
	assert_non_null(function);
	target = scene_target(scene, bdf, identity_text(function->id).s);
	target->claim = ids ? CLAIM_ID : CLAIM_ADDRESS;
	for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++) {
		struct strings modules cleanup_strings = { 0 };

		if (strcmp(rivals[i].id, identity_device_text(function->id).s) != 0)
			continue;
		strings_split(&modules, rivals[i].modules, " ");
		for (size_t k = 0; k < modules.n; k++)
			scene_competitor(target, modules.v[k], false);
	}
}

static void plan_case(struct scene *scene, const struct boot_case *boot)
{
	struct strings targets cleanup_strings = { 0 };

	strings_split(&targets, boot->targets, " ");
	for (size_t i = 0; i < targets.n; i++)
		add_target(scene, targets.v[i], boot->ids);
	strings_split(&scene->plan.cmdline, boot->planned ? boot->planned : "", " ");
	if (boot->ids)
		strings_take(&scene->plan.cmdline,
			     xasprintf("vfio-pci.ids=%s", boot->ids));
}

static void check_case(const struct boot_case *boot, const struct scene *scene)
{
	const struct verification *v = &scene->verification;
	char *failed cleanup_free = codes_with(v, CHECK_FAIL);
	char *warned cleanup_free = codes_with(v, CHECK_WARN);
	char *unknown cleanup_free = codes_with(v, CHECK_UNKNOWN);
	const struct check_result *bound;

	if (v->verdict != boot->verdict || strcmp(failed, boot->failed) != 0 ||
	    strcmp(warned, boot->warned) != 0 || strcmp(unknown, boot->unknown) != 0)
		fail_msg("%s (%s): %s: failed '%s', warned '%s', unknown '%s'",
			 boot->machine, boot->targets, verdict_name(v->verdict), failed,
			 warned, unknown);
	if (!boot->cause)
		return;
	bound = result_of(v, "target-bound", NULL);
	if (!strstr(bound->message, boot->cause))
		fail_msg("%s: %s", boot->machine, bound->message);
	assert_non_null(bound->remedy);
	assert_true(bound->n_evidence > 0);
}

static void real_boots_are_judged_as_they_were(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		scene_capture(&scene, cases[i].machine);
		plan_case(&scene, &cases[i]);
		scene_judge(&scene);
		check_case(&cases[i], &scene);
	}
}

static void a_failure_tells_its_story(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	const struct target_story *story;

	scene_capture(&scene, "fail-a-no-iommu-612");
	add_target(&scene, "0000:03:00.0", "1b36:0010");
	scene_judge(&scene);
	assert_int_equal(scene.verification.n_targets, 1);
	story = &scene.verification.targets[0];
	assert_string_equal(story->address, "0000:03:00.0");
	assert_string_equal(story->driver, "nvme");
	assert_string_equal(story->first_driver, "nvme");
	assert_int_equal(story->n_timeline, 6);
	assert_non_null(strstr(story->timeline[0].text, "[1b36:0010] type 00"));
	assert_non_null(strstr(story->timeline[1].text, "VFIO - User Level"));
	assert_non_null(strstr(story->timeline[2].text, "failed with error -22"));
	assert_non_null(strstr(story->timeline[3].text, "vfio_pci: add [1b36:0010"));
	assert_string_equal(story->timeline[4].driver, "nvme");
	assert_string_equal(story->timeline[5].text,
			    "module 'nvme' was loaded after 'vfio-pci'");
	for (size_t i = 1; i < 5; i++) {
		assert_true(story->timeline[i].time >= story->timeline[i - 1].time);
		assert_true(story->timeline[i].line > story->timeline[i - 1].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_boots_are_judged_as_they_were),
		cmocka_unit_test(a_failure_tells_its_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
