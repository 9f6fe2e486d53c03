/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logs that strangers published, and logs of our own boots: what is in them was counted
 * by eye and with grep. They are read where they lie (VFIO_BOOTCFG_CORPUS).
 */
#include "evidence/messages.h"
#include "unit/evidence/log.h"
#include "unit/probe/corpus.h"

/* How many records of each kind. */
static const struct stranger {
	const char *name;
	enum tristate has_start;
	bool is_active; /* the IOMMU says so itself */
	int remapping;	/* lines that say it is on */
	int groups, faults;
	const char *claims; /* 'address=driver,driver …' in their order, of some */
} strangers[] = {
	{ "a02-amdvi-on-5.9rc1-iopf-dump", YES, true, 1, 30, 10,
	  "0000:01:00.0=amdgpu 0000:05:00.0=amdgpu 0000:06:00.0=ahci" },
	{ "a03-amdvi-on-5.12-debug-renoir", YES, true, 1, 39, 0, "0000:0c:00.0=amdgpu" },
	{ "a04-amdvi-on-5.4-crlf-completion-wait", YES, true, 1, 42, 0,
	  "0000:0b:00.0=amdgpu" },
	{ "a05-amdvi-on-5.12-journal-short", YES, true, 1, 39, 0, "0000:0c:00.0=amdgpu" },
	{ "a07-amdvi-on-5.15-iopf-amdgpu", YES, true, 1, 34, 10, "0000:05:00.0=amdgpu" },
	{ "a08-amdvi-on-6.12-vfio-LATE-laptop-dgpu", YES, true, 1, 42, 0,
	  "0000:03:00.0=amdgpu,vfio-pci 0000:03:00.1=snd_hda_intel,vfio-pci" },
	{ "a10-amdvi-on-6.15-journal-arch-bwctrl", YES, true, 1, 38, 0,
	  "0000:06:00.0=amdgpu" },
	{ "a12-amdvi-on-5.2-ryzen2200g", YES, true, 1, 29, 0, "0000:26:00.0=amdgpu" },
	{ "a13-amdvi-on-6.5-pve-vfio-BOOT-apu", NO, true, 1, 33, 0,
	  "0000:05:00.0=vfio-pci 0000:05:00.1=snd_hda_intel" },
	{ "a14-amdvi-on-5.10-vfio-LATE-rx5700xt-vfiolog0", NO, true, 1, 45, 0,
	  "0000:0b:00.0=amdgpu,vfio-pci" },
	{ "a15-amdvi-on-5.17-vfio-LATE-rx5700xt-vfiolog1", NO, true, 1, 45, 0,
	  "0000:0b:00.0=amdgpu,vfio-pci" },
	{ "a17-amdvi-on-5.14-rocky-epyc-crlf", YES, true, 1, 133, 0,
	  "0000:c1:00.0= 0000:e1:00.0=" },
	{ "a18-amdvi-on-6.2-iommu-soft-two-a6000", YES, true, 1, 88, 0,
	  "0000:2e:00.0=nvidia,nvidia-drm 0000:41:00.0=nvidia,nvidia-drm" },
	{ "e01-syslog-prefix-amdvi-iopf", YES, false, 0, 0, 44, "0000:01:00.0=xhci_hcd" },
	{ "e02-kdump-amdvi-iopf-mpt3sas", NO, false, 0, 0, 29, "0000:63:00.0=ahci" },
	{ "e03-sriov-vf-recreate-group-minus16", NO, false, 0, 6, 0, NULL },
	{ "e05-arc-a770-vfio-d3cold-wake-fail", NO, false, 0, 0, 0, NULL },
	{ "e07-arm-many-vf-vfio-enable", NO, false, 0, 0, 0, "0000:06:02.7=vfio-pci" },
	{ "e08-ansi-colour-boot", YES, false, 0, 0, 0, NULL },
	{ "i01-vtd-on-5.4-identical-vega-vfio-ok", YES, true, 1, 136, 0,
	  "0000:19:00.0=vfio-pci 0000:19:00.1= 0000:67:00.0=amdgpu" },
	{ "i03-vtd-on-5.10-kexec-irqremap-warn", YES, true, 1, 281, 0, NULL },
	{ "i04-vtd-on-hp-g8-dmarfaults-garbled-serial", YES, true, 1, 151, 22, NULL },
	{ "i06-vtd-on-5.6-crlf-igfx-fault", YES, true, 1, 25, 1, "0000:00:02.0=i915" },
	{ "i07-vtd-on-6.12-debian-quadro", YES, true, 1, 158, 0, NULL },
	{ "i09-vtd-on-5.15-dell-t630", YES, true, 1, 169, 0, "0000:09:00.0=mgag200" },
	{ "i10-vtd-IR-ONLY-6.9-xps13", YES, false, 1, 0, 0, NULL },
	{ "i11-vtd-IR-ONLY-6.18-coreboot", YES, false, 1, 0, 0, NULL },
	{ "i13-vtd-on-6.11-prio-prefix-mtl", YES, true, 1, 29, 0, NULL },
	{ "i15-vtd-IR-ONLY-optimus-rtx4050-arch", YES, false, 1, 0, 0,
	  "0000:01:00.0=nvidia,nvidia-drm 0000:01:00.1=snd_hda_intel 0000:00:02.0=i915" },
	{ "i16-vtd-IR-ONLY-6.4-cachyos-x99-coreboot-repo", YES, false, 1, 0, 0,
	  "0000:05:00.0=amdgpu 0000:05:00.1=snd_hda_intel" },
	{ "i18-vtd-IR-ONLY-5.4-two-gt1030", YES, false, 1, 0, 0,
	  "0000:01:00.0=nvidia,nvidia-drm 0000:04:00.0=nvidia,nvidia-drm" },
	{ "i19-vtd-IR-ONLY-4.15-optimus-recovery", YES, false, 1, 0, 0,
	  "0000:01:00.0=nvidia,nvidia-drm" },
	{ "n01-no-iommu-5.10-sis-amdvi-noise", YES, false, 0, 0, 0,
	  "0000:01:00.0=nouveau" },
	{ "n03-no-iommu-6.7-crlf-short", YES, false, 0, 0, 0, NULL },
	{ "n05-arm64-callerid-5.19-no-smmu", YES, false, 0, 0, 0, NULL },
	{ "s01-armsmmu-v2-on-5.5-lx2160", YES, true, 0, 0, 0, NULL },
	{ "s03-armsmmu-v2-on-5.11-ls1028", YES, true, 0, 6, 0, NULL },
	{ "s04-tegra-smmu-5.11-armv7", YES, false, 0, 0, 0, NULL },
	{ "x01-vfio-EARLY-arc-a310-builtin", NO, false, 0, 0, 0,
	  "0000:03:00.0=vfio-pci" },
	{ "x02-vfio-EARLY-p1000-nvme-builtin", NO, false, 0, 0, 0,
	  "0000:01:00.0=vfio-pci" },
	{ "x06-dmar-faults-old-format-igd", NO, false, 0, 0, 4, NULL },
	{ "x07-dmar-faults-with-vfio-igd", NO, false, 0, 0, 3, "0000:00:02.0=vfio-pci" },
	{ "x08-dmar-fault-no-pasid-format", NO, false, 0, 0, 2, NULL },
	{ "x09-dmar-fault-monotonic-journal", NO, false, 0, 0, 2, NULL },
	{ "x11-bar0-cant-reserve-apu", NO, false, 0, 0, 0, "0000:05:00.0=vfio-pci" },
	{ "x12-qubes-dom0-journal-xhci", NO, false, 0, 0, 0, "0000:00:14.0=xhci_hcd" },
	{ "x13-qubes-612-new-bar-format", NO, false, 0, 0, 0, "0000:01:00.0=" },
	{ "x14-nvrm-already-bound-to-vfio", NO, false, 0, 0, 0, "0000:01:00.0=vfio-pci" },
	{ "x16-blank-hostname-journal-iotlb-timeout", NO, false, 0, 0, 0, NULL },
	{ "x17-vtd-invalidation-timeout-polaris", NO, false, 0, 0, 0,
	  "0000:07:00.0=vfio-pci" },
	{ "x18-navi10-reset-ok-host", NO, false, 0, 0, 0,
	  "0000:11:00.0=vfio-pci 0000:11:00.1=vfio-pci" },
	{ "x20-nixos-stage1-journal-vfio-EARLY", NO, false, 0, 0, 0,
	  "0000:07:00.0=vfio-pci 0000:07:00.1=" },
	{ "x24-dmesg-T-vfio-EARLY-gtx770", NO, false, 0, 0, 0, "0000:27:00.0=vfio-pci" },
	{ "x25-old-vfio-format-three-ids", NO, false, 0, 0, 0, "0000:0a:00.0=vfio-pci" },
	{ "x26-vfio-add-includes-pcie-root-port", NO, false, 0, 0, 0,
	  "0000:01:00.0=vfio-pci" },
	{ "x28-dmesg-T-prefix-i915-host", NO, false, 0, 0, 0, NULL },
	{ "x29-pve-journal-amdgpu-owns-igpu", NO, false, 0, 0, 0, "0000:10:00.0=amdgpu" },
	{ "x30-sriov-i915-vfs-host", NO, false, 0, 0, 0,
	  "0000:00:02.4=i915 0000:00:02.0=i915" },
};

