/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that the loader's files ask for and this boot does not have yet. */
#include "unit/plan/scene.h"

#define GRUB	"/etc/default/grub"
#define DROPIN	"/etc/default/grub.d/50-user.cfg"
#define CMDLINE "/etc/kernel/cmdline"
#define ENTRY	"/boot/loader/entries/a-6.1.conf"
#define OTHER	"/boot/loader/entries/b-6.1.conf"
#define WORDS	"/var/lib/vfio-bootcfg/words"

static const struct detection found = { .found = true };

/* A NIC is the target; another is there. */
static void begin(struct scene *s, enum bootloader_kind loader)
{
	scene_begin(s);
	s->system.bootloader[BOOTLOADER_GRUB] = (struct detection){ 0 };
	s->system.bootloader[loader] = found;
	s->system.grub_reads_dropins = true;
	s->system.chain.mkinitcpio_reads_cmdline_d = true;
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "01:00.0", "8086:10d3:8086:0000", 0x020000);
	scene_function(s, "02:00.0", "8086:1533:8086:0000", 0x020000);
	rule_address(scene_rule(s, "nic"), "01:00.0");
	scene_index(s);
	scene_cmdline(s, "root=/dev/sda1 ro quiet");
}

static void add_entry(struct scene *s, size_t kernel, bool is_fallback)
{
	*array_add(s->system.chain.entries, s->system.chain.n_entries) =
		(struct loader_entry){ .path = xstrdup(ENTRY),
				       .kernel = kernel,
				       .is_fallback = is_fallback };
}

