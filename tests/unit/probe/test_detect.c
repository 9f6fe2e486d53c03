/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/detect.h"

#include "unit/probe/root.h"

static void assert_evidence(const struct detection *detection, const char *expected)
{
	assert_int_equal(detection->found, expected != NULL);
	if (expected)
		assert_string_equal(detection->evidence, expected);
	else
		assert_null(detection->evidence);
}

#define POSTINST     "etc/kernel/postinst.d/"
#define PLUGIN	     "usr/bin/dracut and usr/lib/kernel/install.d/50-dracut.install"
#define SYSTEMD_BOOT "boot/EFI/systemd/systemd-bootx64.efi"
#define MKINITCPIO   "usr/bin/mkinitcpio and the hook 90-mkinitcpio-install.hook of pacman"

static const struct {
	const char *kind;
	const char *initramfs[INITRAMFS_KINDS];	  /* evidence */
	const char *bootloader[BOOTLOADER_KINDS]; /* evidence */
	bool grub_reads_dropins, mkinitcpio_reads_dropins;
} roots[] = {
	{ "debian12",
	  { [INITRAMFS_TOOLS] = "usr/sbin/mkinitramfs and " POSTINST "initramfs-tools" },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  true,
	  false },
	{ "debian12-dracut",
	  { [INITRAMFS_DRACUT] = "usr/bin/dracut and " POSTINST "dracut" },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  true,
	  false },
	/* dracut-install comes with initramfs-tools. */
	{ "debian13-two-kernels",
	  { [INITRAMFS_TOOLS] = "usr/sbin/mkinitramfs and " POSTINST "initramfs-tools" },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  true,
	  false },
	/* A program named update-initramfs is no initramfs-tools. */
	{ "ubuntu2604-like",
	  { [INITRAMFS_DRACUT] = "usr/bin/dracut and " POSTINST "dracut" },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  true,
	  false },
	{ "arch",
	  { [INITRAMFS_MKINITCPIO] = MKINITCPIO },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  false,
	  true },
	{ "arch-old",
	  { [INITRAMFS_MKINITCPIO] = MKINITCPIO },
	  { [BOOTLOADER_GRUB] = "etc/default/grub and usr/sbin/grub-mkconfig" },
	  false,
	  false },
	{ "fedora-like",
	  { [INITRAMFS_DRACUT] = PLUGIN },
	  { [BOOTLOADER_BLS] = "etc/default/grub and GRUB_ENABLE_BLSCFG=true" },
	  false,
	  false },
	{ "arch-systemd-boot",
	  { [INITRAMFS_MKINITCPIO] = MKINITCPIO },
	  { [BOOTLOADER_KERNEL_CMDLINE] =
		    SYSTEMD_BOOT " and boot/loader/entries/arch-fallback.conf" },
	  false,
	  true },
	{ "arch-uki",
	  { [INITRAMFS_MKINITCPIO] = MKINITCPIO },
	  { [BOOTLOADER_KERNEL_CMDLINE] = SYSTEMD_BOOT },
	  false,
	  true },
	{ "kernel-install",
	  { [INITRAMFS_DRACUT] = PLUGIN },
	  { [BOOTLOADER_KERNEL_CMDLINE] =
		    "efi/EFI/systemd/systemd-bootx64.efi and efi/loader/entries/"
		    "0123456789abcdef0123456789abcdef-6.14.5-300.fc42.x86_64.conf" },
	  false,
	  false },
	{ "ostree-deployed",
	  { [INITRAMFS_DRACUT] = PLUGIN },
	  { [BOOTLOADER_OSTREE] = "run/ostree-booted" },
	  false,
	  false },
	{ "bootc-image",
	  { [INITRAMFS_DRACUT] = PLUGIN },
	  { [BOOTLOADER_OSTREE] = "usr/bin/bootc, ostree and sysroot" },
	  false,
	  false },
	{ "empty", { NULL }, { NULL }, false, false },
};

