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

/* Neither is VGA, so that neither has 'boot_vga'. */
static void a_boot_display_that_is_no_vga_is_known_by_its_card(void **state)
{
	static const char text[] = SNAPSHOT FUNCTION(ROOT, "0000:00:02.0", "1002", "150e",
						     "038000")
		FUNCTION(
			BRIDGE, "0000:29:00.0", "1002", "7550",
			"038000") "l sys/class/drm/card0 ../../devices/pci0000:00/0000:00:02.0/drm/card0\n"
				  "f " ROOT "/0000:00:02.0/drm/card0/boot_display 1\n"
				  "l sys/class/drm/card1 ../../devices/pci0000:00/0000:00:03.1/0000:29:00.0/"
				  "drm/card1\n"
				  "d " GPU "/drm/card1\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_int_equal(function_of(&machine, "00:02.0")->is_boot_display, YES);
	assert_int_equal(function_of(&machine, "29:00.0")->is_boot_display, NO);
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
		cmocka_unit_test(a_boot_display_that_is_no_vga_is_known_by_its_card),
		cmocka_unit_test(names_come_from_pci_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
