/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-boot, unified images, kernel-install. */
#include "artifact/artifact.h"
#include "unit/artifact/loaders.h"

#define ARCH	 "/boot/loader/entries/arch.conf"
#define FALLBACK "/boot/loader/entries/arch-vfio_bootcfg_fallback.conf"
#define DROPIN	 "/etc/cmdline.d/50-vfio-bootcfg.conf"
#define PRESET	 "/etc/mkinitcpio.d/linux.preset"

static void begin(struct scene *scene)
{
	scene_begin_loader(scene, BOOTLOADER_KERNEL_CMDLINE);
}

static void entries_that_were_written_by_hand_are_edited(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_entry(&scene, ARCH, 1, "title Arch\nlinux /v\noptions root=/a rw\n");
	scene_render(&scene);
	check_artifact(&scene, ARCH, 0640,
		       "title Arch\nlinux /v\noptions root=/a rw " TOKENS "\n");
	check_artifact(
		&scene, FALLBACK, 0640,
		"title Arch (without vfio-bootcfg)\nlinux /v\noptions root=/a rw " OFF
		"\n");
	/* Nothing reads it there, and it would be one more place to keep. */
	assert_null(scene_artifact(&scene, CMDLINE));
	assert_int_equal(scene.findings.n, 0);
	assert_int_equal(scene.artifacts.n_commands, 0);
	scene_end(&scene);
}

static void entries_of_kernel_install_are_made_anew(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.system.chain.uses_kernel_install = true;
	scene_entry(&scene, ARCH, 1,
		    "linux /id/6.12.0/v\noptions root=/a rw systemd.machine_id=1\n")
		->is_installed = true;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, ARCH));
	assert_null(scene_artifact(&scene, FALLBACK));
	check_artifact(&scene, CMDLINE, 0644, "root=/a rw " TOKENS "\n");
	assert_non_null(
		strstr(scene_text(&scene, PLUGIN), "end='-vfio_bootcfg_fallback.conf'"));
	check_command(&scene, 0, "kernel-install add 6.1.0 /boot/vmlinuz-6.1.0");
	check_command(&scene, 1, "kernel-install add 6.12.0 /boot/vmlinuz-6.12.0");
	scene_end(&scene);
}

/* Its partitions may be mounted, and an entry there is written anew. */
static void proxmox_boot_tool_gets_its_line_from_the_file(void **state)
{
	static const char entry[] = "/boot/efi/loader/entries/proxmox-6.12.0.conf";
	struct scene scene;

	begin(&scene);
	scene.system.chain.by_hand[BY_HAND_PROXMOX].found = true;
	scene_file(&scene, CMDLINE, "root=ZFS=a boot=zfs\n");
	scene_entry(&scene, entry, 1, "linux /v\noptions root=ZFS=a boot=zfs\n");
	scene_render(&scene);
	check_artifact(&scene, CMDLINE, 0640, "root=ZFS=a boot=zfs " TOKENS "\n");
	assert_null(scene_artifact(&scene, entry));
	check_command(&scene, 0, "proxmox-boot-tool refresh");
	assert_int_equal(scene.artifacts.n_commands, 1);
	assert_string_equal(scene_finding(&scene)->code, "no-fallback-entry");
	scene_apply(&scene);
	scene_file(&scene, entry, "linux /v\noptions root=ZFS=a boot=zfs " TOKENS "\n");
	scene_render(&scene);
	for (size_t i = 0; i < scene.artifacts.n_undone; i++)
		assert_string_not_equal(scene.artifacts.undone[i].path, entry);
	scene_end(&scene);
}

/* Generators that kernel-install runs are not run twice. */
static void kernel_install_may_make_the_images(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene.system.chain.uses_kernel_install = true;
	scene.system.chain.kernel_install_makes_initramfs = true;
	scene_file(&scene, CMDLINE, "root=/a\n");
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n_commands, 2);
	check_command(&scene, 0, "kernel-install add 6.1.0 /boot/vmlinuz-6.1.0");
	scene.system.chain.kernel_install_makes_initramfs = false;
	scene_render(&scene);
	check_command(&scene, 0, "dracut --force --regenerate-all");
	scene_end(&scene);
}

