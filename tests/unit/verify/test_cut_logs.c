/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unknown is not pass, and no failure either: what a cut log does not say proves nothing.
 * Each check has the least evidence on which it decides.
 */
#include "unit/verify/captured_log.h"
#include "unit/verify/gpu.h"

/* A boot of which a log alone proves everything, a letter a line. */
static const struct {
	char letter;
	const char *line;
} lines[] = {
	{ 'b', "Linux version 6.12.1 (x@y) #1" },
	{ 'c', "Kernel command line: intel_iommu=on vfio-pci.ids=1002:68c8" },
	{ 't', "ACPI: RSDP 0x00000000000F5910 000014 (v00 BOCHS )" },
	{ 'd', "ACPI: DMAR 0x000000007FFE2B3D 000088 (v01 BOCHS )" },
	{ 'r', "DMAR-IR: Enabled IRQ remapping in x2apic mode" },
	{ 'f', "pci 0000:29:00.0: [1002:68c8] type 00 class 0x030000" },
	{ 'g', "pci 0000:29:00.0: Adding to iommu group 16" },
	{ 'a', "DMAR: Intel(R) Virtualization Technology for Directed I/O" },
	{ 'i', "registered taskstats version 1" },
	{ 'v', "VFIO - User Level meta-driver version: 0.3" },
	{ 'p', "vfio-pci 0000:29:00.0: vgaarb: changed VGA decodes" },
	{ 'x', "vfio_pci: add [1002:68c8[ffffffff:ffffffff]] class 0x000000/00000000" },
};

static void judge_lines(struct scene *scene, const char *letters)
{
	char *text cleanup_free = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (strchr(letters, lines[i].letter))
			fprintf(out, "[    0.%06zu] %s\n", i, lines[i].line);
	fclose(out);
	scene_begin(scene);
	scene_is_bare(scene);
	scene_target(scene, GPU, "1002:68c8");
	strings_split(&scene->plan.cmdline, "intel_iommu=on vfio-pci.ids=1002:68c8", " ");
	scene_log(scene, text);
	scene_judge(scene);
}

static void each_check_has_its_least_evidence(void **state)
{
	static const struct {
		const char *code, *letters, *status;
	} cases[] = {
		{ "cmdline-applied", "c", "pass" },
		{ "cmdline-applied", "btdrfgaivpx", "unknown" },
		{ "iommu-enabled", "a", "pass" },
		{ "iommu-enabled", "g", "pass" },
		/* Off only where the whole boot was silent. */
		{ "iommu-enabled", "bcti", "fail" },
		{ "iommu-enabled", "bct", "unknown" },
		{ "iommu-enabled", "bci", "unknown" },
		{ "iommu-enabled", "cti", "unknown" },
		{ "iommu-enabled", "bcivpx", "unknown" },
		{ "interrupt-remapping", "r", "pass" },
		{ "interrupt-remapping", "btai", "fail" },
		{ "interrupt-remapping", "bta", "unknown" },
		{ "interrupt-remapping", "tai", "unknown" },
		{ "interrupt-remapping", "a", "unknown" },
		{ "target-present", "f", "pass" },
		{ "target-present", "p", "pass" },
		{ "target-present", "btiv", "unknown" },
		{ "target-identity", "f", "pass" },
		{ "target-identity", "p", "unknown" },
		{ "target-bound", "p", "pass" },
		{ "target-bound", "vx", "unknown" },
		{ "target-bound", "bti", "fail" },
		{ "target-bound", "bt", "unknown" },
		{ "target-bound", "bi", "unknown" },
		{ "target-bound", "ti", "unknown" },
		{ "first-claim", "btivp", "pass" },
		{ "first-claim", "btvp", "unknown" },
		{ "first-claim", "tivp", "unknown" },
		{ "group-viable", "g", "pass" },
		{ "group-viable", "f", "unknown" },
		{ "twin-untouched", "btif", "pass" },
		{ "twin-untouched", "bti", "unknown" },
		{ "twin-untouched", "bf", "unknown" },
		{ "module-parameters", "btivx", "pass" },
		{ "module-parameters", "bti", "unknown" },
		{ "module-parameters", "bvx", "unknown" },
		{ "module-parameters", "vx", "unknown" },
		{ "dma-faults", "btai", "pass" },
		{ "dma-faults", "bti", "unknown" },
		{ "dma-faults", "ba", "unknown" },
		{ "dma-faults", "tai", "unknown" },
		{ "log-complete", "bti", "pass" },
		{ "log-complete", "b", "warn" },
		{ "log-complete", "ti", "warn" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		judge_lines(&scene, cases[i].letters);
		if (strcmp(status_of(&scene, cases[i].code), cases[i].status) != 0)
			fail_msg("%s of '%s' is %s", cases[i].code, cases[i].letters,
				 status_of(&scene, cases[i].code));
	}
}

static void a_whole_log_proves_everything(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	judge_lines(&scene, "bctdrfgaivpx");
	assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	for (size_t i = 0; i < scene.verification.n_checks; i++)
		assert_int_equal(scene.verification.checks[i].status, CHECK_PASS);
}

/* Whichever of the lines somebody cuts out, nothing becomes worse than unknown. */
static void no_selection_of_a_good_log_is_a_failure(void **state)
{
	enum { N = sizeof lines / sizeof *lines };

	for (unsigned set = 0; set < 1u << N; set++) {
		struct scene scene cleanup_scene = { 0 };
		char letters[N + 1] = "";
		char *failed cleanup_free = NULL;
		bool is_whole;

		for (size_t i = 0; i < N; i++)
			if (set & 1u << i)
				letters[strlen(letters)] = lines[i].letter;
		is_whole = strchr(letters, 'b') && strchr(letters, 't') &&
			   strchr(letters, 'i');
		if (is_whole)
			continue;
		judge_lines(&scene, letters);
		failed = codes_with(&scene.verification, CHECK_FAIL);
		if (*failed)
			fail_msg("'%s': %s", letters, failed);
	}
}

/* The codes that pass or fail of these lines, with their status. */
static char *sure_codes(const struct strings *log, size_t first, size_t end,
			const char *word)
{
	struct scene scene cleanup_scene = { 0 };
	char *text cleanup_free = NULL;
	char *failed cleanup_free = NULL, *passed cleanup_free = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = first; i < end; i++)
		if (strcasestr(log->v[i], word))
			fprintf(out, "%s\n", log->v[i]);
	fclose(out);
	scene_begin(&scene);
	scene_is_bare(&scene);
	scene_target(&scene, "0000:03:00.0", "1b36:0010");
	scene_log(&scene, text);
	scene_judge(&scene);
	failed = codes_with(&scene.verification, CHECK_FAIL);
	passed = codes_with(&scene.verification, CHECK_PASS);
	return xasprintf(" fail: %s ; pass: %s ", failed, passed);
}

