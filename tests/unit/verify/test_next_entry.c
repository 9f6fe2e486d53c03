/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/verify/prospect.h"

#include <errno.h>

static void set_options(struct prospect *prospect, const char *options)
{
	free(prospect->next.menu.v[0].options);
	prospect->next.menu.v[0].options = options ? xstrdup(options) : NULL;
}

static void each_token_that_the_entry_lacks_is_named(void **state)
{
	static const struct {
		const char *options;
		enum check_status status;
		const char *message;
	} cases[] = {
		{ "root=x", CHECK_FAIL,
		  "'Debian', which boots kernel '6.12.1' next (the first entry), lacks '" IDS
		  "', 'intel_iommu=on'" },
		{ "root=x " IDS, CHECK_FAIL, "lacks 'intel_iommu=on'" },
		{ IDS " intel_iommu=on vfio_pci.ids=10de:1", CHECK_FAIL,
		  "overrides '" IDS "' by 'vfio_pci.ids=10de:1'" },
		{ "intel_iommu=on intel_iommu=off", CHECK_FAIL,
		  "lacks '" IDS "' and overrides 'intel_iommu=on' by 'intel_iommu=off'" },
		{ IDS " intel_iommu=on vfio_bootcfg=off", CHECK_FAIL,
		  "nothing is to be reserved" },
		{ "vfio_pci.ids=10de:1,1002:68c8 intel_iommu=on", CHECK_PASS, "carries" },
		{ "-- " IDS " intel_iommu=on", CHECK_FAIL, "lacks '" IDS "'" },
		{ NULL, CHECK_UNKNOWN, "no command line that could be seen" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		set_options(&prospect, cases[i].options);
		prospect_check_alone(
			&prospect, "entry-cmdline", cases[i].status, cases[i].message,
			cases[i].status == CHECK_FAIL ? "run 'update-grub'" : NULL);
		prospect_end(&prospect);
	}
}

/* The kernel does not know it, and dracut has the other of its own file. */
static void tokens_that_change_nothing_are_no_failure(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect_made_by(&prospect, IMAGE_BY_DRACUT);
	strings_add(&prospect.plan.cmdline, "rd.driver.pre=vfio-pci");
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_PASS, "carries", NULL);
	prospect_file(&prospect, "etc/cmdline.d/20-force_drivers.conf", NULL);
	prospect_judge(&prospect);
	prospect_check(&prospect, "entry-cmdline", CHECK_FAIL,
		       "lacks 'rd.driver.pre=vfio-pci'", NULL);
	strcpy(prospect.plan.cmdline.v[2], "amd_iommu=on");
	prospect_judge(&prospect);
	prospect_check(&prospect, "entry-cmdline", CHECK_WARN, "lacks 'amd_iommu=on'",
		       NULL);
	prospect_end(&prospect);
}

static void the_remedy_is_that_of_the_entry(void **state)
{
	struct prospect prospect;
	struct boot_entry *entry;

	prospect_begin(&prospect);
	set_options(&prospect, "");
	prospect.system.grub_reads_dropins = false;
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			     "run 'grub-mkconfig -o /boot/grub/grub.cfg'");
	free(prospect.next.menu_path);
	prospect.next.menu_path = xstrdup("/boot/grub2/grub.cfg");
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			     "run 'grub2-mkconfig -o /boot/grub2/grub.cfg'");
	free(prospect.next.menu_path);
	prospect.next.menu_path = xstrdup("/boot/efi/EFI/redhat/grub.cfg");
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			     "run 'grub2-mkconfig -o /boot/efi/EFI/redhat/grub.cfg'");
	free(prospect.system.root);
	prospect.system.root = xstrdup("/mnt");
	prospect_check_alone(
		&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
		"run 'chroot /mnt grub2-mkconfig -o /boot/efi/EFI/redhat/grub.cfg'");
	entry = &prospect.next.menu.v[0];
	free(entry->where);
	entry->where = xstrdup("/boot/loader/entries/x.conf");
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			     "edit its 'options' in '/boot/loader/entries/x.conf'");
	prospect.plan.uses_by_hand[BY_HAND_KERNELSTUB] = true;
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			     "'kernelstub' is not written for: do by hand what");
	entry->unified = xstrdup("/efi/EFI/Linux/x.efi");
	prospect_check_alone(
		&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
		"run 'chroot /mnt update-initramfs -u -k 6.12.1', which puts");
	prospect_end(&prospect);
}

