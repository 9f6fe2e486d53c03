/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/artifact.h"
#include "unit/artifact/scene.h"

#define MODPROBE "/etc/modprobe.d/00-vfio-bootcfg.conf"
#define DRACUT	 "/etc/dracut.conf.d/50-vfio-bootcfg.conf"
#define GRUB	 "/etc/default/grub"
#define RECORD	 "/var/lib/vfio-bootcfg/reservation"

static void dracut_loads_first_and_carries_the_softdeps(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n, 4);
	check_artifact(&scene, DRACUT, 0644,
		       HEADER "force_drivers+=\" vfio_pci vfio vfio_iommu_type1 \"\n"
			      "install_items+=\" " MODPROBE " \"\n");
	check_artifact(&scene, MODPROBE, 0644, HEADER "softdep radeon pre: vfio-pci\n");
	check_artifact(&scene, RECORD, 0644,
		       "# What 'vfio-bootcfg generate' reserved last; do not edit.\n"
		       "target gpu 0000:29:00.0 1002:68c8:174b:3000\n");
	check_command(&scene, 0, "dracut --force --regenerate-all");
	assert_int_equal(scene.artifacts.n_commands, 1);
	check_artifact(&scene, WAY_BACK_PATH, 0644, "dracut --force --regenerate-all\n");
	scene_end(&scene);
}

/* Names that a kernel lacks make dracut drop those behind them, so a driver that is built
 * in everywhere leaves nothing to say. */
static void a_driver_that_is_built_in_needs_no_file(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	strings_free(&scene.plan.modules);
	free(scene.plan.softdeps->module);
	strings_free(&scene.plan.softdeps->pre);
	scene.plan.n_softdeps = 0;
	for (size_t i = 0; i < INITRAMFS_KINDS; i++)
		scene.plan.uses_initramfs[i] = true;
	scene.system.mkinitcpio_reads_dropins = true;
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n, 2);
	assert_string_equal(scene.artifacts.v[0].path, RECORD);
	assert_string_equal(scene.artifacts.v[1].path, WAY_BACK_PATH);
	assert_int_equal(scene.artifacts.n_commands, 3);
	scene_end(&scene);
}

static void softdeps_keep_what_was_there(void **state)
{
	struct scene scene;
	struct plan_softdep *softdep;

	scene_begin(&scene);
	softdep = array_add(scene.plan.softdeps, scene.plan.n_softdeps);
	softdep->module = xstrdup("r8169");
	strings_add(&softdep->pre, "vfio-pci");
	strings_add(&softdep->pre, "realtek");
	strings_add(&softdep->post, "foo");
	scene_render(&scene);
	check_artifact(&scene, MODPROBE, 0644,
		       HEADER "softdep radeon pre: vfio-pci\n"
			      "softdep r8169 pre: vfio-pci realtek post: foo\n");
	scene_end(&scene);
}

/* The drop-in begins with an empty line: mkinitcpio joins its files with cat, and the one
 * before may have no newline at its end. */
static void mkinitcpio_gets_a_drop_in(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_MKINITCPIO] = true;
	scene.system.mkinitcpio_reads_dropins = true;
	scene_render(&scene);
	check_artifact(&scene, "/etc/mkinitcpio.conf.d/10-vfio-bootcfg.conf", 0644,
		       "\n" HEADER
		       "[[ ${MODULES@a} == *a* ]] || read -ra MODULES <<<\"$MODULES\"\n"
		       "MODULES=(vfio_pci vfio vfio_iommu_type1 \"${MODULES[@]}\")\n"
		       "[[ ${FILES@a} == *a* ]] || read -ra FILES <<<\"$FILES\"\n"
		       "FILES+=(" MODPROBE ")\n"
		       "[[ ${HOOKS@a} == *a* ]] || read -ra HOOKS <<<\"$HOOKS\"\n"
		       "if [[ -e /usr/lib/initcpio/install/vfio-bootcfg ]]; then\n"
		       "	HOOKS+=(vfio-bootcfg)\n"
		       "fi\n");
	check_command(&scene, 0, "mkinitcpio -P");
	scene_end(&scene);
}

static void an_older_mkinitcpio_gets_a_block(void **state)
{
	static const char text[] = "MODULES=(amdgpu)\nHOOKS=(base udev)";
	struct scene scene;
	const struct artifact *artifact;

	scene_begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_MKINITCPIO] = true;
	scene_file(&scene, "/etc/mkinitcpio.conf", text);
	scene_render(&scene);
	artifact = scene_artifact(&scene, "/etc/mkinitcpio.conf");
	assert_non_null(artifact);
	assert_int_equal(artifact->mode, 0640); /* the file's own */
	assert_int_equal(strncmp(artifact->bytes, text, sizeof text - 1), 0);
	assert_non_null(strstr(artifact->bytes, "\nMODULES=(vfio_pci "));
	assert_string_equal(artifact->without, text);
	assert_int_equal(artifact->without_size, sizeof text - 1);
	scene_end(&scene);
}

