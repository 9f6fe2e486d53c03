/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strangers' logs and logs of our own boots, judged alone: no sysfs, no configuration.
 * What must be concluded stands in the index of that folder, by eye
 * (VFIO_BOOTCFG_CORPUS).
 */
#include "unit/probe/corpus.h"
#include "unit/verify/scene.h"

enum { P = CHECK_PASS, W = CHECK_WARN, F = CHECK_FAIL, U = CHECK_UNKNOWN };

static const struct stranger {
	const char *name;
	const char *target, *id; /* or NULL */
	int iommu, remapping, bound, first, faults;
} strangers[] = {
	/* AMD: on, whatever the command line says of it. */
	{ "a02-amdvi-on-5.9rc1-iopf-dump", "01:00.0", NULL, P, P, F, W, W },
	{ "a03-amdvi-on-5.12-debug-renoir", "0c:00.0", NULL, P, P, F, W, P },
	{ "a04-amdvi-on-5.4-crlf-completion-wait", "0b:00.0", NULL, P, P, F, W, P },
	{ "a05-amdvi-on-5.12-journal-short", "0c:00.0", NULL, P, P, F, W, P },
	{ "a07-amdvi-on-5.15-iopf-amdgpu", "05:00.0", "1002:6611", P, P, F, W, W },
	/* amdgpu first, vfio-pci when a machine starts. */
	{ "a08-amdvi-on-6.12-vfio-LATE-laptop-dgpu", "03:00.0", "1002:73ef", P, P, P, W,
	  P },
	{ "a08-amdvi-on-6.12-vfio-LATE-laptop-dgpu", "03:00.1", NULL, P, P, P, W, P },
	{ "a10-amdvi-on-6.15-journal-arch-bwctrl", "06:00.0", NULL, P, P, F, W, P },
	{ "a12-amdvi-on-5.2-ryzen2200g", "26:00.0", NULL, P, P, F, W, P },
	/* At boot, and its audio function was forgotten; the log has lost its start. */
	{ "a13-amdvi-on-6.5-pve-vfio-BOOT-apu", "05:00.0", "1002:164c", P, P, P, U, U },
	{ "a13-amdvi-on-6.5-pve-vfio-BOOT-apu", "05:00.1", "1002:1637", P, P, F, W, U },
	{ "a14-amdvi-on-5.10-vfio-LATE-rx5700xt-vfiolog0", "0b:00.0", NULL, P, P, P, W,
	  U },
	{ "a15-amdvi-on-5.17-vfio-LATE-rx5700xt-vfiolog1", "0b:00.0", NULL, P, P, P, W,
	  U },
	{ "a17-amdvi-on-5.14-rocky-epyc-crlf", "c1:00.0", "10de:2321", P, P, F, U, P },
	{ "a18-amdvi-on-6.2-iommu-soft-two-a6000", "2e:00.0", "10de:2230", P, P, F, W,
	  P },
	/* Cut by hand between the boot and the faults. */
	{ "e01-syslog-prefix-amdvi-iopf", "01:00.0", NULL, P, U, F, W, W },
	{ "e02-kdump-amdvi-iopf-mpt3sas", "63:00.0", NULL, P, U, F, W, W },
	{ "e03-sriov-vf-recreate-group-minus16", "81:00.2", NULL, P, U, F, W, U },
	{ "e05-arc-a770-vfio-d3cold-wake-fail", "03:00.0", NULL, U, U, P, U, U },
	{ "e07-arm-many-vf-vfio-enable", "06:02.7", NULL, U, U, P, U, U },
	{ "e08-ansi-colour-boot", NULL, NULL, F, U, F, U, U },
	/* Intel: on. Two equal cards, one of which was asked for. */
	{ "i01-vtd-on-5.4-identical-vega-vfio-ok", "19:00.0", "1002:687f", P, P, P, P,
	  P },
	{ "i01-vtd-on-5.4-identical-vega-vfio-ok", "67:00.0", "1002:687f", P, P, F, W,
	  P },
	{ "i01-vtd-on-5.4-identical-vega-vfio-ok", "19:00.1", NULL, P, P, U, U, P },
	{ "i03-vtd-on-5.10-kexec-irqremap-warn", NULL, NULL, P, P, F, U, P },
	{ "i04-vtd-on-hp-g8-dmarfaults-garbled-serial", "02:00.0", NULL, P, P, F, W, W },
	{ "i06-vtd-on-5.6-crlf-igfx-fault", "00:02.0", NULL, P, P, F, W, W },
	{ "i07-vtd-on-6.12-debian-quadro", NULL, NULL, P, P, F, U, P },
	{ "i09-vtd-on-5.15-dell-t630", "09:00.0", NULL, P, P, F, W, P },
	/* Intel: interrupts are remapped, and DMA is not. */
	{ "i10-vtd-IR-ONLY-6.9-xps13", NULL, NULL, F, P, F, U, U },
	{ "i11-vtd-IR-ONLY-6.18-coreboot", NULL, NULL, F, P, F, U, U },
	/* The kernel oopsed before it was up. */
	{ "i13-vtd-on-6.11-prio-prefix-mtl", NULL, NULL, P, P, U, U, U },
	{ "i15-vtd-IR-ONLY-optimus-rtx4050-arch", "01:00.0", "10de:28a1", F, P, F, W, U },
	{ "i16-vtd-IR-ONLY-6.4-cachyos-x99-coreboot-repo", "05:00.0", "1002:73ff", F, P,
	  F, W, U },
	{ "i18-vtd-IR-ONLY-5.4-two-gt1030", "04:00.0", "10de:1d01", F, P, F, W, U },
	{ "i19-vtd-IR-ONLY-4.15-optimus-recovery", "01:00.0", "10de:1bbb", F, P, F, W,
	  U },
	/* None, however much the log says 'IOMMU'. */
	{ "n01-no-iommu-5.10-sis-amdvi-noise", "01:00.0", "10de:06e9", F, U, F, W, U },
	{ "n03-no-iommu-6.7-crlf-short", NULL, NULL, F, U, F, U, U },
	{ "n05-arm64-callerid-5.19-no-smmu", NULL, NULL, F, U, U, U, U },
	{ "s01-armsmmu-v2-on-5.5-lx2160", NULL, NULL, P, U, F, U, P },
	{ "s03-armsmmu-v2-on-5.11-ls1028", NULL, NULL, P, U, U, U, P },
	{ "s04-tegra-smmu-5.11-armv7", NULL, NULL, F, U, F, U, U },
	/* A few lines each. */
	{ "x01-vfio-EARLY-arc-a310-builtin", "03:00.0", "8086:56a6", U, U, P, U, U },
	{ "x01-vfio-EARLY-arc-a310-builtin", "04:00.0", "8086:4f92", U, U, U, U, U },
	{ "x02-vfio-EARLY-p1000-nvme-builtin", "01:00.0", NULL, U, U, P, U, U },
	{ "x04-no-iommu-group-kali", "00:14.0", "8086:9c31", U, U, U, U, U },
	{ "x06-dmar-faults-old-format-igd", "00:02.0", NULL, P, U, U, U, W },
	{ "x07-dmar-faults-with-vfio-igd", "00:02.0", NULL, P, U, P, U, W },
	{ "x08-dmar-fault-no-pasid-format", "00:02.0", NULL, P, U, U, U, W },
	{ "x09-dmar-fault-monotonic-journal", "00:02.0", NULL, P, U, U, U, W },
	{ "x11-bar0-cant-reserve-apu", "05:00.0", NULL, U, U, P, U, U },
	/* Xen has the IOMMU: nothing may be claimed. */
	{ "x12-qubes-dom0-journal-xhci", "00:14.0", NULL, U, U, F, W, U },
	{ "x13-qubes-612-new-bar-format", "01:00.0", "10de:2f04", U, U, U, U, U },
	{ "x14-nvrm-already-bound-to-vfio", "01:00.0", NULL, U, U, P, U, U },
	{ "x17-vtd-invalidation-timeout-polaris", "07:00.0", NULL, U, U, P, U, U },
	{ "x18-navi10-reset-ok-host", "11:00.1", NULL, U, U, P, U, U },
	{ "x20-nixos-stage1-journal-vfio-EARLY", "07:00.0", "10de:2482", U, U, P, U, U },
	{ "x20-nixos-stage1-journal-vfio-EARLY", "07:00.1", "10de:228b", U, U, U, U, U },
	/* 'vfio-pci' speaks while it probes, and then the probe fails. */
	{ "x22-arm-smmu-vfio-einval-ls1028", "00:00.0", NULL, U, U, F, U, U },
	{ "x24-dmesg-T-vfio-EARLY-gtx770", "27:00.0", NULL, U, U, P, U, U },
	{ "x25-old-vfio-format-three-ids", "0a:00.0", NULL, U, U, P, U, U },
	{ "x26-vfio-add-includes-pcie-root-port", "01:00.0", NULL, U, U, P, U, U },
	{ "x28-dmesg-T-prefix-i915-host", "00:1f.5", NULL, U, U, U, U, U },
	{ "x29-pve-journal-amdgpu-owns-igpu", "10:00.0", NULL, U, U, F, W, U },
	{ "x30-sriov-i915-vfs-host", "00:02.4", NULL, U, U, F, W, U },
};

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

