/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/report/nouns.h"

static void make_system(struct system *ret, const struct machine *machine)
{
	const struct function *gpu = &machine->functions.v[1];

	*ret = (struct system){ .root = xstrdup("/") };
	add_kernel(ret, "6.1.0", gpu, "amdgpu radeon");
	add_kernel(ret, "6.12.0", gpu, "+radeon");
}

/* What scripts read: no tree, no colour, the group first, no blank at an end. */
static void a_pipe_gets_one_line_a_function(void **state)
{
	cleanup_machine struct machine machine;
	cleanup_system struct system system;

	make_machine(&machine);
	make_system(&system, &machine);
	CATCH(text, report_list(out, &machine, &system, COLOUR_NO, 0, 0));
	assert_string_equal(
		text,
		"GROUP ADDRESS      ID        CLASS    DRIVER        NAME                 NOTES\n"
		"1     0000:00:01.0 8086:29c0 bridge   pcieport      Root port            -\n"
		"14    0000:29:00.0 1002:68c8 display  radeon        Cedar [FirePro 2270] boot display; 2 competitors; 1 built in\n"
		"14    0000:29:00.1 1002:aa68 audio    snd_hda_intel Cedar HDMI Audio     -\n"
		"15    0000:2a:00.0 8086:10d3 ethernet e1000e        82574L               default route; twin of 0000:2b:00.0\n"
		"16    0000:2b:00.0 8086:10d3 ethernet vfio-pci      82574L               twin of 0000:2a:00.0\n"
		"17    0000:2c:00.0 1b36:0010 nvme     nvme          NVMe                 carries /, swap\n"
		"-     0000:2d:00.0 1022:1419 iommu    -             IOMMU                -\n");
}

