/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an earlier plan made is taken back, or made anew, when a plan leaves its tool. */
#include "artifact/artifact.h"
#include "unit/artifact/scene.h"

#define WORDS "/var/lib/vfio-bootcfg/words"

/* Of a root that is written for by nothing, after a plan with that way back. */
static void begin(struct scene *scene, const char *way_back)
{
	scene_begin(scene);
	scene_file(scene, WAY_BACK_PATH, way_back);
	scene->system.bootloader[BOOTLOADER_GRUB].found = true;
}

static void what_was_left_is_run_now_and_after_a_revert(void **state)
{
	static const char before[] =
		"dracut --force --regenerate-all\n"
		"grubby --update-kernel=ALL '--remove-args=a=1 b='\\''x y'\\'''\n"
		"update-grub\n";
	struct scene scene;

	begin(&scene, before);
	for (int again = 0; again < 2; again++) {
		scene_render(&scene);
		assert_int_equal(scene.artifacts.n_commands, 3);
		check_command(&scene, 0, "dracut --force --regenerate-all");
		check_command(&scene, 1,
			      "grubby --update-kernel=ALL --remove-args=a=1 b='x y'");
		assert_int_equal(scene.artifacts.commands[1].argv.n, 3);
		check_command(&scene, 2, "update-grub");
		check_artifact(&scene, WAY_BACK_PATH, 0644, before);
	}
	scene_end(&scene);
}

/* Another program makes the images, or the same one is told other things. */
static void what_is_made_anew_is_not_left(void **state)
{
	struct scene scene;

	begin(&scene, "dracut --force --regenerate-all\n"
		      "grub-mkconfig -o /boot/grub/grub.cfg\n");
	scene.plan.uses_initramfs[INITRAMFS_TOOLS] = true;
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene.system.grub_reads_dropins = true;
	scene_file(&scene, "/etc/default/grub", "");
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n_commands, 2);
	check_artifact(&scene, WAY_BACK_PATH, 0644,
		       "update-initramfs -u -k all\nupdate-grub\n");
	scene_end(&scene);
}

static void what_is_left_comes_behind_the_commands_of_the_plan(void **state)
{
	struct scene scene;

	begin(&scene, "dracut --force --regenerate-all\nupdate-grub\n");
	scene.plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n_commands, 2);
	check_command(&scene, 1, "update-grub");
	scene_end(&scene);
}

static void a_loader_that_is_gone_leaves_nothing(void **state)
{
	struct scene scene;

	begin(&scene, "update-grub\n");
	scene.system.bootloader[BOOTLOADER_GRUB].found = false;
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n_commands, 0);
	scene_end(&scene);
}

static void a_line_that_is_none_of_ours_is_never_run(void **state)
{
	struct scene scene;

	begin(&scene, "# by hand: x\nrm -rf /\nupdate-everything\n");
	scene_render(&scene);
	assert_int_equal(scene.artifacts.n_commands, 0);
	scene_end(&scene);
}

/* Else the words of today would stay for ever once another plan uses the tool again. */
static void the_words_that_a_tool_keeps_stay_recorded(void **state)
{
	struct scene scene;

	begin(&scene, "rpm-ostree kargs --delete-if-present=a=1\n");
	scene_file(&scene, WORDS, "rpm-ostree\ta=1\n");
	scene_render(&scene);
	check_command(&scene, 0, "rpm-ostree kargs --delete-if-present=a=1");
	assert_non_null(
		strstr(scene_artifact(&scene, WORDS)->bytes, "\nrpm-ostree\ta=1\n"));
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_left_is_run_now_and_after_a_revert),
		cmocka_unit_test(what_is_made_anew_is_not_left),
		cmocka_unit_test(what_is_left_comes_behind_the_commands_of_the_plan),
		cmocka_unit_test(a_loader_that_is_gone_leaves_nothing),
		cmocka_unit_test(a_line_that_is_none_of_ours_is_never_run),
		cmocka_unit_test(the_words_that_a_tool_keeps_stay_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
