/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that firmware keeps, and virtual functions. */
#include "probe/memory.h"

#include "unit/probe/machine.h"

#define GPU   FUNCTION("sys/devices/pci0000:00", "0000:01:00.0", "10de", "2684", "030000")
#define OTHER FUNCTION("sys/devices/pci0000:00", "0000:02:00.0", "10de", "2684", "030200")
#define NIC   FUNCTION("sys/devices/pci0000:00", "0000:03:00.0", "8086", "10d3", "020000")

/* I/O ports, memory of 32 bits, one of 64 bits that takes two, the ROM. */
#define BARS(address)                                                 \
	"t sys/devices/pci0000:00/" address "/resource\n"             \
	"|0x00000000e0000000 0x00000000e0ffffff 0x0000000000040200\n" \
	"|0x0000000000000000 0x0000000000000000 0x0000000000000000\n" \
	"|0x00000000c0000000 0x00000000cfffffff 0x000000000014220c\n" \
	"|0x0000000000000000 0x0000000000000000 0x0000000000000000\n" \
	"|0x000000000000e000 0x000000000000e07f 0x0000000000040101\n" \
	"|0x0000000000000000 0x0000000000000000 0x0000000000000000\n" \
	"|0x00000000e1000000 0x00000000e107ffff 0x0000000000046200\n"

static void assert_name(const char *name, const char *expected)
{
	if (name && expected)
		assert_string_equal(name, expected);
	else
		assert_true(!name && !expected);
}

static void a_framebuffer_in_a_bar_is_seen(void **state)
{
	static const struct {
		const char *iomem;
		const char *framebuffer; /* of 01:00.0; NULL: none */
	} cases[] = {
		{ "|c0000000-cfffffff : 0000:01:00.0\n|  c0000000-c07e8fff : efifb\n",
		  "efifb" },
		/* The driver lies in the device that the kernel made for it. */
		{ "|c0000000-cfffffff : 0000:01:00.0\n|  c0000000-c07e8fff : BOOTFB\n"
		  "|    c0000000-c07e8fff : simpledrm\n",
		  "simpledrm" },
		/* By its addresses alone, wherever it is listed. */
		{ "|c0000000-febfffff : PCI Bus 0000:00\n|  cf000000-d0000000 : vesafb\n",
		  "vesafb" },
		{ "|b0000000-bfffffff : 0000:01:00.0\n|  b0000000-b07e8fff : efifb\n",
		  NULL },
		/* A port is no memory, the ROM no BAR. */
		{ "|0000e000-0000e07f : efifb\n", NULL },
		{ "|e1000000-e107ffff : efifb\n", NULL },
		{ "|c0000000-c07e8fff : nvidia\n|c0000000-c07e8fff : efifb2\n", NULL },
		{ "|efifb\n| : efifb\n|x-y : efifb\n|c0000000 : efifb\n", NULL },
		/* Users other than root see what lies in what, and no address. */
		{ "|00000000-00000000 : PCI Bus 0000:00\n"
		  "|  00000000-00000000 : 0000:01:00.0\n"
		  "|    00000000-00000000 : efifb\n",
		  "efifb" },
		{ "|  00000000-00000000 : 0000:01:00.0\n"
		  "|  00000000-00000000 : 0000:02:00.0\n"
		  "|    00000000-00000000 : efifb\n",
		  NULL },
		{ "|  00000000-00000000 : 0000:01:00.0\n"
		  "|    00000000-00000000 : nvidia\n"
		  "|  00000000-00000000 : efifb\n",
		  NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text =
			xasprintf(SNAPSHOT GPU NIC BARS("0000:01:00.0")
					  BARS("0000:03:00.0") "t proc/iomem\n%s",
				  cases[i].iomem);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);

		assert_name(function_of(&machine, "0000:01:00.0")->framebuffer,
			    cases[i].framebuffer);
		/* Only displays are looked at. */
		assert_name(function_of(&machine, "0000:03:00.0")->framebuffer, NULL);
		assert_int_equal(findings.n, 0);
	}
}

#define REGIONS(group, lines) \
	"t sys/kernel/iommu_groups/" group "/reserved_regions\n" lines
#define IN_GROUP(address, group)                            \
	"l sys/devices/pci0000:00/" address "/iommu_group " \
	"../../../kernel/iommu_groups/" group "\n"