static void a_guess_is_listed_as_one(void **state)
{
	cleanup_machine struct machine machine;

	make_machine(&machine);
	machine.root_guess = xstrdup("zpool status -P rpool");
	CATCH(text, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
	assert_non_null(strstr(text, " may carry /; carries swap\n"));
}

/* Twins are named by it, and nothing else for people shows it. */
static void paths_are_shown_where_asked(void **state)
{
	cleanup_machine struct machine machine;

	make_machine(&machine);
	machine.functions.v[3].path = xstrdup("0000:00:1c.4/00.0");
	machine.functions.v[6].path = xstrdup("0000:2d:00.0");
	CATCH(text, report_list(out, &machine, NULL, COLOUR_NO, 1, 0));
	assert_non_null(strstr(text, "twin of 0000:2b:00.0; path 0000:00:1c.4/00.0\n"));
	assert_null(strstr(text, "path 0000:2d"));
	CATCH(brief, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
	assert_null(strstr(brief, "path"));
}

static void boards_and_competitors_are_named_where_asked(void **state)
{
	cleanup_machine struct machine machine;
	cleanup_system struct system system;

	make_machine(&machine);
	make_system(&system, &machine);
	CATCH(text, report_list(out, &machine, &system, COLOUR_NO, 1, 0));
	assert_non_null(strstr(text, " 1002:68c8:174b:3000 display "));
	assert_non_null(strstr(
		text,
		"boot display; path 0000:00:01.0/00.0; competitors: amdgpu, radeon (built in)\n"));
}

static void a_terminal_gets_a_tree_of_groups(void **state)
{
	cleanup_machine struct machine machine;

	make_machine(&machine);
	CATCH(text, report_list(out, &machine, NULL, COLOUR_NO, 0, 100));
	assert_non_null(strstr(text, "ADDRESS "));
	assert_non_null(strstr(text, "\ngroup 14 "));
	assert_non_null(strstr(text, "29:00.1 1002:aa68 audio"));
	assert_non_null(strstr(text, "\nno group "));
	assert_true(strstr(text, "\nno group ") > strstr(text, "\ngroup 17 "));
	assert_null(strchr(text, '\033'));
}

/* A column of notes left names of three letters at 60 columns. */
static void a_narrow_terminal_gets_notes_below(void **state)
{
	cleanup_machine struct machine machine;
	cleanup_system struct system system;

	make_machine(&machine);
	make_system(&system, &machine);
	CATCH(text, report_list(out, &machine, &system, COLOUR_NO, 0, 60));
	assert_null(strstr(text, "NOTES"));
	assert_null(strstr(text, " \n"));
	assert_non_null(strstr(text, "radeon        Cedar [FireP"));
	assert_non_null(
		strstr(text, "\n          boot display; 2 competitors; 1 built in\n"));
	CATCH(least, report_list(out, &machine, &system, COLOUR_YES, 0, 40));
	assert_non_null(strstr(least, "\n          \033[33mboot display; 2 competitors; "
				      "1\n          built in\n\033[0m"));
}

static void names_lose_idle_words_on_a_terminal_only(void **state)
{
	static const struct sketch sketches[] = {
		{ "1:0.0", "1002:68c8:174b:3000", 0x030000, NULL,
		  "Advanced Micro Devices, Inc. [AMD/ATI] Cedar", 1 },
		{ "2:0.0", "8086:10d3:8086:0000", 0x020000, NULL,
		  "Intel Corporation 82574L", 1 },
		{ "3:0.0", "10de:ffff:10de:0000", 0xff0000, NULL, "NVIDIA Corporation",
		  1 },
	};
	cleanup_machine struct machine machine = { .has_functions = true,
						   .has_sysfs = true };

	for (size_t i = 0; i < sizeof sketches / sizeof *sketches; i++)
		add_function(&machine, &sketches[i]);
	functions_index(&machine.functions);
	CATCH(wide, report_list(out, &machine, NULL, COLOUR_NO, 0, 120));
	CATCH(piped, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
	assert_non_null(strstr(wide, " [AMD/ATI] Cedar "));
	assert_non_null(strstr(wide, " Intel 82574L "));
	assert_non_null(strstr(wide, " NVIDIA Corporation"));
	assert_non_null(strstr(piped, " Advanced Micro Devices, Inc. [AMD/ATI] Cedar "));
}

static void a_system_is_listed_with_its_evidence(void **state)
{
	cleanup_system struct system system = { .root = xstrdup("/") };
	struct kernel *kernel = array_add(system.kernels, system.n_kernels);

	kernel->release = xstrdup("6.1.0");
	*array_add(kernel->reserving.v, kernel->reserving.n) =
		(struct module){ .name = xstrdup("vfio_pci"), .state = MODULE_BUILTIN };
	system.initramfs[INITRAMFS_DRACUT].found = true;
	system.initramfs[INITRAMFS_DRACUT].evidence = xstrdup("usr/bin/dracut");
	CATCH(text, report_system(out, &system));
	assert_string_equal(text, "\n"
				  "kernel       6.1.0 (vfio_pci: builtin)\n"
				  "initramfs    dracut (usr/bin/dracut)\n"
				  "boot loader  none found\n");
}

static void a_system_without_anything_says_so(void **state)
{
	const struct system nothing = { 0 };

	CATCH(text, report_system(out, &nothing));
	assert_string_equal(text, "\n"
				  "kernel       none found\n"
				  "initramfs    none found\n"
				  "boot loader  none found\n");
}

/* VMD counts its domains from 10000: then no address may be cut. */
static void domains_are_shown_where_there_are_several(void **state)
{
	static const struct sketch sketches[] = {
		{ "0000:01:00.0", "8086:201d:0000:0000", 0x010400, "vmd", "VMD", 1 },
		{ "10000:01:00.0", "144d:a80a:144d:a801", 0x010802, "nvme", "NVMe", 1 },
	};
	cleanup_machine struct machine machine = { .has_functions = true,
						   .has_sysfs = true };

	add_function(&machine, &sketches[0]);
	add_function(&machine, &sketches[1]);
	functions_index(&machine.functions);
	CATCH(text, report_list(out, &machine, NULL, COLOUR_NO, 0, 80));
	assert_non_null(strstr(text, "0000:01:00.0 "));
	assert_non_null(strstr(text, "10000:01:00.0 "));
}

static void colours_are_on_what_matters(void **state)
{
	cleanup_machine struct machine machine;

	make_machine(&machine);
	CATCH(text, report_list(out, &machine, NULL, COLOUR_YES, 0, 100));
	assert_non_null(strstr(text, "\033[33mboot display\033[0m"));
	assert_non_null(strstr(text, "\033[32mvfio-pci"));
	assert_null(strstr(text, "\033[33mtwin of 2a:00.0"));
}

static void without_groups_the_reason_comes_first(void **state)
{
	static const struct {
		bool has_functions, has_sysfs;
		enum tristate in_firmware;
		enum iommu_kind kind;
		const char *reason;
	} cases[] = {
		{ true, true, NO, IOMMU_NONE,
		  "no IOMMU groups: the firmware describes no IOMMU (look for VT-d or AMD-Vi in its setup)\n" },
		{ true, true, YES, IOMMU_INTEL,
		  "no IOMMU groups: the firmware describes an IOMMU, but this boot does not use it (it needs 'intel_iommu=on')\n" },
		{ true, true, YES, IOMMU_AMD,
		  "no IOMMU groups: the firmware describes an IOMMU, but this boot does not use it\n" },
		{ true, true, UNKNOWN, IOMMU_NONE,
		  "no IOMMU groups: no function can be given to a virtual machine yet\n" },
		{ true, false, UNKNOWN, IOMMU_NONE,
		  "this machine has no sysfs: drivers, IOMMU groups and uses are unknown\n" },
		{ false, false, UNKNOWN, IOMMU_NONE,
		  "no PCI functions are known of this machine\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_machine struct machine machine;

		make_machine(&machine);
		if (!cases[i].has_functions)
			functions_free(&machine.functions);
		for (size_t j = 0; j < machine.functions.n; j++)
			machine.functions.v[j].iommu_group = NO_GROUP;
		functions_index(&machine.functions);
		machine.has_functions = cases[i].has_functions;
		machine.has_sysfs = cases[i].has_sysfs;
		machine.iommu.in_firmware = cases[i].in_firmware;
		machine.iommu.kind = cases[i].kind;
		CATCH(wide, report_list(out, &machine, NULL, COLOUR_NO, 0, 80));
		CATCH(piped, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
		assert_memory_equal(wide, cases[i].reason, strlen(cases[i].reason));
		assert_memory_equal(piped, "# ", 2);
		assert_memory_equal(piped + 2, cases[i].reason, strlen(cases[i].reason));
		assert_null(strstr(wide, "group "));
		assert_int_equal(strstr(wide, "\nADDRESS ") != NULL,
				 cases[i].has_functions);
	}
}

static void what_a_device_calls_itself_is_escaped(void **state)
{
	static const struct sketch sketch = { "01:00.0",	"1234:1111:1af4:1100",
					      0x030000,		"b\033[2Jd",
					      "evil\nname\xff", 1 };
	cleanup_machine struct machine machine = { .has_functions = true,
						   .has_sysfs = true };

	add_function(&machine, &sketch);
	functions_index(&machine.functions);
	CATCH(wide, report_list(out, &machine, NULL, COLOUR_NO, 0, 200));
	CATCH(piped, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
	assert_non_null(strstr(wide, "b\\x1b[2Jd"));
	assert_non_null(strstr(piped, " b\\x1b[2Jd evil\\nname\\xff "));
}

/* 40,000 true twins: nothing may be quadratic, in time or in what is written. */
static void thousands_of_twins_stay_linear(void **state)
{
	enum { N = 40000 };
	cleanup_machine struct machine machine = { .has_functions = true,
						   .has_sysfs = true };

	for (int i = 0; i < N; i++) {
		char address[16];
		struct sketch sketch = { address, "8086:1889:8086:0000", 0x020000,
					 "iavf",  "Virtual Function",	 i };

		snprintf(address, sizeof address, "%x:%02x:%02x.%x", i >> 16,
			 i >> 8 & 255, i >> 3 & 31, i & 7);
		add_function(&machine, &sketch);
	}
	functions_index(&machine.functions);
	CATCH(piped, report_list(out, &machine, NULL, COLOUR_NO, 0, 0));
	CATCH(json, report_list_json(out, &machine, NULL));
	assert_non_null(strstr(piped, "one of 40000 twins"));
	assert_true(json_size < (size_t)N * 1600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_gets_one_line_a_function),
		cmocka_unit_test(a_guess_is_listed_as_one),
		cmocka_unit_test(boards_and_competitors_are_named_where_asked),
		cmocka_unit_test(paths_are_shown_where_asked),
		cmocka_unit_test(a_terminal_gets_a_tree_of_groups),
		cmocka_unit_test(a_narrow_terminal_gets_notes_below),
		cmocka_unit_test(names_lose_idle_words_on_a_terminal_only),
		cmocka_unit_test(a_system_is_listed_with_its_evidence),
		cmocka_unit_test(a_system_without_anything_says_so),
		cmocka_unit_test(domains_are_shown_where_there_are_several),
		cmocka_unit_test(colours_are_on_what_matters),
		cmocka_unit_test(without_groups_the_reason_comes_first),
		cmocka_unit_test(what_a_device_calls_itself_is_escaped),
		cmocka_unit_test(thousands_of_twins_stay_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