/* The drivers that claimed a function, in the order in which they first did. */
static char *claims_of(const struct kernel_log *log, struct bdf bdf)
{
	struct strings drivers cleanup_strings = { 0 };

	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].kind == MESSAGE_CLAIMED && bdf_equal(log->v[i].bdf, bdf) &&
		    log->v[i].driver && !strings_has(&drivers, log->v[i].driver))
			strings_add(&drivers, log->v[i].driver);
	return strings_join(&drivers, ",");
}

static void check_claims(const struct stranger *stranger, const struct kernel_log *log)
{
	struct strings wanted cleanup_strings = { 0 };

	strings_split(&wanted, stranger->claims ? stranger->claims : "", " ");
	for (size_t i = 0; i < wanted.n; i++) {
		char *equals = strchr(wanted.v[i], '=');
		char *claims cleanup_free = NULL;
		struct bdf bdf;

		*equals = '\0';
		assert_true(bdf_parse(wanted.v[i], &bdf));
		claims = claims_of(log, bdf);
		if (strcmp(claims, equals + 1) != 0)
			fail_msg("%s: %s was claimed by '%s'", stranger->name,
				 wanted.v[i], claims);
	}
}

static void check(const struct stranger *stranger, const char *what, bool holds)
{
	if (!holds)
		fail_msg("%s: %s", stranger->name, what);
}

