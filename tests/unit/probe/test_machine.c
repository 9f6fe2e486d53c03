/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"
#include "unit/probe/machine.h"
#include "unit/sys/folder.h"

#define ROOT   "sys/devices/pci0000:00"
#define BRIDGE ROOT "/0000:00:03.1"
#define GPU    BRIDGE "/0000:29:00.0"

static const char gpu_snapshot[] = SNAPSHOT
	"f proc/modules radeon 1 0 - Live\n"
	"l sys/bus/pci/drivers/radeon/module ../../../../module/radeon\n"
	"l sys/bus/pci/drivers/pcieport/module ../../../../module/pcieportdrv\n" FUNCTION(
		ROOT, "0000:00:03.1", "1022", "1483",
		"060400") FUNCTION(BRIDGE, "0000:29:00.0", "1002", "68c8", "030000")
		FUNCTION(BRIDGE, "0000:29:00.1", "1002", "aa60",
			 "040300") "l " BRIDGE
				   "/driver ../../../bus/pci/drivers/pcieport\n"
				   "l " GPU "/driver ../../../../bus/pci/drivers/radeon\n"
				   "l " GPU
				   "/iommu_group ../../../../kernel/iommu_groups/16\n"
				   "f " GPU "/driver_override vfio-pci\n"
				   "f " GPU "/boot_vga 1\n"
				   "f " BRIDGE "/0000:29:00.1/driver_override (null)\n";

static void a_function_is_what_its_files_say(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(gpu_snapshot, &findings);
	const struct function *gpu = function_of(&machine, "29:00.0");

	assert_int_equal(findings.n, 0);
	assert_true(machine.has_functions && machine.has_sysfs);
	assert_int_equal(machine.functions.n, 3);
	assert_string_equal(identity_text(gpu->id).s, "1002:68c8:1af4:1100");
	assert_int_equal(gpu->class, 0x030000);
	assert_string_equal(gpu->path, "0000:00:03.1/00.0");
	assert_string_equal(gpu->driver, "radeon");
	assert_string_equal(gpu->driver_module, "radeon");
	assert_string_equal(gpu->driver_override, "vfio-pci");
	assert_int_equal(gpu->iommu_group, 16);
	assert_int_equal(gpu->is_boot_display, YES);
	assert_string_equal(gpu->description, "");
	assert_false(gpu->is_virtual_function);
}

static void what_has_no_file_is_unset(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(gpu_snapshot, &findings);
	const struct function *audio = function_of(&machine, "29:00.1");
	const struct function *bridge = function_of(&machine, "00:03.1");

	assert_null(audio->driver);
	assert_null(audio->driver_module);
	assert_null(audio->driver_override); /* '(null)' is what unset reads like */
	assert_int_equal(audio->iommu_group, NO_GROUP);
	assert_int_equal(audio->is_boot_display, NO);
	assert_int_equal(audio->has_connected_output, NO);
	assert_int_equal(bridge->header_type, 1);
	assert_string_equal(bridge->driver, "pcieport");
	/* It has the link, but is not among the loaded ones. */
	assert_null(bridge->driver_module);
}

/* One read of uevent stands for five. */
static void the_identity_is_taken_from_uevent_where_it_is_whole(void **state)
{
	static const struct {
		const char *uevent, *id;
		uint32_t class;
	} cases[] = {
		{ "DRIVER=x\\nPCI_CLASS=30000\\nPCI_ID=1002:68C8\\n"
		  "PCI_SUBSYS_ID=174B:3000",
		  "1002:68c8:174b:3000", 0x030000 },
		/* nothing of it, where one line is odd */
		{ "PCI_CLASS=30000\\nPCI_ID=1002:68C8", "8086:1533:1af4:1100", 0x020000 },
		{ "PCI_CLASS=3000000\\nPCI_ID=1002:68C8\\nPCI_SUBSYS_ID=174B:3000",
		  "8086:1533:1af4:1100", 0x020000 },
		{ "PCI_CLASS=30000\\nPCI_ID=1002:68C8:1:2\\nPCI_SUBSYS_ID=174B:3000",
		  "8086:1533:1af4:1100", 0x020000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(
			SNAPSHOT FUNCTION(ROOT, "0000:00:04.0", "8086", "1533",
					  "020000") "f " ROOT "/0000:00:04.0/uevent %s\n",
			cases[i].uevent);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);
		const struct function *function = function_of(&machine, "00:04.0");

		assert_string_equal(identity_text(function->id).s, cases[i].id);
		assert_int_equal(function->class, cases[i].class);
	}
}