static void check_stranger(const struct stranger *stranger, const struct scene *scene)
{
	check_status(scene, stranger->name, "iommu-enabled", stranger->iommu);
	check_status(scene, stranger->name, "interrupt-remapping", stranger->remapping);
	check_status(scene, stranger->name, "target-bound", stranger->bound);
	check_status(scene, stranger->name, "first-claim", stranger->first);
	check_status(scene, stranger->name, "dma-faults", stranger->faults);
	/* A log alone never passes for more than it is. */
	assert_non_null(
		strstr(result_of(&scene->verification, "log-complete", NULL)->message,
		       "judged alone"));
}

static void strangers_logs_are_judged_by_what_they_prove(void **state)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		const struct stranger *stranger = &strangers[i];
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *path = corpus_path("dmesg/%s.txt", stranger->name);

		if (!judge_log(&scene, path, stranger->target, stranger->id))
			continue;
		check_stranger(stranger, &scene);
		n++;
	}
	if (!n)
		skip();
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
	{ "D-none-5.10", "00:01.0", "8086:10d3", F, U, F, P },
	{ "D-none-7.2", "00:02.0", "1b36:000d", F, U, F, P },
	{ "D3-default-6.12", "00:01.0", "8086:10d3", P, P, U, P },
	{ "G1", "00:01.0", "8086:10d3", P, P, F, F },
	{ "G3", "00:01.0", "8086:10d3", P, P, F, F },
	{ "H1-6.12", "00:01.0", "8086:10d3", P, P, F, P },
	{ "Q7-intel-noir", "00:01.0", "8086:10d3", P, F, U, P },
	{ "U3-6.8-noiommu", "00:01.0", "8086:10d3", F, U, P, P },
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
		cmocka_unit_test(strangers_logs_are_judged_by_what_they_prove),
		cmocka_unit_test(a_log_alone_can_prove_all),
		cmocka_unit_test(our_own_logs_are_judged_by_what_they_prove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
