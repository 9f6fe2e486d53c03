/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there is an IOMMU, and what switches it off. */
#include "unit/plan/scene.h"

/* Two NICs that are twins, of which the first is the target. */
static void begin(struct scene *s, enum tristate active, enum tristate in_firmware)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "01:00.0", "8086:10d3:8086:0000", 0x020000);
	scene_function(s, "02:00.0", "8086:10d3:8086:0000", 0x020000);
	rule_address(scene_rule(s, "nic"), "01:00.0");
	scene_index(s);
	s->machine.iommu.active = active;
	s->machine.iommu.in_firmware = in_firmware;
}

static void a_firmware_without_iommu_is_warned_of(void **state)
{
	struct scene s;

	begin(&s, NO, NO);
	s.machine.iommu.kind = IOMMU_NONE;
	s.machine.cpu = CPU_AMD;
	scene_plan(&s);
	assert_findings(&s, "warning firmware-iommu-off - -");
	assert_cmdline(&s, "rd.driver.pre=vfio-pci vfio_bootcfg.devices="
			   "0000:01:00.0=8086:10d3:8086:0000 amd_iommu=on");
	scene_end(&s);
}

static void what_switches_the_iommu_off_is_named(void **state)
{
	static const struct {
		enum tristate active, in_firmware;
		enum iommu_kind kind;
		const char *cmdline, *findings;
	} cases[] = {
		{ YES, YES, IOMMU_INTEL, "ro quiet", "" },
		{ NO, YES, IOMMU_INTEL, "ro", "note iommu-off - -" },
		{ NO, UNKNOWN, IOMMU_NONE, "ro", "note iommu-off - -" },
		{ UNKNOWN, YES, IOMMU_INTEL, "ro", "" },
		{ NO, YES, IOMMU_INTEL, "ro intel_iommu=off",
		  "warning iommu-off /proc/cmdline -" },
		{ NO, YES, IOMMU_AMD, "amd_iommu=off",
		  "warning iommu-off /proc/cmdline -" },
		{ NO, YES, IOMMU_AMD, "iommu=off", "warning iommu-off /proc/cmdline -" },
		/* What does not tell why is said all the same. */
		{ NO, YES, IOMMU_AMD, "intel_iommu=off",
		  "warning cmdline-contradiction /proc/cmdline -\nnote iommu-off - -" },
		{ NO, NO, IOMMU_NONE, "intel_iommu=off",
		  "warning cmdline-contradiction /proc/cmdline -\n"
		  "warning firmware-iommu-off - -" },
		{ YES, YES, IOMMU_INTEL, "iommu=off vfio-bootcfg=off",
		  "warning cmdline-contradiction /proc/cmdline -\n"
		  "warning cmdline-contradiction /proc/cmdline -" },
		/* As the fallback entry has it, and no file by hand. */
		{ YES, YES, IOMMU_INTEL, "ro vfio_bootcfg=off",
		  "note cmdline-contradiction /proc/cmdline -" },
		/* The last of a name counts. */
		{ YES, YES, IOMMU_INTEL, "intel_iommu=off intel_iommu=on", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, cases[i].active, cases[i].in_firmware);
		s.machine.iommu.kind = cases[i].kind;
		scene_cmdline(&s, cases[i].cmdline);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

static void a_machine_that_only_stands_in_is_not_judged(void **state)
{
	struct scene s;

	begin(&s, NO, NO);
	s.machine.is_stand_in = true;
	scene_cmdline(&s, "iommu=off vfio-pci.ids=10de:1b80 module_blacklist=vfio_pci");
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_null(scene_finding(&s, "firmware-iommu-off"));
	assert_null(scene_finding(&s, "cmdline-contradiction"));
	scene_end(&s);
}

/* The file and line where a file of the boot loader shows the word, as a word. */
static void a_contradiction_is_named_by_its_line(void **state)
{
	static const struct {
		const char *path, *text, *where;
	} cases[] = {
		{ "/etc/default/grub",
		  "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX=\"quiet iommu=off\"\n",
		  "/etc/default/grub:2" },
		{ "/etc/default/grub", "GRUB_CMDLINE_LINUX=iommu=off",
		  "/etc/default/grub:1" },
		{ "/etc/default/grub", "GRUB_CMDLINE_LINUX='iommu=off'\n",
		  "/etc/default/grub:1" },
		{ "/etc/default/grub.d/50-iommu.cfg", "\n\nA=\"$A iommu=off ro\"\n",
		  "/etc/default/grub.d/50-iommu.cfg:3" },
		{ "/etc/default/grub",
		  "# iommu=off\n  #iommu=off\nA=\"intel_iommu=off iommu=offset\"\n",
		  "/proc/cmdline" },
		{ "/etc/default/grub", "", "/proc/cmdline" },
		{ "/etc/kernel/cmdline", "root=/dev/sda1 iommu=off\n",
		  "/etc/kernel/cmdline:1" },
		{ "/boot/loader/entries/a-6.1.conf", "title A\noptions ro iommu=off\n",
		  "/boot/loader/entries/a-6.1.conf:2" },
		{ "/etc/default/grub.d/zz-vfio-bootcfg.cfg", "A=\"$A iommu=off\"\n",
		  "/proc/cmdline" },
		{ "/etc/mkinitcpio.conf", "A=\"iommu=off\"\n", "/proc/cmdline" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, YES, YES);
		scene_file(&s, cases[i].path, cases[i].text);
		scene_cmdline(&s, "quiet iommu=off");
		scene_plan(&s);
		assert_string_equal(scene_finding(&s, "cmdline-contradiction")->where,
				    cases[i].where);
		scene_end(&s);
	}
}

static void what_is_edited_is_named_before_what_is_made_of_it(void **state)
{
	struct scene s;

	begin(&s, YES, YES);
	scene_file(&s, "/boot/loader/entries/a-6.1.conf", "options ro iommu=off\n");
	scene_file(&s, "/etc/kernel/cmdline", "ro iommu=off\n");
	scene_cmdline(&s, "ro iommu=off");
	scene_plan(&s);
	assert_string_equal(scene_finding(&s, "cmdline-contradiction")->where,
			    "/etc/kernel/cmdline:1");
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_firmware_without_iommu_is_warned_of),
		cmocka_unit_test(what_switches_the_iommu_off_is_named),
		cmocka_unit_test(a_machine_that_only_stands_in_is_not_judged),
		cmocka_unit_test(a_contradiction_is_named_by_its_line),
		cmocka_unit_test(what_is_edited_is_named_before_what_is_made_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