static void a_direct_region_is_of_all_functions_of_its_group(void **state)
{
	static const char text[] = SNAPSHOT GPU OTHER NIC
		"f sys/class/iommu/dmar0/x 1\n" IN_GROUP("0000:01:00.0", "7") IN_GROUP(
			"0000:02:00.0", "7") IN_GROUP("0000:03:00.0", "8")
			REGIONS("7", "|0x000000007b800000 0x000000007fffffff direct\n"
				     "|0x00000000fee00000 0x00000000feefffff msi\n")
				REGIONS("8",
					"|0x000000007b800000 0x000000007fffffff direct-relaxable\n"
					"|0x00000000fee00000 0x00000000feefffff msi\n");
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_true(function_of(&machine, "0000:01:00.0")->has_direct_region);
	assert_true(function_of(&machine, "0000:02:00.0")->has_direct_region);
	assert_false(function_of(&machine, "0000:03:00.0")->has_direct_region);
}

static void a_direct_region_may_be_the_last_or_only_line(void **state)
{
	static const char text[] = SNAPSHOT GPU NIC
		"f sys/class/iommu/dmar0/x 1\n" IN_GROUP("0000:01:00.0", "7") IN_GROUP(
			"0000:03:00.0",
			"8") "f sys/kernel/iommu_groups/7/reserved_regions 0x1000 0x1fff direct\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_true(function_of(&machine, "0000:01:00.0")->has_direct_region);
	assert_false(function_of(&machine, "0000:03:00.0")->has_direct_region);
}

static void virtual_functions_are_counted_where_they_come_from(void **state)
{
	static const char text[] = SNAPSHOT NIC FUNCTION(
		"sys/devices/pci0000:00", "0000:03:10.0", "8086", "10ca",
		"020000") FUNCTION("sys/devices/pci0000:00", "0000:03:10.2", "8086",
				   "10ca", "020000")
		FUNCTION(
			"sys/devices/pci0000:00", "0000:03:10.4", "8086", "10ca",
			"020000") "l sys/devices/pci0000:00/0000:03:10.0/physfn ../0000:03:00.0\n"
				  "l sys/devices/pci0000:00/0000:03:10.2/physfn ../0000:03:00.0\n"
				  "l sys/devices/pci0000:00/0000:03:10.4/physfn ../0000:04:00.0\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = machine_of(text, &findings);

	assert_int_equal(function_of(&machine, "0000:03:00.0")->n_virtual_functions, 2);
	assert_int_equal(function_of(&machine, "0000:03:10.0")->n_virtual_functions, 0);
	assert_true(function_of(&machine, "0000:03:10.0")->is_virtual_function);
}

#define DRIVERS                                                                     \
	"l sys/devices/pci0000:00/0000:01:00.0/driver ../../../bus/pci/drivers/a\n" \
	"l sys/devices/pci0000:00/0000:03:00.0/driver ../../../bus/pci/drivers/b\n" \
	"l sys/bus/pci/drivers/a/module ../../../../module/a_pci\n"                 \
	"l sys/bus/pci/drivers/b/module ../../../../module/b_pci\n"                 \
	"f sys/module/a_pci/x 1\n"                                                  \
	"f sys/module/b_pci/x 1\n"

/* A built-in driver has the link to its module too, where there is one; only what is
 * loaded tells them apart. */
static void a_built_in_driver_names_its_module(void **state)
{
	static const struct {
		const char *modules;
		const char *a_builtin, *a_loaded, *b_loaded;
	} cases[] = {
		{ "f proc/modules b_pci 16384 0 - Live 0x0\n", "a_pci", NULL, "b_pci" },
		{ "", NULL, "a_pci", "b_pci" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text =
			xasprintf(SNAPSHOT GPU NIC DRIVERS "%s", cases[i].modules);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = machine_of(text, &findings);
		const struct function *a = function_of(&machine, "0000:01:00.0");
		const struct function *b = function_of(&machine, "0000:03:00.0");

		assert_name(a->builtin_module, cases[i].a_builtin);
		assert_name(a->driver_module, cases[i].a_loaded);
		assert_name(b->builtin_module, NULL);
		assert_name(b->driver_module, cases[i].b_loaded);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_framebuffer_in_a_bar_is_seen),
		cmocka_unit_test(a_direct_region_is_of_all_functions_of_its_group),
		cmocka_unit_test(a_direct_region_may_be_the_last_or_only_line),
		cmocka_unit_test(virtual_functions_are_counted_where_they_come_from),
		cmocka_unit_test(a_built_in_driver_names_its_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