static void a_kernel_gets_its_entry_as_its_menu_is_made(void **state)
{
	static const struct {
		const char *menu;
		bool has_files, uses_kernel_install;
		const char *remedy;
	} cases[] = {
		{ "/boot/grub/grub.cfg", false, false, "run 'update-grub'" },
		{ "/boot/grub/grub.cfg", false, true, "run 'update-grub'" },
		{ "/boot/grub2/grub.cfg", true, true,
		  "run 'kernel-install add 6.12.1 /boot/vmlinuz'" },
		{ "/efi/loader/entries", false, true,
		  "run 'kernel-install add 6.12.1 /boot/vmlinuz'" },
		{ "/boot/loader/entries", false, false,
		  "write an entry into '/boot/loader/entries', and" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect.next.kernels[0].entry = SIZE_MAX;
		prospect.kernel.image = xstrdup("/boot/vmlinuz");
		prospect.system.grub_reads_dropins = true;
		prospect.system.chain.uses_kernel_install = cases[i].uses_kernel_install;
		prospect.plan.uses_bootloader[BOOTLOADER_BLS] = cases[i].has_files;
		free(prospect.next.menu_path);
		prospect.next.menu_path = xstrdup(cases[i].menu);
		prospect_judge(&prospect);
		prospect_check(&prospect, "entry-cmdline", CHECK_WARN,
			       "no entry of the menu boots kernel", cases[i].remedy);
		free(steal_ptr(prospect.kernel.image));
		prospect_end(&prospect);
	}
}

static void a_menu_that_cannot_be_seen_is_unknown(void **state)
{
	static const struct {
		int error;
		bool is_by_hand; /* no loader is written for */
		enum check_status status;
		const char *message;
	} cases[] = {
		{ -ENOENT, false, CHECK_FAIL,
		  "'/boot/grub/grub.cfg' has no entry that boots Linux" },
		{ 0, false, CHECK_FAIL, "has no entry that boots Linux" },
		{ -ENOENT, true, CHECK_UNKNOWN, "no boot menu was found" },
		{ -EACCES, false, CHECK_UNKNOWN, "Permission denied (root may)" },
		{ -EACCES, true, CHECK_UNKNOWN, "Permission denied (root may)" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		boot_menu_free(&prospect.next.menu);
		prospect.next.kernels[0].entry = SIZE_MAX;
		prospect.next.menu_error = cases[i].error;
		prospect.plan.uses_bootloader[BOOTLOADER_GRUB] = !cases[i].is_by_hand;
		prospect_check_alone(&prospect, "entry-cmdline", cases[i].status,
				     cases[i].message, NULL);
		prospect_end(&prospect);
	}
}

/* 'grub-mkconfig -o /boot/loader/entries' was said where no GRUB is. */
static void a_missing_entry_is_made_by_what_makes_entries(void **state)
{
	static const struct {
		enum bootloader_kind loader;
		bool is_uki, is_kernel_install, is_menu_missing;
		const char *of_kernel, *of_all;
	} cases[] = {
		{ BOOTLOADER_BLS, false, true, false,
		  "run 'chroot /mnt kernel-install add 6.12.1 /boot/vmlinuz'",
		  "mount the boot partition where it is not mounted, else run 'chroot /mnt kernel-install" },
		{ BOOTLOADER_BLS, false, true, true,
		  "run 'chroot /mnt grub2-mkconfig -o /boot/grub2/grub.cfg'",
		  "run 'chroot /mnt grub2-mkconfig -o /boot/grub2/grub.cfg'" },
		{ BOOTLOADER_KERNEL_CMDLINE, false, true, true,
		  "run 'chroot /mnt kernel-install add",
		  "else run 'chroot /mnt kernel-install add" },
		{ BOOTLOADER_KERNEL_CMDLINE, true, false, true,
		  "run 'chroot /mnt mkinitcpio -P'",
		  "else run 'chroot /mnt mkinitcpio -P'" },
		{ BOOTLOADER_KERNEL_CMDLINE, false, false, true,
		  "write an entry into '/boot/loader/entries', and",
		  "mount the boot partition where it is not mounted, else write an entry" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;
		struct boot_chain *chain = &prospect.system.chain;

		prospect_begin(&prospect);
		prospect.plan.uses_bootloader[BOOTLOADER_GRUB] = false;
		prospect.plan.uses_bootloader[cases[i].loader] = true;
		prospect.system.grub_reads_dropins = false;
		free(prospect.system.root);
		prospect.system.root = xstrdup("/mnt");
		free(prospect.next.menu_path);
		prospect.next.menu_path = xstrdup(cases[i].loader == BOOTLOADER_BLS
							  ? "/boot/grub2/grub.cfg"
							  : "/boot/loader/entries");
		prospect.kernel.image = xstrdup("/boot/vmlinuz");
		prospect.next.menu_error = cases[i].is_menu_missing ? -ENOENT : 0;
		chain->uses_kernel_install = cases[i].is_kernel_install;
		if (cases[i].is_uki)
			chain->mkinitcpio_uki = xstrdup("x.preset");
		prospect.next.kernels[0].entry = SIZE_MAX;
		prospect_judge(&prospect);
		prospect_check(&prospect, "entry-cmdline", CHECK_WARN, "no entry",
			       cases[i].of_kernel);
		boot_menu_free(&prospect.next.menu);
		prospect_judge(&prospect);
		prospect_check(&prospect, "entry-cmdline", CHECK_FAIL,
			       "has no entry that boots", cases[i].of_all);
		free(steal_ptr(prospect.kernel.image));
		prospect_end(&prospect);
	}
}

/* As a boot partition that was full leaves it; a reason was said, and not the file. */
static void a_file_that_is_no_unified_image_is_a_failure(void **state)
{
	static const struct {
		int error;
		enum check_status status;
		const char *message, *remedy;
	} cases[] = {
		{ -ENODATA, CHECK_FAIL,
		  "'/boot/EFI/Linux/x.efi' is empty, and no unified image",
		  "run 'mkinitcpio -P'" },
		{ -EINVAL, CHECK_FAIL, "'/boot/EFI/Linux/x.efi' is no unified image",
		  "run 'mkinitcpio -P'" },
		{ -EACCES, CHECK_UNKNOWN, "'/boot/EFI/Linux/x.efi' cannot be read",
		  NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect.plan.uses_bootloader[BOOTLOADER_GRUB] = false;
		prospect.plan.uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] = true;
		prospect.system.chain.mkinitcpio_uki = xstrdup("x.preset");
		boot_menu_free(&prospect.next.menu);
		prospect.next.kernels[0].entry = SIZE_MAX;
		free(prospect.next.menu_path);
		prospect.next.menu_path = xstrdup("/boot/EFI/Linux/x.efi");
		prospect.next.menu_error = cases[i].error;
		prospect_judge(&prospect);
		prospect_check(&prospect, "entry-cmdline", cases[i].status,
			       cases[i].message, cases[i].remedy);
		if (cases[i].remedy)
			assert_null(strstr(
				prospect_result(&prospect, "entry-cmdline")->remedy,
				"mount"));
		prospect_end(&prospect);
	}
}

/* A kernel that nobody installed, a kernel that no entry boots, and no kernel at all. */
static void what_boots_next_may_be_something_else(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect_entry(&prospect, "Old", "root=x", "6.11.0");
	prospect.next.menu.chosen = 1;
	prospect_judge(&prospect);
	prospect_check(&prospect, "entry-cmdline", CHECK_FAIL,
		       "'Old', which boots next (the first entry), lacks", NULL);
	set_options(&prospect, "root=x " IDS " intel_iommu=on");
	free(prospect.next.menu.v[1].options);
	prospect.next.menu.v[1].options = xstrdup(IDS " intel_iommu=on");
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_UNKNOWN,
			     "its kernel '6.11.0' is not installed", "update-grub");
	prospect.next.menu.chosen = SIZE_MAX;
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_WARN, "is no Linux", NULL);
	prospect.next.menu.chosen = 0;
	prospect.next.kernels[0].entry = SIZE_MAX;
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_WARN,
			     "no entry of the menu boots kernel '6.12.1'", "update-grub");
	prospect_end(&prospect);
}