static void initramfs_tools_get_a_hook_and_a_script_before_udev(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_initramfs[INITRAMFS_TOOLS] = true;
	scene_render(&scene);
	check_artifact(&scene, "/etc/initramfs-tools/hooks/vfio-bootcfg", 0755,
		       "#!/bin/sh\n" HEADER "[ \"$1\" = prereqs ] && exit 0\n"
		       ". /usr/share/initramfs-tools/hook-functions\n"
		       "manual_add_modules vfio_pci vfio vfio_iommu_type1\n");
	check_artifact(&scene, "/etc/initramfs-tools/scripts/init-top/00-vfio-bootcfg",
		       0755,
		       "#!/bin/sh\n" HEADER "[ \"$1\" = prereqs ] && exit 0\n"
		       "/sbin/modprobe -a vfio_pci vfio vfio_iommu_type1\n");
	check_command(&scene, 0, "update-initramfs -u -k all");
	scene_end(&scene);
}

static void every_generator_takes_the_early_binder_along(void **state)
{
	static const struct {
		enum initramfs_kind kind;
		const char *path, *text;
	} rows[] = {
		{ INITRAMFS_DRACUT, DRACUT, "add_dracutmodules+=\" vfio-bootcfg \"\n" },
		{ INITRAMFS_MKINITCPIO, "/etc/mkinitcpio.conf.d/10-vfio-bootcfg.conf",
		  "HOOKS+=(vfio-bootcfg)\n" },
		{ INITRAMFS_TOOLS, "/etc/vfio-bootcfg/early", HEADER },
	};

	_Static_assert(sizeof rows / sizeof *rows == INITRAMFS_KINDS, "one row a kind");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;
		const struct artifact *artifact;

		scene_begin(&scene);
		scene.system.mkinitcpio_reads_dropins = true;
		scene.plan.uses_initramfs[rows[i].kind] = true;
		scene_render(&scene);
		artifact = scene_artifact(&scene, rows[i].path);
		/* mkinitcpio's hook also orders udev after the modules of every plan. */
		assert_true(rows[i].kind == INITRAMFS_MKINITCPIO || !artifact ||
			    !strstr(artifact->bytes, rows[i].text));
		scene.plan.needs_early = true;
		scene_render(&scene);
		artifact = scene_artifact(&scene, rows[i].path);
		assert_non_null(artifact);
		assert_non_null(strstr(artifact->bytes, rows[i].text));
		scene_end(&scene);
	}
}

static void targets_that_were_not_seen_are_not_recorded(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.targets->function = NULL;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, RECORD));
	scene_end(&scene);
}

static void artifacts_are_sorted_and_their_paths_are_probed(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.needs_early = true;
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	for (size_t i = 0; i < INITRAMFS_KINDS; i++)
		scene.plan.uses_initramfs[i] = true;
	for (int dropins = 0; dropins < 2; dropins++) {
		scene.system.grub_reads_dropins = dropins;
		scene.system.mkinitcpio_reads_dropins = dropins;
		scene_file(&scene, GRUB, "");
		scene_file(&scene, "/etc/mkinitcpio.conf", "");
		scene_render(&scene);
		for (size_t i = 0; i < scene.artifacts.n; i++) {
			size_t k = 0;

			while (k < artifact_n_paths &&
			       strcmp(artifact_paths[k], scene.artifacts.v[i].path) != 0)
				k++;
			assert_true(k < artifact_n_paths);
			assert_true(!i || strcmp(scene.artifacts.v[i - 1].path,
						 scene.artifacts.v[i].path) < 0);
		}
	}
	/* The loader's command comes last: some list the images that they find. */
	check_command(&scene, 3, "update-grub");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dracut_loads_first_and_carries_the_softdeps),
		cmocka_unit_test(a_driver_that_is_built_in_needs_no_file),
		cmocka_unit_test(softdeps_keep_what_was_there),
		cmocka_unit_test(mkinitcpio_gets_a_drop_in),
		cmocka_unit_test(an_older_mkinitcpio_gets_a_block),
		cmocka_unit_test(initramfs_tools_get_a_hook_and_a_script_before_udev),
		cmocka_unit_test(every_generator_takes_the_early_binder_along),
		cmocka_unit_test(targets_that_were_not_seen_are_not_recorded),
		cmocka_unit_test(artifacts_are_sorted_and_their_paths_are_probed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
