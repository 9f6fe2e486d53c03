/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine around its functions: IOMMU, interrupts, processor, and the boot. */
#include "probe/probe.h"
#include "unit/probe/machine.h"

static void the_iommu_is_what_the_class_and_the_tables_show(void **state)
{
	static const struct {
		const char *text;
		struct iommu expected;
	} cases[] = {
		{ "", { UNKNOWN, UNKNOWN, IOMMU_NONE, NULL } },
		{ "d sys/class\n", { NO, UNKNOWN, IOMMU_NONE, NULL } },
		{ "d sys/class/iommu\nd sys/firmware/acpi/tables\n",
		  { NO, NO, IOMMU_NONE, NULL } },
		{ "d sys/class/iommu\nf sys/firmware/acpi/tables/DMAR\n",
		  { NO, YES, IOMMU_INTEL, (char *)"sys/firmware/acpi/tables/DMAR" } },
		{ "l sys/class/iommu/ivhd0 ../../devices/x\n"
		  "f sys/firmware/acpi/tables/IVRS\n",
		  { YES, YES, IOMMU_AMD, (char *)"sys/class/iommu/ivhd0" } },
		{ "l sys/class/iommu/dmar0 ../../devices/x\n"
		  "l sys/class/iommu/dmar1 ../../devices/y\n",
		  { YES, UNKNOWN, IOMMU_INTEL, (char *)"sys/class/iommu/dmar0" } },
		{ "l sys/class/iommu/0000:00:01.0 ../../devices/x\n",
		  { YES, UNKNOWN, IOMMU_OTHER, (char *)"sys/class/iommu/0000:00:01.0" } },
		{ "e sys/class/iommu EACCES\n", { UNKNOWN, UNKNOWN, IOMMU_NONE, NULL } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct iommu *expected = &cases[i].expected;
		cleanup_free char *text = xasprintf(SNAPSHOT "%s", cases[i].text);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(machine.iommu.active, expected->active);
		assert_int_equal(machine.iommu.in_firmware, expected->in_firmware);
		assert_int_equal(machine.iommu.kind, expected->kind);
		if (expected->evidence)
			assert_string_equal(machine.iommu.evidence, expected->evidence);
		else
			assert_null(machine.iommu.evidence);
	}
}

static void interrupt_remapping_is_told_by_the_chips(void **state)
{
	static const struct {
		const char *interrupts;
		enum tristate expected;
	} cases[] = {
		{ "", UNKNOWN },
		{ "f proc/interrupts\n", UNKNOWN },
		{ "t proc/interrupts\n|  9: 0 0  IR-IO-APIC   9-fasteoi   acpi\n", YES },
		/* the IOMMU's own interrupt is never remapped */
		{ "t proc/interrupts\n| 24: 0 PCI-MSI 16384-edge AMD-Vi\n"
		  "| 25: 0 IR-PCI-MSI 32768-edge PCIe PME\n",
		  YES },
		{ "t proc/interrupts\n| 33: 4 IR-PCI-MSIX-0000:03:00.0 0-edge nvme0q0\n",
		  YES },
		{ "t proc/interrupts\n|  9: 0 IO-APIC 9-fasteoi acpi\n"
		  "| 24: 0 DMAR-MSI 0-edge dmar0\n",
		  NO },
		{ "t proc/interrupts\n| 13: 77 GICv3 27 Level arch_timer\n", UNKNOWN },
		{ "t proc/interrupts\n| 13: 77 xen-pirq -ioapic-level XIR-IO-APIC\n",
		  UNKNOWN },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(SNAPSHOT "%s", cases[i].interrupts);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(machine.interrupt_remapping, cases[i].expected);
	}
}

static void the_processor_is_told_by_its_vendor(void **state)
{
	static const struct {
		const char *cpuinfo;
		enum cpu_vendor expected;
	} cases[] = {
		{ "", CPU_UNKNOWN },
		{ "t proc/cpuinfo\n|processor\t: 0\n|vendor_id\t: GenuineIntel\n",
		  CPU_INTEL },
		{ "t proc/cpuinfo\n|vendor_id\t: AuthenticAMD\n", CPU_AMD },
		{ "t proc/cpuinfo\n|vendor_id\t: HygonGenuine\n", CPU_AMD },
		{ "t proc/cpuinfo\n|vendor_id\t: CentaurHauls\n", CPU_OTHER },
		{ "t proc/cpuinfo\n|CPU implementer\t: 0x41\n", CPU_OTHER },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(SNAPSHOT "%s", cases[i].cpuinfo);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(machine.cpu, cases[i].expected);
	}
}

static void the_boot_is_what_procfs_says(void **state)
{
	static const char text[] = SNAPSHOT
		"f proc/cmdline quiet intel_iommu=on\n"
		"f proc/version Linux version 6.12.1-amd64 (x@y) #1 SMP\n"
		"t proc/modules\n|vfio_pci 16384 0 - Live 0x0\n"
		"|vfio 65536 1 vfio_pci, Live 0x0\n"
		"f sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\n"
		"f dev/vfio/vfio\nf dev/vfio/16\nf dev/vfio/devices/vfio0\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);
	cleanup_free char *modules = strings_join(&machine.modules.names, " ");
	cleanup_free char *nodes = strings_join(&machine.device_nodes, " ");

	assert_string_equal(machine.cmdline, "quiet intel_iommu=on");
	assert_string_equal(machine.release, "6.12.1-amd64");
	assert_int_equal(machine.modules.known, YES);
	assert_string_equal(modules, "vfio vfio_pci"); /* as they were loaded */
	assert_int_equal(machine.unsafe_interrupts, YES);
	assert_int_equal(machine.has_device_nodes, YES);
	assert_string_equal(nodes, "/dev/vfio/16 /dev/vfio/devices/vfio0 /dev/vfio/vfio");
}

static void what_a_snapshot_does_not_hold_is_unknown(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(SNAPSHOT, &findings);

	assert_int_equal(findings.n, 0);
	assert_false(machine.has_functions || machine.has_sysfs);
	assert_null(machine.cmdline);
	assert_null(machine.release);
	assert_int_equal(machine.modules.known, UNKNOWN);
	assert_int_equal(machine.unsafe_interrupts, UNKNOWN);
	assert_int_equal(machine.has_device_nodes, UNKNOWN);
	assert_string_equal(machine.name, "test");
}

static void no_vfio_folder_below_dev_means_no_nodes(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine =
		machine_of(SNAPSHOT "d dev\n", &findings);

	assert_int_equal(machine.has_device_nodes, NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_iommu_is_what_the_class_and_the_tables_show),
		cmocka_unit_test(interrupt_remapping_is_told_by_the_chips),
		cmocka_unit_test(the_processor_is_told_by_its_vendor),
		cmocka_unit_test(the_boot_is_what_procfs_says),
		cmocka_unit_test(what_a_snapshot_does_not_hold_is_unknown),
		cmocka_unit_test(no_vfio_folder_below_dev_means_no_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