static void every_root_is_told_by_its_evidence(void **state)
{
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		struct site site;

		site_begin(&site, roots[i].kind);
		site_probe(&site);
		for (size_t k = 0; k < INITRAMFS_KINDS; k++)
			assert_evidence(&site.system.initramfs[k], roots[i].initramfs[k]);
		for (size_t k = 0; k < BOOTLOADER_KINDS; k++)
			assert_evidence(&site.system.bootloader[k],
					roots[i].bootloader[k]);
		assert_int_equal(site.system.grub_reads_dropins,
				 roots[i].grub_reads_dropins);
		assert_int_equal(site.system.mkinitcpio_reads_dropins,
				 roots[i].mkinitcpio_reads_dropins);
		assert_int_equal(site.findings.n, 0);
		if (strcmp(roots[i].kind, "arch-uki") == 0)
			assert_string_equal(site.system.chain.mkinitcpio_image,
					    "/boot/EFI/Linux/arch-linux.efi");
		site_end(&site);
	}
}

/* One file more or less in a root, and whether the generator is still found. */
struct change {
	const char *remove, *write, *text, *link; /* NULL where it does not */
	bool found;
};

static void assert_changes(const char *kind, enum initramfs_kind initramfs,
			   const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct change *change = &changes[i];
		struct site site;

		site_begin(&site, kind);
		if (change->remove)
			assert_int_equal(unlink(folder_path(change->remove)), 0);
		if (change->link)
			folder_link(change->write, change->link);
		else if (change->write)
			folder_write(change->write, change->text);
		site_probe(&site);
		assert_int_equal(site.system.initramfs[initramfs].found, change->found);
		site_end(&site);
	}
}

#define changes_are(kind, initramfs, changes)          \
	assert_changes((kind), (initramfs), (changes), \
		       sizeof(changes) / sizeof *(changes))

static void what_a_removed_package_leaves_is_no_proof(void **state)
{
	static const struct change tools[] = {
		{ .remove = "usr/sbin/mkinitramfs", .found = false },
		{ .remove = POSTINST "initramfs-tools", .found = false },
		{ .remove = "usr/sbin/update-initramfs", .found = true },
		{ .remove = POSTINST "initramfs-tools",
		  .write = "usr/share/kernel/postinst.d/initramfs-tools",
		  .text = "#!/bin/sh\n",
		  .found = true },
	};
	static const struct change dracut[] = {
		{ .remove = "usr/bin/dracut", .found = false },
		/* The plugin for kernel-install stays, and nothing of dpkg runs it. */
		{ .remove = POSTINST "dracut", .found = false },
	};

	changes_are("debian12", INITRAMFS_TOOLS, tools);
	changes_are("debian12-dracut", INITRAMFS_DRACUT, dracut);
}

static void a_masked_hook_runs_nothing(void **state)
{
	static const char own[] = "etc/pacman.d/hooks/90-mkinitcpio-install.hook";
	static const struct change mkinitcpio[] = {
		{ .write = own, .link = "/dev/null", .found = false },
		{ .write = own, .text = "", .found = false },
		{ .write = own, .text = "[Trigger]\n", .found = true },
		{ .remove = "usr/share/libalpm/hooks/90-mkinitcpio-install.hook",
		  .found = false },
		{ .remove = "usr/bin/mkinitcpio", .found = false },
	};
	static const char plugin[] = "etc/kernel/install.d/50-dracut.install";
	static const struct change dracut[] = {
		{ .write = plugin, .link = "/dev/null", .found = false },
		{ .write = plugin, .text = "", .found = false },
		{ .write = plugin, .text = "#!/bin/sh\n", .found = true },
		{ .remove = "usr/lib/kernel/install.d/50-dracut.install",
		  .found = false },
		{ .write = "usr/bin/sdbootutil", .text = "#!/bin/bash\n", .found = true },
	};

	changes_are("arch", INITRAMFS_MKINITCPIO, mkinitcpio);
	changes_are("fedora-like", INITRAMFS_DRACUT, dracut);
}

#define HOOK(operation, program)                                                 \
	"[Trigger]\nType = Path\nOperation = " operation "\n"                    \
	"Target = usr/lib/modules/*/pkgbase\n[Action]\nWhen = PostTransaction\n" \
	"Exec = " program "\n"