static void strangers_logs_are_understood(void **state)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		const struct stranger *stranger = &strangers[i];
		cleanup_free char *path = corpus_path("dmesg/%s.txt", stranger->name);
		FILE *stream cleanup_file = fopen(path, "re");
		cleanup_kernel_log struct kernel_log log = { 0 };

		if (!stream) {
			fprintf(stderr, "skipped: there is no '%s'\n", path);
			continue;
		}
		n++;
		assert_int_equal(kernel_log_read(stream, path, &log), 0);
		check(stranger, "start", log.has_start == stranger->has_start);
		check(stranger, "IOMMU",
		      (count_kind(&log, MESSAGE_IOMMU_ACTIVE) > 0) ==
			      stranger->is_active);
		check(stranger, "no IOMMU is off",
		      count_kind(&log, MESSAGE_IOMMU_OFF) == 0);
		check(stranger, "remapping",
		      count_kind(&log, MESSAGE_REMAPPING_ACTIVE) ==
			      (size_t)stranger->remapping);
		check(stranger, "groups",
		      count_kind(&log, MESSAGE_GROUP) == (size_t)stranger->groups);
		check(stranger, "faults",
		      count_kind(&log, MESSAGE_DMA_FAULT) == (size_t)stranger->faults);
		check_claims(stranger, &log);
	}
	if (!n)
		skip();
}