static void what_grub_will_pass_counts_before_it_is_booted(void **state)
{
	static const struct {
		const char *path, *text, *findings;
	} cases[] = {
		{ GRUB, "GRUB_CMDLINE_LINUX=\"ro vfio-pci.ids=8086:1533\"\n",
		  "error foreign-ids /etc/default/grub:1 -" },
		{ GRUB, "A=1\nexport GRUB_CMDLINE_LINUX_DEFAULT='iommu=off'\n",
		  "warning cmdline-contradiction /etc/default/grub:2 -" },
		{ GRUB, "GRUB_CMDLINE_LINUX+=\" module_blacklist=vfio_pci\"",
		  "error driver-blocked /etc/default/grub:1 -" },
		{ GRUB, "GRUB_CMDLINE_LINUX=pci-stub.ids=8086:10d3",
		  "warning foreign-configuration /etc/default/grub:1 0000:01:00.0" },
		{ DROPIN, "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX iommu=off\"\n",
		  "warning cmdline-contradiction /etc/default/grub.d/50-user.cfg:1 -" },
		/* What is not passed to the kernel, or is what is planned. */
		{ GRUB, "GRUB_CMDLINE_LINUX=\"vfio-pci.ids=8086:10d3 ro\"\n", "" },
		{ GRUB, "#GRUB_CMDLINE_LINUX=\"iommu=off\"\n", "" },
		{ GRUB, "GRUB_CMDLINE_LINUX=\"ro\" # iommu=off\n", "" },
		{ GRUB, "GRUB_CMDLINE_LINUX_RECOVERY=\"iommu=off\"\n", "" },
		{ GRUB, "GRUB_CMDLINE_LINUX=iommu=off\nGRUB_CMDLINE_LINUX=ro\n", "" },
		{ GRUB, "GRUB_CMDLINE_LINUX=\"intel_iommu=off intel_iommu=on\"\n", "" },
		{ GRUB,
		  "# BEGIN vfio-bootcfg\nGRUB_CMDLINE_LINUX_DEFAULT="
		  "\"$GRUB_CMDLINE_LINUX_DEFAULT vfio-pci.ids=8086:1533\"\n"
		  "# END vfio-bootcfg\n",
		  "" },
		{ "/etc/default/grub.d/zz-vfio-bootcfg.cfg",
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"vfio-pci.ids=8086:1533\"\n", "" },
		{ CMDLINE, "ro iommu=off\n", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, BOOTLOADER_GRUB);
		scene_file(&s, cases[i].path, cases[i].text);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

static void so_does_what_entries_and_unified_images_will_pass(void **state)
{
	static const struct {
		const char *path, *text, *words, *findings;
	} cases[] = {
		{ CMDLINE, "ro vfio-pci.ids=8086:1533\n", "",
		  "error foreign-ids /etc/kernel/cmdline:1 -" },
		{ "/etc/cmdline.d/a.conf", "iommu=off\n", "",
		  "warning cmdline-contradiction /etc/cmdline.d/a.conf:1 -" },
		{ ENTRY, "title A\noptions ro vfio-pci.ids=8086:1533\n", "",
		  "error foreign-ids " ENTRY ":2 -" },
		/* What an earlier run added is not by hand. */
		{ CMDLINE, "ro vfio-pci.ids=8086:1533\n",
		  "/etc/kernel/cmdline\tvfio-pci.ids=8086:1533\n", "" },
		{ CMDLINE, "# vfio-pci.ids=8086:1533\n", "", "" },
		{ GRUB, "GRUB_CMDLINE_LINUX=iommu=off\n", "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, BOOTLOADER_KERNEL_CMDLINE);
		add_entry(&s, 0, false);
		scene_file(&s, cases[i].path, cases[i].text);
		scene_file(&s, WORDS, cases[i].words);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

/* It is there to flee to, and its word stays. */
static void a_boot_of_the_fallback_entry_is_no_contradiction(void **state)
{
	static const struct {
		const char *path, *text, *findings;
	} cases[] = {
		{ "/boot/loader/entries/a-6.1-" FALLBACK_ENTRY_MARK ".conf",
		  "options ro vfio_bootcfg=off\n",
		  "note cmdline-contradiction /proc/cmdline -" },
		{ GRUB, "GRUB_CMDLINE_LINUX=vfio_bootcfg=off\n",
		  "warning cmdline-contradiction /etc/default/grub:1 -" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, BOOTLOADER_GRUB);
		scene_cmdline(&s, "ro vfio_bootcfg=off");
		scene_file(&s, cases[i].path, cases[i].text);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

static void entries_that_boot_something_else_do_not(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct scene s;

		begin(&s, BOOTLOADER_BLS);
		add_entry(&s, i, i == 0); /* our fallback; another system's */
		scene_file(&s, ENTRY, "options ro iommu=off vfio-pci.ids=8086:1533\n");
		scene_plan(&s);
		assert_findings(&s, "");
		scene_end(&s);
	}
}

/* The administrator's own way back is not asked to go; the only entry is none. */
static void an_entry_that_leaves_the_driver_out_is_a_way_back(void **state)
{
	static const struct {
		const char *without, *other, *findings;
	} cases[] = {
		{ "module_blacklist=nouveau,vfio_pci", "quiet", "" },
		{ "modprobe.blacklist=vfio_pci vfio-pci.ids=8086:1533", "quiet", "" },
		{ "module_blacklist=vfio_pci", "module_blacklist=vfio_pci",
		  "error driver-blocked " ENTRY ":1 -" },
		{ "module_blacklist=vfio_pci", "vfio-pci.ids=8086:1533",
		  "error foreign-ids " OTHER ":1 -" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *without =
			xasprintf("options ro %s\n", cases[i].without);
		cleanup_free char *other = xasprintf("options ro %s\n", cases[i].other);
		struct scene s;

		begin(&s, BOOTLOADER_KERNEL_CMDLINE);
		add_entry(&s, 0, false);
		add_entry(&s, 0, false);
		free(s.system.chain.entries[1].path);
		s.system.chain.entries[1].path = xstrdup(OTHER);
		scene_file(&s, ENTRY, without);
		scene_file(&s, OTHER, other);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

/* The hardware may be another's, as where an image is built; the files are this root's.
 */
static void a_root_that_does_not_run_is_read_as_well(void **state)
{
	struct scene s;

	begin(&s, BOOTLOADER_GRUB);
	s.machine.is_stand_in = true;
	scene_file(&s, GRUB, "GRUB_CMDLINE_LINUX=\"vfio-pci.ids=10de:1b80\"\n");
	scene_plan(&s);
	assert_refused(&s, "foreign-ids");
	scene_end(&s);
}

/* The IOMMU is off for another reason than what was only edited. */
static void what_was_not_booted_explains_nothing_of_this_boot(void **state)
{
	struct scene s;

	begin(&s, BOOTLOADER_GRUB);
	s.machine.iommu.active = NO;
	scene_file(&s, GRUB, "GRUB_CMDLINE_LINUX=\"intel_iommu=off\"\n");
	scene_plan(&s);
	assert_findings(&s, "warning cmdline-contradiction /etc/default/grub:1 -\n"
			    "note iommu-off - -");
	assert_message(&s, "cmdline-contradiction",
		       "'intel_iommu=off' will be on the kernel command line");
	scene_end(&s);
}

/* Ours take some 60 characters beside it. */
static void a_line_that_is_too_long_is_told_before_it_is_booted(void **state)
{
	static const struct {
		size_t n;
		bool is_too_long;
	} cases[] = { { 1900, false }, { 2040, true } };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *word = xcalloc(cases[i].n + 1, 1), *text = NULL;
		struct scene s;

		memset(word, 'x', cases[i].n);
		text = xasprintf("GRUB_CMDLINE_LINUX=\"%s\"\n", word);
		begin(&s, BOOTLOADER_GRUB);
		scene_file(&s, GRUB, text);
		scene_plan(&s);
		assert_int_equal(!!scene_finding(&s, "cmdline-too-long"),
				 cases[i].is_too_long);
		scene_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_grub_will_pass_counts_before_it_is_booted),
		cmocka_unit_test(so_does_what_entries_and_unified_images_will_pass),
		cmocka_unit_test(a_boot_of_the_fallback_entry_is_no_contradiction),
		cmocka_unit_test(entries_that_boot_something_else_do_not),
		cmocka_unit_test(an_entry_that_leaves_the_driver_out_is_a_way_back),
		cmocka_unit_test(a_root_that_does_not_run_is_read_as_well),
		cmocka_unit_test(what_was_not_booted_explains_nothing_of_this_boot),
		cmocka_unit_test(a_line_that_is_too_long_is_told_before_it_is_booted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
