/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chains that nothing is written for are seen, and what belongs to them is not taken for
 * another chain. */
#include "probe/detect.h"

#include "unit/probe/root.h"

enum { FILES = 4 };

/* Files of an otherwise empty root, and the evidence that they must be. */
static const struct {
	enum by_hand_kind kind;
	const char *files[FILES]; /* 'PATH' or 'PATH TEXT' */
	const char *evidence;	  /* or NULL: it is none */
} rows[] = {
	{ BY_HAND_BOOSTER,
	  { "usr/bin/booster",
	    "usr/share/libalpm/hooks/90-booster-install.hook [Trigger]\n" },
	  "usr/bin/booster and the hook 90-booster-install.hook of pacman" },
	{ BY_HAND_BOOSTER,
	  { "usr/bin/booster",
	    "usr/share/libalpm/hooks/90-booster-install.hook [Trigger]\n",
	    "etc/pacman.d/hooks/90-booster-install.hook" },
	  NULL },
	{ BY_HAND_BOOSTER,
	  { "usr/bin/booster", "etc/booster.yaml" },
	  "usr/bin/booster and etc/booster.yaml" },
	{ BY_HAND_BOOSTER, { "usr/bin/booster" }, NULL },
	{ BY_HAND_MKINITFS,
	  { "sbin/mkinitfs", "etc/mkinitfs/mkinitfs.conf" },
	  "sbin/mkinitfs and etc/mkinitfs/mkinitfs.conf" },
	{ BY_HAND_MKINITFS, { "sbin/mkinitfs" }, NULL },
	{ BY_HAND_NIXOS, { "etc/NIXOS" }, "etc/NIXOS" },
	{ BY_HAND_EXTLINUX, { "etc/update-extlinux.conf" }, "etc/update-extlinux.conf" },
	{ BY_HAND_EXTLINUX,
	  { "boot/extlinux/extlinux.conf" },
	  "boot/extlinux/extlinux.conf" },
	{ BY_HAND_KERNELSTUB,
	  { "etc/kernelstub/configuration", "usr/bin/kernelstub" },
	  "etc/kernelstub/configuration and usr/bin/kernelstub" },
	/* What a removed package leaves. */
	{ BY_HAND_KERNELSTUB, { "etc/kernelstub/configuration" }, NULL },
	{ BY_HAND_LIMINE, { "boot/limine.conf" }, "boot/limine.conf" },
	{ BY_HAND_LIMINE,
	  { "usr/bin/limine-entry-tool", "boot/limine.conf" },
	  "usr/bin/limine-entry-tool" },
	{ BY_HAND_PROXMOX,
	  { "etc/kernel/proxmox-boot-uuids AB12-CD34\n" },
	  "etc/kernel/proxmox-boot-uuids" },
	{ BY_HAND_REFIND, { "boot/refind_linux.conf" }, "boot/refind_linux.conf" },
	{ BY_HAND_SDBOOT_MANAGE,
	  { "usr/bin/sdboot-manage", "etc/sdboot-manage.conf" },
	  "usr/bin/sdboot-manage and etc/sdboot-manage.conf" },
	{ BY_HAND_SDBOOTUTIL,
	  { "usr/bin/sdbootutil", "etc/sysconfig/bootloader # LOADER_TYPE=\"grub2\"\n"
				  "LOADER_TYPE=\"systemd-boot\" # mine\n" },
	  "usr/bin/sdbootutil and 'systemd-boot' in etc/sysconfig/bootloader" },
	/* The program comes along where perl-bootloader keeps GRUB. */
	{ BY_HAND_SDBOOTUTIL,
	  { "usr/bin/sdbootutil",
	    "etc/sysconfig/bootloader LOADER_TYPE=\"grub2-efi\"\n" },
	  NULL },
	{ BY_HAND_SDBOOTUTIL,
	  { "usr/bin/sdbootutil", "boot/efi/loader/entries/a.conf title a\n" },
	  "usr/bin/sdbootutil and boot/efi/loader/entries" },
	{ BY_HAND_SDBOOTUTIL, { "usr/bin/sdbootutil" }, NULL },
};

static void write_file(const char *file)
{
	size_t n = strcspn(file, " ");
	cleanup_free char *path = xstrndup(file, n);

	folder_write(path, file + n + (file[n] == ' '));
}

static void every_one_is_told_by_its_evidence(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct detection *found;
		struct site site;

		site_begin(&site, NULL);
		for (size_t k = 0; k < FILES && rows[i].files[k]; k++)
			write_file(rows[i].files[k]);
		site_probe(&site);
		found = &site.system.chain.by_hand[rows[i].kind];
		assert_int_equal(found->found, rows[i].evidence != NULL);
		if (rows[i].evidence)
			assert_string_equal(found->evidence, rows[i].evidence);
		for (size_t kind = 0; kind < BY_HAND_KINDS; kind++)
			assert_true(kind == rows[i].kind ||
				    !site.system.chain.by_hand[kind].found);
		site_end(&site);
	}
}

/* What is a part of another chain: its files, the root it is laid over, and the loader
 * that must not be found there. */
static void what_belongs_to_another_chain_is_not_taken_for_one(void **state)
{
	static const struct {
		const char *kind, *path, *with;
		enum bootloader_kind loader;
	} cases[] = {
		{ "debian12", "etc/NIXOS", NULL, BOOTLOADER_GRUB },
		{ "debian12", "run/ostree-booted", NULL, BOOTLOADER_GRUB },
		{ "fedora-like", "usr/bin/sdbootutil", NULL, BOOTLOADER_BLS },
		{ "arch-systemd-boot", "etc/kernelstub/configuration",
		  "usr/bin/kernelstub", BOOTLOADER_KERNEL_CMDLINE },
		{ "arch-systemd-boot", "etc/kernel/proxmox-boot-uuids", NULL,
		  BOOTLOADER_KERNEL_CMDLINE },
		{ "arch-systemd-boot", "etc/sdboot-manage.conf", "usr/bin/sdboot-manage",
		  BOOTLOADER_KERNEL_CMDLINE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, cases[i].kind);
		site_probe(&site);
		assert_true(site.system.bootloader[cases[i].loader].found);
		folder_write(cases[i].path, "");
		if (cases[i].with)
			folder_write(cases[i].with, "");
		site_probe(&site);
		assert_false(site.system.bootloader[cases[i].loader].found);
		assert_null(site.system.bootloader[cases[i].loader].evidence);
		site_end(&site);
	}
}

/* GRUB stays where proxmox-boot-tool may keep it: the configuration decides. */
static void two_loaders_are_both_said(void **state)
{
	struct site site;

	site_begin(&site, "debian12");
	folder_write("etc/kernel/proxmox-boot-uuids", "");
	site_probe(&site);
	assert_true(site.system.bootloader[BOOTLOADER_GRUB].found);
	assert_true(site.system.chain.by_hand[BY_HAND_PROXMOX].found);
	site_end(&site);
}

static void nixos_makes_its_images_itself(void **state)
{
	struct site site;

	site_begin(&site, "debian12");
	folder_write("etc/NIXOS", "");
	site_probe(&site);
	for (size_t i = 0; i < INITRAMFS_KINDS; i++)
		assert_false(site.system.initramfs[i].found);
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_one_is_told_by_its_evidence),
		cmocka_unit_test(what_belongs_to_another_chain_is_not_taken_for_one),
		cmocka_unit_test(two_loaders_are_both_said),
		cmocka_unit_test(nixos_makes_its_images_itself),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