/* A VMD domain hangs below a function of the first, and has a root of its own; a Hyper-V
 * bus and an Arm host bridge stand in other folders. */
static void the_path_begins_at_the_last_root_bus(void **state)
{
	static const struct {
		const char *parent, *address, *path;
	} cases[] = {
		{ "sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0",
		  "10000:e1:00.0", "10000:e0:06.0/00.0" },
		{ "sys/devices/platform/40000000.pcie/pci0000:00/0000:00:01.0/0000:01:00.0",
		  "0000:02:03.0", "0000:00:01.0/00.0/03.0" },
		{ "sys/devices/LNXSYSTM:00/VMBUS:00/x/pcic8b0:00", "c8b0:00:02.0",
		  "c8b0:00:02.0" },
		{ "sys/devices/virtual/odd", "0000:05:00.0", NULL },
		{ "sys/devices/pci0000:00/odd", "0000:05:00.0", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(
			SNAPSHOT "l sys/bus/pci/devices/%2$s ../../../../%1$s/%2$s\n"
				 "f %1$s/%2$s/uevent PCI_CLASS=20000\\nPCI_ID=8086:1533"
				 "\\nPCI_SUBSYS_ID=8086:0000\n",
			cases[i].parent, cases[i].address);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);
		const struct function *function = function_of(&machine, cases[i].address);

		if (cases[i].path)
			assert_string_equal(function->path, cases[i].path);
		else
			assert_null(function->path);
	}
}

/* A wrong number would reserve a wrong device, so the function is left out instead. */
static void a_garbled_number_leaves_the_function_out(void **state)
{
	static const struct {
		const char *attribute, *value;
	} cases[] = {
		{ "vendor", "" },
		{ "vendor", "8086" },
		{ "vendor", "0x" },
		{ "vendor", "0x808" },
		{ "vendor", "0x08086" },
		{ "vendor", "0x80 6" },
		{ "vendor", "0x-086" },
		{ "vendor", "0xffff\\n" },
		{ "device", "0x15330" },
		{ "class", "0x0300" },
		{ "class", "0x03000g" },
		{ "subsystem_vendor", "none" },
		{ "subsystem_device", "0X1100" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		static const char *const names[] = { "vendor", "device", "class",
						     "subsystem_vendor",
						     "subsystem_device" };
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = { 0 };
		cleanup_free char *text = NULL;
		size_t size;
		FILE *out = xopen_memstream(&text, &size);

		fputs(SNAPSHOT "l sys/bus/pci/devices/0000:00:04.0 "
			       "../../../devices/pci0000:00/0000:00:04.0\n",
		      out);
		for (size_t n = 0; n < sizeof names / sizeof *names; n++)
			fprintf(out, "f " ROOT "/0000:00:04.0/%s %s\n", names[n],
				strcmp(names[n], cases[i].attribute) == 0 ? cases[i].value
				: n == 2				  ? "0x020000"
									  : "0x8086");
		fclose(out);
		machine = machine_of(text, &findings);
		assert_true(machine.has_functions);
		assert_int_equal(machine.functions.n, 0);
		assert_int_equal(findings.n, 1);
		assert_string_equal(findings.v[0].code, "bad-attribute");
		assert_int_equal(findings.v[0].severity, SEVERITY_WARNING);
		assert_string_equal(findings.v[0].address, "0000:00:04.0");
		assert_non_null(strstr(findings.v[0].message, cases[i].attribute));
	}
}

static void what_is_no_function_is_named_and_left_out(void **state)
{
	static const struct {
		const char *text, *code;
		enum severity severity;
	} cases[] = {
		/* the link is there, the device is not any more */
		{ "l sys/bus/pci/devices/0000:00:04.0 ../../../devices/gone\n",
		  "vanished", SEVERITY_NOTE },
		{ "d sys/bus/pci/devices/0000:00:04.0\n", "unreadable",
		  SEVERITY_WARNING },
		{ "e sys/bus/pci/devices/0000:00:04.0/vendor EIO\n", "unreadable",
		  SEVERITY_WARNING },
		{ "d sys/bus/pci/devices/0000:00:4.0\n", "bad-address",
		  SEVERITY_WARNING },
		{ "d sys/bus/pci/devices/00:04.0\n", "bad-address", SEVERITY_WARNING },
		{ "d sys/bus/pci/devices/0000:00:1F.0\n", "bad-address",
		  SEVERITY_WARNING },
		{ "d sys/bus/pci/devices/x\n", "bad-address", SEVERITY_WARNING },
		{ "e sys/bus/pci/devices EACCES\n", "unreadable", SEVERITY_WARNING },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(SNAPSHOT "%s", cases[i].text);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(machine.functions.n, 0);
		assert_int_equal(findings.n, 1);
		assert_string_equal(findings.v[0].code, cases[i].code);
		assert_int_equal(findings.v[0].severity, cases[i].severity);
	}
}

static void many_bad_functions_are_counted(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };
	cleanup_free char *text = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	fputs(SNAPSHOT, out);
	for (int i = 0; i < 30; i++)
		fprintf(out, "d sys/bus/pci/devices/0000:%02x:00.0\n", i);
	fclose(out);
	machine = machine_of(text, &findings);
	assert_int_equal(findings.n, 21);
	assert_string_equal(findings.v[20].message,
			    "10 more functions are not as expected");
}