static void where_pacman_is_only_its_hooks_run_dracut(void **state)
{
	static const struct {
		const char *hook, *text;
		bool has_mkinitcpio;
		const char *evidence;
	} cases[] = {
		{ "usr/share/libalpm/hooks/90-dracut-install.hook",
		  HOOK("Install", "/usr/share/libalpm/scripts/dracut-install"), true,
		  "usr/bin/dracut and usr/share/libalpm/hooks/90-dracut-install.hook" },
		{ "etc/pacman.d/hooks/mine.hook", HOOK("Install", "/usr/bin/dracut"),
		  true, "usr/bin/dracut and etc/pacman.d/hooks/mine.hook" },
		{ "etc/pacman.d/hooks/mine.hook", HOOK("Remove", "/usr/bin/dracut"), true,
		  NULL },
		{ "etc/pacman.d/hooks/mine.hook",
		  "# Exec = dracut\nOperation = Install\n", true, NULL },
		{ "usr/share/libalpm/hooks/90-kernel-install.hook",
		  HOOK("Install", "/usr/bin/kernel-install add-all"), false,
		  "usr/bin/dracut and usr/share/libalpm/hooks/90-kernel-install.hook" },
		{ "usr/share/libalpm/hooks/90-kernel-install.hook",
		  HOOK("Install", "/usr/bin/kernel-install add-all"), true, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "arch");
		folder_write("usr/bin/dracut", "#!/bin/bash\n");
		folder_write("usr/lib/kernel/install.d/50-dracut.install",
			     "#!/bin/bash\n");
		folder_write(cases[i].hook, cases[i].text);
		if (!cases[i].has_mkinitcpio)
			assert_int_equal(unlink(folder_path("usr/bin/mkinitcpio")), 0);
		site_probe(&site);
		assert_evidence(&site.system.initramfs[INITRAMFS_DRACUT],
				cases[i].evidence);
		site_end(&site);
	}
}

static void drop_ins_of_mkinitcpio_are_read_since_36(void **state)
{
	static const struct {
		const char *program;
		bool reads;
		const char *code; /* of the one finding, or NULL */
	} cases[] = {
		{ "declare -r version='41'\n", true, NULL },
		{ "declare -r version=36\n", true, NULL },
		{ "declare -r version=\"39.2.10.gabcdef\"\n", true, NULL },
		{ "declare -r version=35.2\n", false, NULL },
		{ "declare -r version=4\n", false, NULL },
		{ "my_version=99\ndeclare -r version=35\n", false, NULL },
		{ "echo nothing\n", false, "mkinitcpio-version" },
		{ "declare -r version='%VERSION%'\n_optconfd=1\n", true, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "arch");
		folder_write("usr/bin/mkinitcpio", cases[i].program);
		site_probe(&site);
		assert_int_equal(site.system.mkinitcpio_reads_dropins, cases[i].reads);
		assert_int_equal(site.findings.n, cases[i].code ? 1 : 0);
		if (cases[i].code)
			assert_string_equal(site.findings.v[0].code, cases[i].code);
		site_end(&site);
	}
}

/* Presets of before 36 stay as they are when mkinitcpio is updated. */
static void a_preset_that_names_its_configuration_leaves_drop_ins_out(void **state)
{
	static const struct {
		const char *text;
		bool reads;
		const char *code; /* of the one finding, or NULL */
	} cases[] = {
		{ "PRESETS=('default')\n#ALL_config=\"/etc/mkinitcpio.conf\"\n", true,
		  NULL },
		{ "\nALL_config=\"/etc/mkinitcpio.conf\"\n", false,
		  "preset-without-dropins" },
		{ "\n  default_config=/etc/mkinitcpio.conf # mine\n", false,
		  "preset-without-dropins" },
		{ "\nfallback_config='/etc/mkinitcpio-fallback.conf'\n", false,
		  "preset-other-config" },
		{ "\nALL_config=\"\"\nALL_config=\n", true, NULL },
		{ "\nALL_kver=/boot/vmlinuz_config=x\n", true, NULL },
		{ "\n_config=x\n=\necho a_config=b\n", true, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "arch");
		folder_write("etc/mkinitcpio.d/zen.preset", cases[i].text);
		folder_write("etc/mkinitcpio.d/zen.preset.pacsave",
			     "ALL_config=/etc/mkinitcpio.conf\n");
		site_probe(&site);
		assert_int_equal(site.system.mkinitcpio_reads_dropins, cases[i].reads);
		assert_int_equal(site.findings.n, cases[i].code ? 1 : 0);
		if (cases[i].code) {
			assert_string_equal(site.findings.v[0].code, cases[i].code);
			assert_string_equal(site.findings.v[0].where,
					    "/etc/mkinitcpio.d/zen.preset:2");
		}
		site_end(&site);
	}
}

