/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not written for is answered with lines that can be typed as they stand; ostree
 * has some of both. */
#include "artifact/artifact.h"
#include "unit/artifact/loaders.h"

#define KARGS "/usr/lib/bootc/kargs.d/50-vfio-bootcfg.toml"

static const struct {
	enum by_hand_kind kind;
	const char *evidence;
	const char *where, *line;
} rows[] = {
	{ BY_HAND_BOOSTER, "e", "/etc/booster.yaml",
	  "modules_force_load: vfio_pci,vfio,vfio_iommu_type1" },
	{ BY_HAND_BOOSTER, "e", "/etc/booster.yaml", "modules: -radeon" },
	{ BY_HAND_MKINITFS, "e", "/etc/mkinitfs/features.d/vfio-bootcfg.modules",
	  "kernel/drivers/vfio" },
	{ BY_HAND_MKINITFS, "e", "/etc/mkinitfs/mkinitfs.conf", "vfio-bootcfg" },
	{ BY_HAND_MKINITFS, "e", NULL, ",vfio_pci,vfio,vfio_iommu_type1" },
	{ BY_HAND_NIXOS, "e", "/etc/nixos/configuration.nix",
	  "boot.kernelParams = [ \"" IDS "\" \"intel_iommu=on\" ];" },
	{ BY_HAND_NIXOS, "e", "/etc/nixos/configuration.nix",
	  "boot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" \"vfio_iommu_type1\" ];" },
	{ BY_HAND_NIXOS, "e", "/etc/nixos/configuration.nix",
	  "boot.extraModprobeConfig = \"softdep radeon pre: vfio-pci\";" },
	{ BY_HAND_EXTLINUX, "etc/update-extlinux.conf", "/etc/update-extlinux.conf",
	  TOKENS },
	{ BY_HAND_EXTLINUX, "boot/extlinux/extlinux.conf", "/boot/extlinux/extlinux.conf",
	  TOKENS },
	{ BY_HAND_KERNELSTUB, "e", "/etc/kernelstub/configuration",
	  "kernelstub -a \"" TOKENS "\"" },
	{ BY_HAND_LIMINE, "usr/bin/limine-entry-tool",
	  "/etc/limine-entry-tool.d/50-vfio-bootcfg.conf",
	  "KERNEL_CMDLINE[default]+=\" " TOKENS "\"" },
	{ BY_HAND_LIMINE, "boot/limine.conf", NULL, TOKENS },
	{ BY_HAND_LIMINE, NULL, NULL, TOKENS },
	{ BY_HAND_REFIND, "e", "/boot/refind_linux.conf", TOKENS },
	{ BY_HAND_SDBOOT_MANAGE, "e", "/etc/sdboot-manage.conf", TOKENS },
	{ BY_HAND_SDBOOTUTIL, "e", "/etc/kernel/cmdline.d/50-vfio-bootcfg.conf", TOKENS },
};

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A scene in which that one is used. */
static void begin(struct scene *scene, enum by_hand_kind kind, const char *evidence)
{
	struct competitor *competitor;
	struct target *target;

	scene_begin(scene);
	scene->plan.uses_by_hand[kind] = true;
	scene->system.chain.by_hand[kind] = (struct detection){
		.found = evidence,
		.evidence = evidence ? xstrdup(evidence) : NULL,
	};
	target = &scene->plan.targets[0];
	competitor = array_add(target->competitors, target->n_competitors);
	competitor->module = xstrdup("radeon");
	competitor->is_loadable = true;
	scene_render(scene);
}

static void each_is_answered_with_the_exact_lines(void **state)
{
	bool is_answered[BY_HAND_KINDS] = { false };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;
		size_t n = 0, expected = 0;

		begin(&scene, rows[i].kind, rows[i].evidence);
		is_answered[rows[i].kind] = true;
		for (size_t k = 0; k < scene.findings.n; k++) {
			const struct finding *finding = &scene.findings.v[k];

			assert_string_equal(finding->code, "by-hand");
			assert_int_equal(finding->severity, SEVERITY_WARNING);
			n += same(finding->where, rows[i].where) &&
			     same(finding->remedy, rows[i].line);
		}
		if (n != 1)
			fail_msg("row %zu: %s", i, rows[i].line);
		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
			expected += rows[k].kind == rows[i].kind &&
				    same(rows[k].evidence, rows[i].evidence);
		assert_int_equal(scene.findings.n, expected);
		scene_end(&scene);
	}
	for (size_t i = 0; i < BY_HAND_KINDS; i++)
		assert_int_equal(is_answered[i], i != BY_HAND_PROXMOX);
}

