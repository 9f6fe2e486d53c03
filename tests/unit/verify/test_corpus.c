/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logs of our own boots, judged alone: no sysfs, no configuration (VFIO_BOOTCFG_CORPUS).
 * Strangers' logs are in tests/verify.
 */
#include "unit/probe/corpus.h"
#include "unit/verify/scene.h"

enum { P = CHECK_PASS, F = CHECK_FAIL, U = CHECK_UNKNOWN };

static bool judge_log(struct scene *scene, const char *path, const char *target,
		      const char *id)
{
	FILE *stream cleanup_file = fopen(path, "re");

	if (!stream) {
		fprintf(stderr, "skipped: there is no '%s'\n", path);
		return false;
	}
	scene_begin(scene);
	scene_is_bare(scene);
	scene_target(scene, target, id);
	assert_int_equal(kernel_log_read(stream, path, &scene->log), 0);
	scene_judge(scene);
	return true;
}

static void check_status(const struct scene *scene, const char *name, const char *code,
			 int wanted)
{
	const struct check_result *result = result_of(&scene->verification, code, NULL);

	assert_non_null(result);
	if ((int)result->status != wanted)
		fail_msg("%s: %s %s: %s", name, code, check_status_name(result->status),
			 result->message);
}

/* i01: 0000:19:00.0 is alone in its group, and its twin has amdgpu: all is proven. */
static void a_log_alone_can_prove_all(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	char *path = corpus_path("dmesg/i01-vtd-on-5.4-identical-vega-vfio-ok.txt");
	bool is_judged = judge_log(&scene, path, "19:00.0", "1002:687f");

	free(path); /* skip() jumps past what a cleanup would free */
	if (!is_judged)
		skip();
	assert_string_equal(status_of(&scene, "target-present"), "pass");
	assert_string_equal(status_of(&scene, "target-identity"), "pass");
	assert_string_equal(status_of(&scene, "group-viable"), "pass");
	assert_string_equal(status_of(&scene, "twin-untouched"), "pass");
	assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	assert_string_equal(scene.verification.targets[0].first_driver, "vfio-pci");
}

/* Our own boots on many kernels; 'wanted' as in the table above. */
static const struct own {
	const char *name, *target, *id;
	int iommu, remapping, bound, parameters;
} own[] = {
	{ "A-intel-5.10", "00:01.0", "8086:10d3", P, P, U, P },
	{ "A-intel-6.12", "00:01.0", "8086:10d3", P, P, U, P },
	{ "B-amd-5.10", "00:02.0", "8086:10d3", P, P, U, P },
	{ "B-amd-7.2", "00:02.0", "8086:10d3", P, P, P, P },
	{ "C-virtio-6.12", "00:02.0", "8086:10d3", P, F, P, P },
	{ "D-none-5.10", "00:01.0", "8086:10d3", F, F, F, P },
	{ "D-none-7.2", "00:02.0", "1b36:000d", F, F, F, P },
	{ "D3-default-6.12", "00:01.0", "8086:10d3", P, P, U, P },
	{ "G1", "00:01.0", "8086:10d3", P, P, F, F },
	{ "G3", "00:01.0", "8086:10d3", P, P, F, F },
	{ "H1-6.12", "00:01.0", "8086:10d3", P, P, F, P },
	{ "Q7-intel-noir", "00:01.0", "8086:10d3", P, F, U, P },
	{ "U3-6.8-noiommu", "00:01.0", "8086:10d3", F, F, P, P },
};

static void our_own_logs_are_judged_by_what_they_prove(void **state)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *path =
			corpus_path("../machines/boots/%s.log", own[i].name);

		if (!judge_log(&scene, path, own[i].target, own[i].id))
			continue;
		check_status(&scene, own[i].name, "iommu-enabled", own[i].iommu);
		check_status(&scene, own[i].name, "interrupt-remapping",
			     own[i].remapping);
		check_status(&scene, own[i].name, "target-bound", own[i].bound);
		check_status(&scene, own[i].name, "module-parameters", own[i].parameters);
		n++;
	}
	if (!n)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_alone_can_prove_all),
		cmocka_unit_test(our_own_logs_are_judged_by_what_they_prove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