/* Neither dracut nor grub-mkconfig reaches what ostree deploys. */
static void a_deployed_system_is_changed_by_rpm_ostree(void **state)
{
	static const struct {
		bool has_rpm_ostree;
		const char *entry, *image;
	} cases[] = {
		{ true, "run the command 'rpm-ostree kargs' that",
		  "run the commands 'rpm-ostree initramfs' that" },
		{ false, "in the build of the image", "in the build of the image" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;

		prospect_begin(&prospect);
		prospect.system.chain.is_ostree_deployed = true;
		prospect.system.chain.has_rpm_ostree = cases[i].has_rpm_ostree;
		prospect.next.kernels[0].image.error = -ENOENT;
		set_options(&prospect, "root=x");
		prospect_judge(&prospect);
		prospect_check(&prospect, "entry-cmdline", CHECK_FAIL, "lacks",
			       cases[i].entry);
		prospect_check(&prospect, "image-present", CHECK_FAIL, "is missing",
			       cases[i].image);
		prospect_end(&prospect);
	}
}

static void another_deployment_is_judged_once_it_runs(void **state)
{
	struct prospect prospect;
	struct boot_entry *entry;

	prospect_begin(&prospect);
	prospect.system.chain.is_ostree_deployed = true;
	entry = prospect_entry(&prospect, "Next", IDS, "6.13.0");
	free(entry->where);
	entry->where = xstrdup("/boot/loader/entries/ostree-2.conf");
	prospect.next.menu.chosen = 1;
	prospect_check_alone(&prospect, "entry-cmdline", CHECK_UNKNOWN,
			     "its kernel '6.13.0' is not installed here",
			     "boot that deployment");
	prospect_end(&prospect);
}

static void kernels_to_come_lose_what_grub_is_not_told(void **state)
{
	struct prospect prospect;

	prospect_begin(&prospect);
	prospect.next.files[1].state = FILE_MISSING;
	prospect_judge(&prospect);
	prospect_check(&prospect, "default-cmdline", CHECK_FAIL,
		       "'/etc/default/grub.d/zz-vfio-bootcfg.cfg' is not as planned",
		       "generate --rebuild");
	prospect_end(&prospect);
}

static void add_source(struct prospect *prospect, const char *path, const char *text,
		       int error)
{
	struct next_boot *next = &prospect->next;

	*array_add(next->sources, next->n_sources) =
		(struct cmdline_source){ xstrdup(path), error,
					 text ? xstrdup(text) : NULL };
}

/* Without a file that says otherwise, kernel-install copies the line of what runs. */
static void kernels_to_come_get_what_kernel_install_reads(void **state)
{
	static const struct {
		const char *file, *more, *running;
		int error;
		bool is_mkinitcpio;
		enum check_status status;
		const char *message;
	} cases[] = {
		{ IDS " intel_iommu=on", NULL, NULL, 0, false, CHECK_PASS,
		  "from '/etc/kernel/cmdline'" },
		{ "root=x", NULL, NULL, 0, false, CHECK_FAIL,
		  "from '/etc/kernel/cmdline', which lacks '" IDS "'" },
		{ "root=x", IDS " intel_iommu=on", NULL, 0, true, CHECK_PASS,
		  "from '/etc/kernel/cmdline' + '/etc/cmdline.d/x.conf'" },
		{ "root=x", IDS " intel_iommu=on", NULL, 0, false, CHECK_FAIL, "lacks" },
		{ NULL, NULL, NULL, -EACCES, false, CHECK_UNKNOWN, "cannot be read" },
		{ NULL, NULL, NULL, 0, false, CHECK_FAIL,
		  "'/etc/kernel/cmdline' is missing: kernels to come" },
		{ NULL, NULL, "root=x", 0, false, CHECK_FAIL,
		  "of this boot, which lacks '" IDS "'" },
		{ NULL, NULL, "root=x intel_iommu=on " IDS, 0, false, CHECK_WARN,
		  "from another boot than this" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prospect prospect;
		struct boot_chain *chain = &prospect.system.chain;

		prospect_begin(&prospect);
		prospect.plan.uses_bootloader[BOOTLOADER_GRUB] = false;
		prospect.plan.uses_bootloader[BOOTLOADER_BLS] = true;
		chain->uses_kernel_install = !cases[i].is_mkinitcpio;
		if (cases[i].is_mkinitcpio)
			chain->mkinitcpio_uki = xstrdup("x.preset");
		if (cases[i].file || cases[i].error)
			add_source(&prospect, "/etc/kernel/cmdline", cases[i].file,
				   cases[i].error);
		if (cases[i].more)
			add_source(&prospect, "/etc/cmdline.d/x.conf", cases[i].more, 0);
		prospect.running = cases[i].running;
		prospect_check_alone(&prospect, "default-cmdline", cases[i].status,
				     cases[i].message, NULL);
		prospect_end(&prospect);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_token_that_the_entry_lacks_is_named),
		cmocka_unit_test(tokens_that_change_nothing_are_no_failure),
		cmocka_unit_test(the_remedy_is_that_of_the_entry),
		cmocka_unit_test(a_kernel_gets_its_entry_as_its_menu_is_made),
		cmocka_unit_test(a_menu_that_cannot_be_seen_is_unknown),
		cmocka_unit_test(a_missing_entry_is_made_by_what_makes_entries),
		cmocka_unit_test(a_file_that_is_no_unified_image_is_a_failure),
		cmocka_unit_test(what_boots_next_may_be_something_else),
		cmocka_unit_test(a_deployed_system_is_changed_by_rpm_ostree),
		cmocka_unit_test(another_deployment_is_judged_once_it_runs),
		cmocka_unit_test(kernels_to_come_lose_what_grub_is_not_told),
		cmocka_unit_test(kernels_to_come_get_what_kernel_install_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