static void a_line_with_nothing_to_say_is_left_out(void **state)
{
	struct scene scene;

	begin(&scene, BY_HAND_BOOSTER, "e");
	assert_int_equal(scene.findings.n, 2);
	scene.plan.targets->competitors[0].is_loadable = false;
	scene_render(&scene);
	assert_int_equal(scene.findings.n, 1);
	strings_free(&scene.plan.modules); /* the driver is built in */
	scene_render(&scene);
	assert_int_equal(scene.findings.n, 0);
	scene_end(&scene);
}

/* openSUSE makes its images by another program. */
static void sdbootutil_runs_dracut(void **state)
{
	struct scene scene;

	begin(&scene, BY_HAND_SDBOOTUTIL, "e");
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene_render(&scene);
	check_command(&scene, 0, "sdbootutil mkinitrd");
	assert_int_equal(scene.artifacts.n_commands, 1);
	scene_end(&scene);
}

static void an_image_carries_its_arguments(void **state)
{
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_OSTREE);
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene_change_ids(&scene, "dyndbg=\"file a +p\"");
	scene_render(&scene);
	check_artifact(&scene, KARGS, 0644,
		       HEADER
		       "kargs = [\"dyndbg=\\\"file a +p\\\"\", \"intel_iommu=on\"]\n");
	check_command(
		&scene, 0,
		"dracut --force --no-hostonly --kver 6.1.0 /usr/lib/modules/6.1.0/initramfs.img");
	assert_int_equal(scene.artifacts.n_commands, 2);
	assert_int_equal(scene.findings.n, 0);
	scene_end(&scene);
}

/* rpm-ostree compares whole words: ids that have changed would be there twice. */
static void a_deployment_is_changed_by_its_own_tool(void **state)
{
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_OSTREE);
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene.system.chain.is_ostree_deployed = true;
	scene.system.chain.has_rpm_ostree = true;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, KARGS));
	check_command(&scene, 0,
		      "rpm-ostree kargs --append-if-missing=" IDS
		      " --append-if-missing=intel_iommu=on");
	check_command(&scene, 1,
		      "rpm-ostree initramfs --enable --arg=--force-drivers "
		      "--arg=vfio_pci vfio vfio_iommu_type1");
	check_command(
		&scene, 2,
		"rpm-ostree initramfs-etc --track=/etc/modprobe.d/00-vfio-bootcfg.conf");
	assert_int_equal(scene.artifacts.n_commands, 3);
	scene_apply(&scene);
	scene_change_ids(&scene, "vfio-pci.ids=10de:2704");
	scene_render(&scene);
	check_command(&scene, 0,
		      "rpm-ostree kargs --delete-if-present=" IDS
		      " --append-if-missing=vfio-pci.ids=10de:2704"
		      " --append-if-missing=intel_iommu=on");
	scene_end(&scene);
}

static void words_of_a_deployment_stay_the_users(void **state)
{
	static const char old[] = "/boot/loader/entries/ostree-9.conf";
	static const char new[] = "/boot/loader/entries/ostree-10.conf";
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_OSTREE);
	scene.system.chain.is_ostree_deployed = true;
	scene.system.chain.has_rpm_ostree = true;
	scene_file(&scene, old, "options root=/o\n");
	scene_file(&scene, new, "options root=/o intel_iommu=on\n");
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, WAY_BACK_PATH),
			    "rpm-ostree kargs --delete-if-present=" IDS "\n");
	scene_apply(&scene);
	scene_file(&scene, new, "options root=/o intel_iommu=on " IDS "\n");
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, WAY_BACK_PATH),
			    "rpm-ostree kargs --delete-if-present=" IDS "\n");
	/* With 'iommu = leave'. */
	free(scene.plan.cmdline.v[--scene.plan.cmdline.n]);
	scene_render(&scene);
	check_command(&scene, 0, "rpm-ostree kargs --append-if-missing=" IDS);
	/* Nothing of ours, and nothing to be taken back. */
	scene_file(&scene, WORDS, NULL);
	scene_file(&scene, WAY_BACK_PATH, NULL);
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, WAY_BACK_PATH), "");
	scene_end(&scene);
}

static void a_deployment_without_rpm_ostree_is_answered(void **state)
{
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_OSTREE);
	scene.system.chain.is_ostree_deployed = true;
	scene_render(&scene);
	assert_string_equal(scene_finding(&scene)->where, KARGS);
	assert_string_equal(scene_finding(&scene)->remedy,
			    "kargs = [\"" IDS "\", \"intel_iommu=on\"]\n");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_answered_with_the_exact_lines),
		cmocka_unit_test(a_line_with_nothing_to_say_is_left_out),
		cmocka_unit_test(sdbootutil_runs_dracut),
		cmocka_unit_test(an_image_carries_its_arguments),
		cmocka_unit_test(a_deployment_is_changed_by_its_own_tool),
		cmocka_unit_test(words_of_a_deployment_stay_the_users),
		cmocka_unit_test(a_deployment_without_rpm_ostree_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