/* Our own boots: the console of each has the machine's files and, in it, its log. */
static const struct own {
	const char *name;
	bool is_active;
	int added, invalid, failed, probing, noiommu, remapping_off;
	const char *first; /* claim of 0000:00:01.0, or of 02.0 where 01.0 is the IOMMU */
} own[] = {
	{ "A-intel-5.10", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "A-intel-6.12", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "B-amd-5.10", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "B-amd-7.2", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "C-virtio-6.12", true, 2, 0, 0, 0, 0, 2, "0000:00:02.0=vfio-pci" },
	{ "D-none-5.10", false, 2, 0, 3, 0, 0, 0, "0000:00:01.0=e1000e" },
	{ "D-none-7.2", false, 2, 0, 3, 0, 0, 0, "0000:00:01.0=e1000e" },
	{ "D3-default-6.12", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "G1", true, 0, 1, 0, 0, 0, 0, NULL },
	{ "G2", true, 102, 0, 0, 0, 0, 0, NULL },
	{ "G3", true, 3, 2, 0, 0, 0, 0, NULL },
	{ "G4", true, 1, 0, 0, 0, 0, 0, NULL },
	{ "G7", true, 1, 0, 0, 0, 0, 0, "0000:00:01.0=pci-stub" },
	{ "H1-5.10", true, 1, 0, 0, 4, 0, 0, "0000:00:01.0=e1000e" },
	{ "H1-6.12", true, 1, 0, 0, 4, 0, 0, "0000:00:01.0=e1000e" },
	{ "Q7-intel-noir", true, 2, 0, 0, 0, 0, 2, NULL },
	{ "U1-5.15-builtin", true, 2, 0, 0, 0, 0, 0, NULL },
	{ "U3-6.8-noiommu", false, 2, 0, 0, 0, 2, 0, "0000:00:01.0=vfio-pci" },
	{ "U5-5.4-builtin", true, 3, 0, 0, 0, 0, 0, NULL },
};

static void check_own(const struct own *boot, const struct kernel_log *log)
{
	const struct stranger as_stranger = { .name = boot->name, .claims = boot->first };
	const struct {
		enum message_kind kind;
		int n;
	} counts[] = {
		{ MESSAGE_ID_ADDED, boot->added },
		{ MESSAGE_ID_INVALID, boot->invalid },
		{ MESSAGE_PROBE_FAILED, boot->failed },
		{ MESSAGE_PROBING, boot->probing },
		{ MESSAGE_NOIOMMU, boot->noiommu },
		{ MESSAGE_REMAPPING_OFF, boot->remapping_off },
	};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (count_kind(log, counts[i].kind) != (size_t)counts[i].n)
			fail_msg("%s: %zu records of kind %d, not %d", boot->name,
				 count_kind(log, counts[i].kind), counts[i].kind,
				 counts[i].n);
	check(&as_stranger, "IOMMU",
	      (count_kind(log, MESSAGE_IOMMU_ACTIVE) > 0) == boot->is_active);
	check(&as_stranger, "start", log->has_start == YES);
	check_claims(&as_stranger, log);
}

static void logs_of_many_kernels_are_understood(void **state)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		cleanup_free char *path =
			corpus_path("../machines/boots/%s.log", own[i].name);
		FILE *stream cleanup_file = fopen(path, "re");
		cleanup_kernel_log struct kernel_log log = { 0 };

		if (!stream) {
			fprintf(stderr, "skipped: there is no '%s'\n", path);
			continue;
		}
		n++;
		assert_int_equal(kernel_log_read(stream, path, &log), 0);
		check_own(&own[i], &log);
	}
	if (!n)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_logs_are_understood),
		cmocka_unit_test(logs_of_many_kernels_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