/* What is sure of a part must be sure of the whole, in the same sense. */
static void assert_no_surer(const char *part, const char *whole, const char *what)
{
	struct strings words cleanup_strings = { 0 };
	const char *sense = "";

	strings_split(&words, part, " ");
	for (size_t i = 0; i < words.n; i++) {
		char *word cleanup_free = xasprintf(" %s ", words.v[i]);
		const char *found = strstr(whole, word);

		if (strcmp(words.v[i], "fail:") == 0 || strcmp(words.v[i], "pass:") == 0)
			sense = words.v[i];
		else if (strcmp(words.v[i], ";") != 0 &&
			 (!found ||
			  (found < strstr(whole, ";")) != (strcmp(sense, "fail:") == 0)))
			fail_msg("%s: of a part %s %s, of the whole%s", what, sense,
				 words.v[i], whole);
	}
}

static void a_part_of_a_log_is_never_surer_than_the_whole(void **state)
{
	static const char *const machines[] = {
		"dracut-force-ids-intel-612-qemu72",
		"dracut-force-ids-amd-61-qemu72",
		"fail-a-no-iommu-612",
		"base-intel-61-d059",
		"fail-f-intremap-off-612",
	};
	static const char *const words[] = {
		"",	"iommu", "DMAR",     "AMD-Vi", "vfio",	  "version", "pci",
		"ACPI", "nvme",	 "0000:03:", "enable", "command", "memory",
	};

	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct strings log cleanup_strings = captured_log(machines[i]);
		char *whole cleanup_free = sure_codes(&log, 0, log.n, "");

		assert_true(log.n > 700);
		for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
			char *part cleanup_free = sure_codes(&log, 0, log.n, words[k]);

			assert_no_surer(part, whole, words[k]);
		}
		/* A ring buffer that has wrapped. */
		for (size_t first = 1; first < log.n; first += 7) {
			char *part cleanup_free = sure_codes(&log, first, log.n, "");

			assert_no_surer(part, whole, machines[i]);
		}
	}
}

/* Who has it is told; what kept the driver away stands elsewhere. */
static void an_excerpt_names_no_cause(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	const struct check_result *result;

	scene_begin(&scene);
	scene_is_bare(&scene);
	scene_target(&scene, GPU, "1002:68c8");
	scene_log(&scene, "[    2.000000] radeon " GPU ": x\n");
	scene_judge(&scene);
	result = gpu_result(&scene, "target-bound");
	assert_int_equal(result->status, CHECK_FAIL);
	assert_string_equal(
		result->message,
		"'radeon' had it last, as far as the log tells: this log does not tell what became of 'vfio-pci'");
	assert_says(result->remedy, "read the whole log");
	assert_int_equal(result->n_evidence, 1); /* the line is shown once */
	assert_false(scene.verification.targets[0].is_seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_check_has_its_least_evidence),
		cmocka_unit_test(a_whole_log_proves_everything),
		cmocka_unit_test(no_selection_of_a_good_log_is_a_failure),
		cmocka_unit_test(an_excerpt_names_no_cause),
		cmocka_unit_test(a_part_of_a_log_is_never_surer_than_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