static void grub_reads_drop_ins_only_where_its_program_does(void **state)
{
	static const struct {
		const char *program;
		bool reads;
	} cases[] = {
		{ "for x in ${sysconfdir}/default/grub.d/*.cfg ; do\n", true },
		{ "  for x in /etc/default/grub.d/*.cfg\n", true },
		{ ". /etc/default/grub\n", false },
		{ "  # not /etc/default/grub.d\n", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "debian12");
		folder_write("usr/sbin/grub-mkconfig", cases[i].program);
		site_probe(&site);
		assert_int_equal(site.system.grub_reads_dropins, cases[i].reads);
		site_end(&site);
	}
}

static void options_are_read_from_the_environment_block(void **state)
{
	struct site site;

	site_begin(&site, "fedora-like");
	site_probe(&site);
	assert_null(site.system.chain.kernelopts);
	site_end(&site);
	site_begin(&site, "fedora-like");
	folder_write(
		"boot/grub2/grubenv",
		"# GRUB Environment Block\nsaved_entry=0\nkernelopts=root=/a ro\n###");
	site_probe(&site);
	assert_string_equal(site.system.chain.kernelopts, "root=/a ro");
	site_end(&site);
}

static void grub_without_its_generator_is_noted(void **state)
{
	struct finding finding;
	struct site site;

	site_begin(&site, "debian12");
	assert_int_equal(unlink(folder_path("usr/sbin/grub-mkconfig")), 0);
	site_probe(&site);
	assert_evidence(&site.system.bootloader[BOOTLOADER_GRUB], "etc/default/grub");
	assert_false(site.system.grub_reads_dropins);
	finding = site_finding(&site, "no-grub-mkconfig");
	assert_int_equal(finding.severity, SEVERITY_NOTE);
	site_end(&site);
}

/* kernel-install leaves entries on systems whose GRUB never looks at them. */
static void entries_are_the_menu_only_where_it_reads_them(void **state)
{
	static const struct {
		const char *settings, *menu;
		bool is_bls;
	} cases[] = {
		{ "A=b\n", "menuentry 'Debian' {\n}\n", false },
		{ "A=b\n", "# blscfg\ninsmod blscfg\n", false },
		{ "A=b\n", "blscfg_old\n", false },
		{ "A=b\n", "insmod blscfg\nblscfg\n", true },
		{ "A=b\n", "if [ \"$a\" ]; then\n  blscfg \nfi\n", true },
		{ "GRUB_ENABLE_BLSCFG=false\n", "blscfg\n", false },
		{ "GRUB_ENABLE_BLSCFG=true\n", "menuentry 'Debian' {\n}\n", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "debian12");
		folder_write("boot/loader/entries/a-6.1.0-50-amd64.conf",
			     "version 6.1.0-50-amd64\nlinux /vmlinuz-6.1.0-50-amd64\n");
		folder_write("etc/default/grub", cases[i].settings);
		folder_write("boot/grub/grub.cfg", cases[i].menu);
		site_probe(&site);
		assert_int_equal(site.system.bootloader[BOOTLOADER_BLS].found,
				 cases[i].is_bls);
		assert_int_equal(site.system.bootloader[BOOTLOADER_GRUB].found,
				 !cases[i].is_bls);
		site_end(&site);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_root_is_told_by_its_evidence),
		cmocka_unit_test(what_a_removed_package_leaves_is_no_proof),
		cmocka_unit_test(a_masked_hook_runs_nothing),
		cmocka_unit_test(where_pacman_is_only_its_hooks_run_dracut),
		cmocka_unit_test(drop_ins_of_mkinitcpio_are_read_since_36),
		cmocka_unit_test(
			a_preset_that_names_its_configuration_leaves_drop_ins_out),
		cmocka_unit_test(grub_reads_drop_ins_only_where_its_program_does),
		cmocka_unit_test(options_are_read_from_the_environment_block),
		cmocka_unit_test(grub_without_its_generator_is_noted),
		cmocka_unit_test(entries_are_the_menu_only_where_it_reads_them),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