/* Edited, and edited back: the file, the file with the words. */
static void the_line_of_the_next_kernel_is_edited_by_word(void **state)
{
	static const char *const rows[][2] = {
		{ "root=/a rw\n", "root=/a rw " TOKENS "\n" },
		{ "root=/a rw", "root=/a rw " TOKENS },
		{ "root=/a \r\n", "root=/a " TOKENS " \r\n" },
		{ "# mine\n\nroot=/a\n", "# mine\n\nroot=/a " TOKENS "\n" },
		/* All lines are one; grubby knows the first. */
		{ "root=/a\nrw\n", "root=/a " TOKENS "\nrw\n" },
		{ "", TOKENS "\n" },
		{ "# mine", "# mine\n" TOKENS },
		{ "\n\n", "\n\n" TOKENS "\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		begin(&scene);
		scene_file(&scene, CMDLINE, rows[i][0]);
		scene_render(&scene);
		check_artifact(&scene, CMDLINE, 0640, rows[i][1]);
		assert_string_equal(scene_artifact(&scene, CMDLINE)->without, rows[i][0]);
		scene_apply(&scene);
		scene_render(&scene);
		check_artifact(&scene, CMDLINE, 0640, rows[i][1]);
		assert_string_equal(scene_artifact(&scene, CMDLINE)->without, rows[i][0]);
		scene_end(&scene);
	}
}

static void a_line_that_cannot_be_edited_is_an_error(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} rows[] = { { "root=\"/a\n", 9 }, { "root=/a\0\n", 9 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		begin(&scene);
		scene_file_bytes(&scene, CMDLINE, rows[i].text, rows[i].n);
		scene_render(&scene);
		assert_null(scene_artifact(&scene, CMDLINE));
		assert_string_equal(scene_finding(&scene)->code, "unfinished-file");
		assert_string_equal(scene_finding(&scene)->where, CMDLINE);
		scene_end(&scene);
	}
}

/* What a missing /etc/kernel/cmdline is made of, the surest first. */
static void a_missing_line_is_what_boots_now(void **state)
{
	static const struct {
		const char *shipped, *options, *running, *line; /* NULL line: refused */
	} rows[] = {
		{ "root=/s # x\n", "root=/e", "root=/r", "root=/s # x" },
		{ NULL, "root=/e ro", "root=/r", "root=/e ro" },
		{ NULL, "root=/e $tuned_params systemd.machine_id=1", NULL, "root=/e" },
		{ NULL, NULL, "BOOT_IMAGE=/v root=/r ro initrd=\\i " OFF, "root=/r ro" },
		/* A boot with the words of an earlier plan, or of this one. */
		{ NULL, NULL, "root=/r intel_iommu=on old=1", "root=/r" },
		{ NULL, "$kernelopts", "root=/r", "root=/r" },
		{ NULL, "$kernelopts", NULL, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_free char *expected = NULL, *entry = NULL;
		struct scene scene;

		begin(&scene);
		scene.system.chain.uses_kernel_install = true;
		scene_file(&scene, WORDS, CMDLINE "\told=1\n");
		scene_file(&scene, "/usr/lib/kernel/cmdline", rows[i].shipped);
		if (rows[i].running)
			scene.system.chain.running_cmdline = xstrdup(rows[i].running);
		if (rows[i].options) {
			entry = xasprintf("linux /v\noptions %s\n", rows[i].options);
			scene_entry(&scene, "/boot/loader/entries/0.conf", 0,
				    "linux /v\noptions root=/older\n");
			scene_entry(&scene, ARCH, 1, entry);
		}
		scene_render(&scene);
		if (rows[i].line) {
			expected = xasprintf("%s " TOKENS "\n", rows[i].line);
			assert_string_equal(scene_text(&scene, CMDLINE), expected);
			assert_null(scene_artifact(&scene, CMDLINE)->without);
		} else {
			assert_null(scene_artifact(&scene, CMDLINE));
			assert_string_equal(scene_finding(&scene)->code,
					    "cmdline-unknown");
			assert_int_equal(scene_finding(&scene)->severity, SEVERITY_ERROR);
		}
		scene_end(&scene);
	}
}

static void a_unified_image_gets_a_drop_in_beside_its_own_line(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.system.chain.mkinitcpio_uki = xstrdup(PRESET);
	scene.system.chain.mkinitcpio_reads_cmdline_d = true;
	scene_file(&scene, CMDLINE, "root=/a rw\n");
	scene_render(&scene);
	check_artifact(&scene, DROPIN, 0644, HEADER TOKENS "\n");
	assert_null(scene_artifact(&scene, CMDLINE));
	assert_string_equal(scene_finding(&scene)->code, "no-fallback-entry");
	/* What another file of it says already is not given twice. */
	scene_file(&scene, "/etc/cmdline.d/10-mine.conf", "# x\nintel_iommu=on\n");
	scene_render(&scene);
	check_artifact(&scene, DROPIN, 0644, HEADER IDS "\n");
	scene_end(&scene);
}

/* The first file in /etc/cmdline.d takes the place of the running kernel's line. */
static void a_unified_image_never_loses_its_root(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.system.chain.mkinitcpio_uki = xstrdup(PRESET);
	scene.system.chain.mkinitcpio_reads_cmdline_d = true;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, DROPIN));
	assert_null(scene_artifact(&scene, CMDLINE));
	assert_true(findings_have_errors(&scene.findings));
	scene.system.chain.running_cmdline = xstrdup("root=/r rw");
	scene_render(&scene);
	assert_null(scene_artifact(&scene, DROPIN));
	assert_string_equal(scene_text(&scene, CMDLINE), "root=/r rw " TOKENS "\n");
	/* From then on the file is there, and the drop-in would do: the words must not
	 * be lost in between. */
	scene_apply(&scene);
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, CMDLINE), "root=/r rw " TOKENS "\n");
	scene_end(&scene);
}