static void a_group_that_is_no_number_is_none(void **state)
{
	static const struct {
		const char *target;
		int group;
		size_t n_findings;
	} cases[] = {
		{ "../../../kernel/iommu_groups/0", 0, 0 },
		{ "../../../kernel/iommu_groups/2147483647", 2147483647, 0 },
		{ "../../../kernel/iommu_groups/2147483648", NO_GROUP, 1 },
		{ "../../../kernel/iommu_groups/x", NO_GROUP, 1 },
		{ "../../../kernel/iommu_groups/-1", NO_GROUP, 1 },
		{ "../../../kernel/iommu_groups/", NO_GROUP, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(
			SNAPSHOT FUNCTION(ROOT, "0000:00:04.0", "8086", "1533",
					  "020000") "l " ROOT
						    "/0000:00:04.0/iommu_group %s\n",
			cases[i].target);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(function_of(&machine, "00:04.0")->iommu_group,
				 cases[i].group);
		assert_int_equal(findings.n, cases[i].n_findings);
	}
}

/* Real boot: vfio's unsafe mode makes groups without an IOMMU, named so. */
static void groups_without_an_iommu_are_none(void **state)
{
	static const char text[] = SNAPSHOT FUNCTION(
		ROOT, "0000:00:04.0", "8086", "1533",
		"020000") "d sys/class/iommu\n"
			  "l " ROOT
			  "/0000:00:04.0/iommu_group ../../../kernel/iommu_groups/0\n"
			  "f sys/kernel/iommu_groups/0/name vfio-noiommu\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_int_equal(function_of(&machine, "00:04.0")->iommu_group, NO_GROUP);
	assert_int_equal(functions_in_group(&machine.functions, 0).n, 0);
	assert_string_equal(findings.v[0].code, "noiommu-group");
}

static void the_boot_display_is_known_only_where_the_kernel_says(void **state)
{
	static const struct {
		const char *class, *boot_vga;
		enum tristate expected;
	} cases[] = {
		{ "030000", "f " ROOT "/0000:00:02.0/boot_vga 1\n", YES },
		{ "030000", "f " ROOT "/0000:00:02.0/boot_vga 0\n", NO },
		{ "030000", "f " ROOT "/0000:00:02.0/boot_vga x\n", UNKNOWN },
		{ "030000", "", UNKNOWN },
		{ "038000", "", NO },
		{ "020000", "f " ROOT "/0000:00:02.0/boot_vga 1\n", NO },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(
			SNAPSHOT "f " ROOT "/0000:00:02.0/vendor 0x8086\n"
				 "f " ROOT "/0000:00:02.0/device 0x1234\n"
				 "f " ROOT "/0000:00:02.0/subsystem_vendor 0x8086\n"
				 "f " ROOT "/0000:00:02.0/subsystem_device 0x1234\n"
				 "f " ROOT "/0000:00:02.0/class 0x%s\n"
				 "l sys/bus/pci/devices/0000:00:02.0 "
				 "../../../devices/pci0000:00/0000:00:02.0\n%s",
			cases[i].class, cases[i].boot_vga);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_int_equal(function_of(&machine, "00:02.0")->is_boot_display,
				 cases[i].expected);
	}
}

static void a_screen_belongs_to_the_function_of_its_connector(void **state)
{
	static const char text[] = SNAPSHOT FUNCTION(ROOT, "0000:00:02.0", "8086", "3e92",
						     "030000")
		FUNCTION(BRIDGE, "0000:29:00.0", "1002", "68c8", "030000") FUNCTION(
			BRIDGE, "0000:2a:00.0", "10de", "2504",
			"030000") "d sys/class/drm/card0\n"
				  "l sys/class/drm/card0-DP-1 ../../devices/pci0000:00/0000:00:02.0/drm/"
				  "card0/card0-DP-1\n"
				  "f " ROOT
				  "/0000:00:02.0/drm/card0/card0-DP-1/status disconnected\n"
				  "l sys/class/drm/card0-HDMI-A-1 ../../devices/pci0000:00/0000:00:02.0/"
				  "drm/card0/card0-HDMI-A-1\n"
				  "f " ROOT
				  "/0000:00:02.0/drm/card0/card0-HDMI-A-1/status connected\n"
				  "l sys/class/drm/card0-VGA-1 ../../devices/pci0000:00/0000:00:02.0/drm/"
				  "card0/card0-VGA-1\n"
				  "f " ROOT
				  "/0000:00:02.0/drm/card0/card0-VGA-1/status disconnected\n"
				  "l sys/class/drm/card1-DVI-I-1 ../../devices/pci0000:00/0000:00:03.1/"
				  "0000:29:00.0/drm/card1/card1-DVI-I-1\n"
				  "f " GPU
				  "/drm/card1/card1-DVI-I-1/status disconnected\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_int_equal(function_of(&machine, "00:02.0")->has_connected_output, YES);
	assert_int_equal(function_of(&machine, "29:00.0")->has_connected_output, NO);
	/* no driver that would know */
	assert_int_equal(function_of(&machine, "2a:00.0")->has_connected_output, UNKNOWN);
}

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

static void names_come_from_pci_ids(void **state)
{
	static const char text[] =
		SNAPSHOT FUNCTION(ROOT, "0000:00:04.0", "8086", "10d3", "020000")
			FUNCTION(ROOT, "0000:00:05.0", "0f0f", "1234", "020000");
	cleanup_tree struct tree *tree = tree_of(text);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	probe_machine(tree, "test", PROBE_NAMES, &machine, &findings);
	assert_int_equal(findings.n, 0);
	if (access("/usr/share/misc/pci.ids", R_OK) == 0)
		assert_string_equal(function_of(&machine, "00:04.0")->description,
				    "Intel Corporation 82574L Gigabit Network "
				    "Connection");
	assert_string_equal(function_of(&machine, "00:05.0")->description,
			    "Device 0f0f:1234");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_is_what_its_files_say),
		cmocka_unit_test(what_has_no_file_is_unset),
		cmocka_unit_test(the_identity_is_taken_from_uevent_where_it_is_whole),
		cmocka_unit_test(the_path_begins_at_the_last_root_bus),
		cmocka_unit_test(a_garbled_number_leaves_the_function_out),
		cmocka_unit_test(what_is_no_function_is_named_and_left_out),
		cmocka_unit_test(many_bad_functions_are_counted),
		cmocka_unit_test(a_group_that_is_no_number_is_none),
		cmocka_unit_test(groups_without_an_iommu_are_none),
		cmocka_unit_test(the_boot_display_is_known_only_where_the_kernel_says),
		cmocka_unit_test(a_screen_belongs_to_the_function_of_its_connector),
		cmocka_unit_test(the_iommu_is_what_the_class_and_the_tables_show),
		cmocka_unit_test(interrupt_remapping_is_told_by_the_chips),
		cmocka_unit_test(the_processor_is_told_by_its_vendor),
		cmocka_unit_test(the_boot_is_what_procfs_says),
		cmocka_unit_test(what_a_snapshot_does_not_hold_is_unknown),
		cmocka_unit_test(no_vfio_folder_below_dev_means_no_nodes),
		cmocka_unit_test(names_come_from_pci_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