static void an_older_mkinitcpio_reads_one_file(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.system.chain.mkinitcpio_uki = xstrdup(PRESET);
	scene_file(&scene, CMDLINE, "root=/a rw\n");
	scene_render(&scene);
	assert_null(scene_artifact(&scene, DROPIN));
	assert_string_equal(scene_text(&scene, CMDLINE), "root=/a rw " TOKENS "\n");
	scene_end(&scene);
}

static void an_image_from_elsewhere_is_answered_with_an_addon(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.system.chain.foreign_uki = xstrdup("/efi/EFI/Linux/a.efi");
	scene_render(&scene);
	assert_string_equal(scene_finding(&scene)->code, "by-hand");
	assert_string_equal(
		scene_finding(&scene)->remedy,
		"ukify build --cmdline='" TOKENS
		"' --output=/efi/EFI/Linux/a.efi.extra.d/vfio-bootcfg.addon.efi");
	scene_end(&scene);
}

static void where_nothing_carries_the_line_it_is_an_error(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	assert_string_equal(scene_finding(&scene)->code, "no-entry");
	assert_int_equal(scene_finding(&scene)->severity, SEVERITY_ERROR);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_that_were_written_by_hand_are_edited),
		cmocka_unit_test(entries_of_kernel_install_are_made_anew),
		cmocka_unit_test(kernel_install_may_make_the_images),
		cmocka_unit_test(the_line_of_the_next_kernel_is_edited_by_word),
		cmocka_unit_test(a_line_that_cannot_be_edited_is_an_error),
		cmocka_unit_test(a_missing_line_is_what_boots_now),
		cmocka_unit_test(a_unified_image_gets_a_drop_in_beside_its_own_line),
		cmocka_unit_test(a_unified_image_never_loses_its_root),
		cmocka_unit_test(proxmox_boot_tool_gets_its_line_from_the_file),
		cmocka_unit_test(an_older_mkinitcpio_reads_one_file),
		cmocka_unit_test(an_image_from_elsewhere_is_answered_with_an_addon),
		cmocka_unit_test(where_nothing_carries_the_line_it_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
