/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB whose menu is the files of loader/entries: Fedora, RHEL. */
#include "artifact/artifact.h"
#include "unit/artifact/loaders.h"

#define FOLDER	 "/boot/loader/entries/"
#define OLD	 FOLDER "id-6.1.0.conf"
#define NEW	 FOLDER "id-6.12.0.conf"
#define FALLBACK FOLDER "id-6.12.0~vfio_bootcfg_fallback.conf"
#define RESCUE	 FOLDER "id-0-rescue.conf"
#define GRUB	 "/etc/default/grub"

static void begin(struct scene *scene)
{
	scene_begin_loader(scene, BOOTLOADER_BLS);
	scene_entry(scene, OLD, 0, "title F 6.1\nlinux /v\noptions root=/old ro\n");
	scene_entry(scene, NEW, 1, "title F 6.12\nlinux /v\noptions root=/new ro\n");
	scene_entry(scene, RESCUE, 2, "title R\nlinux /v\noptions root=/new ro\n")
		->is_recovery = true;
	scene_file(scene, GRUB, "GRUB_CMDLINE_LINUX=\"quiet\"\n");
}

static void every_kernel_and_the_next_one_get_the_words(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	check_artifact(&scene, OLD, 0640,
		       "title F 6.1\nlinux /v\noptions root=/old ro " TOKENS "\n");
	check_artifact(&scene, NEW, 0640,
		       "title F 6.12\nlinux /v\noptions root=/new ro " TOKENS "\n");
	assert_string_equal(scene_artifact(&scene, NEW)->without,
			    "title F 6.12\nlinux /v\noptions root=/new ro\n");
	check_artifact(&scene, CMDLINE, 0644, "root=/new ro " TOKENS "\n");
	check_artifact(
		&scene, WORDS, 0644,
		"# The words that 'vfio-bootcfg generate' added, by file; do not edit.\n" RESCUE
		"\t" TOKENS "\n" OLD "\t" TOKENS "\n" NEW "\t" TOKENS "\n" CMDLINE
		"\t" TOKENS "\n");
	assert_int_equal(scene.findings.n, 0);
	assert_int_equal(scene.artifacts.n_commands, 0);
	scene_end(&scene);
}

static void recovery_entries_are_left_alone(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	assert_null(scene_artifact(&scene, RESCUE));
	scene_end(&scene);
}

/* grub2-mkconfig takes the options of all entries from that file, and grubby writes over
 * its lines that begin with GRUB_CMDLINE_LINUX. */
static void the_settings_hold_an_indented_block(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	check_artifact(
		&scene, GRUB, 0640,
		"GRUB_CMDLINE_LINUX=\"quiet\"\n# BEGIN vfio-bootcfg\n" HEADER
		"  GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT " TOKENS
		"\"\n# END vfio-bootcfg\n");
	scene_file(&scene, GRUB, NULL);
	scene_render(&scene);
	assert_null(scene_artifact(&scene, GRUB));
	scene_end(&scene);
}

/* Indented, because those tools change lines that begin with 'options'. */
static void beside_each_stands_one_that_reserves_nothing(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	check_artifact(
		&scene, FALLBACK, 0640,
		"title F 6.12 (without vfio-bootcfg)\nlinux /v\n options root=/new ro " OFF
		"\n");
	assert_null(scene_artifact(&scene, PLUGIN));
	scene.system.chain.uses_kernel_install = true;
	scene_render(&scene);
	assert_non_null(
		strstr(scene_text(&scene, PLUGIN), "end='~vfio_bootcfg_fallback.conf'"));
	scene.plan.keeps_fallback = false;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, FALLBACK));
	assert_null(scene_artifact(&scene, PLUGIN));
	scene_end(&scene);
}

static void another_plan_leaves_none_of_the_old_words(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	scene_apply(&scene);
	scene_change_ids(&scene, "vfio-pci.ids=10de:2704");
	scene_render(&scene);
	assert_string_equal(
		scene_text(&scene, NEW),
		"title F 6.12\nlinux /v\n"
		"options root=/new ro vfio-pci.ids=10de:2704 intel_iommu=on\n");
	assert_string_equal(scene_text(&scene, CMDLINE),
			    "root=/new ro vfio-pci.ids=10de:2704 intel_iommu=on\n");
	assert_string_equal(scene_artifact(&scene, NEW)->without,
			    "title F 6.12\nlinux /v\noptions root=/new ro\n");
	scene_end(&scene);
}

/* Its entry is made from /etc/kernel/cmdline, which has our words. */
static void the_entry_of_a_newer_kernel_is_known(void **state)
{
	static const char path[] = FOLDER "id-6.12.0-2-6.12.0.conf";
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	scene_apply(&scene);
	scene_entry(&scene, path, 1, "linux /v\noptions root=/new ro " TOKENS "\n");
	scene_change_ids(&scene, "vfio-pci.ids=10de:2704");
	scene_render(&scene);
	assert_string_equal(scene_artifact(&scene, path)->without,
			    "linux /v\noptions root=/new ro\n");
	scene_end(&scene);
}

/* A copy of an entry has a name that kernel-install gives to none. */
static void an_entry_that_nobody_recorded_stays_as_it_is(void **state)
{
	static const char path[] = FOLDER "mine.conf";
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	scene_apply(&scene);
	scene_entry(&scene, path, 1, "linux /v\noptions intel_iommu=on ro\n");
	scene_render(&scene);
	assert_string_equal(scene_artifact(&scene, path)->without,
			    "linux /v\noptions intel_iommu=on ro\n");
	scene_end(&scene);
}

static void a_rescue_entry_keeps_the_words_that_it_had(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_file(&scene, RESCUE, "linux /v\noptions intel_iommu=on ro\n");
	scene_render(&scene);
	scene_apply(&scene);
	scene_file(&scene, RESCUE, "linux /v\noptions intel_iommu=on ro " IDS "\n");
	scene_render(&scene);
	for (size_t i = 0; i < scene.artifacts.n_undone; i++)
		if (strcmp(scene.artifacts.undone[i].path, RESCUE) == 0)
			assert_string_equal(scene.artifacts.undone[i].bytes,
					    "linux /v\noptions intel_iommu=on ro\n");
	/* Also where the record does not know it. */
	scene_file(&scene, WORDS, CMDLINE "\t" TOKENS "\n");
	scene_render(&scene);
	for (size_t i = 0; i < scene.artifacts.n_undone; i++)
		if (strcmp(scene.artifacts.undone[i].path, RESCUE) == 0)
			assert_string_equal(scene.artifacts.undone[i].bytes,
					    "linux /v\noptions intel_iommu=on ro " IDS
					    "\n");
	scene_end(&scene);
}

static void check_rescue_stays(struct scene *scene, const char *text)
{
	scene_file(scene, RESCUE, text);
	scene_render(scene);
	for (size_t i = 0; i < scene->artifacts.n_undone; i++)
		if (strcmp(scene->artifacts.undone[i].path, RESCUE) == 0)
			assert_string_equal(scene->artifacts.undone[i].bytes, text);
}

/* 'revert' took 'intel_iommu=on' out of a rescue entry that nobody but the user wrote. */
static void a_word_that_is_put_into_a_rescue_entry_later_stays(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_render(&scene);
	scene_apply(&scene);
	check_rescue_stays(&scene, "linux /v\noptions ro intel_iommu=on\n");
	scene_apply(&scene); /* a second time: it is recorded no more */
	assert_non_null(strstr(scene_text(&scene, WORDS), RESCUE "\t" IDS "\n"));
	check_rescue_stays(&scene, "linux /v\noptions ro intel_iommu=on\n");
	scene_end(&scene);
}

/* grubby, which is not given it, writes the others. */
static void a_rescue_entry_without_the_words_of_dracut_is_undone(void **state)
{
	struct scene scene;
	size_t n = 0;

	begin(&scene);
	scene_file(&scene, WORDS, RESCUE "\trd.driver.pre=vfio-pci " TOKENS "\n");
	scene_file(&scene, RESCUE, "linux /v\noptions ro " TOKENS "\n");
	scene_render(&scene);
	for (size_t i = 0; i < scene.artifacts.n_undone; i++) {
		if (strcmp(scene.artifacts.undone[i].path, RESCUE) != 0)
			continue;
		assert_string_equal(scene.artifacts.undone[i].bytes,
				    "linux /v\noptions ro\n");
		n++;
	}
	assert_int_equal(n, 1);
	scene_end(&scene);
}

static void words_that_are_there_stay_the_users(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_file(&scene, NEW, "linux /v\noptions intel_iommu=on ro\n");
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, NEW),
			    "linux /v\noptions intel_iommu=on ro " IDS "\n");
	scene_apply(&scene);
	scene_render(&scene);
	assert_string_equal(scene_artifact(&scene, NEW)->without,
			    "linux /v\noptions intel_iommu=on ro\n");
	scene_end(&scene);
}

static void where_grub_keeps_the_options_grubby_is_called(void **state)
{
	struct scene scene;

	begin(&scene);
	free(scene.plan.cmdline.v[1]);
	scene.plan.cmdline.v[1] = xstrdup("rd.driver.pre=vfio-pci");
	scene_file(&scene, OLD, "linux /v\noptions $kernelopts $tuned_params\n");
	scene_file(&scene, NEW, "linux /v\noptions $kernelopts\n");
	scene_render(&scene);
	assert_null(scene_artifact(&scene, NEW));
	assert_null(scene_artifact(&scene, CMDLINE));
	check_command(&scene, 0, "grubby --update-kernel=ALL --args=" IDS);
	check_artifact(&scene, FALLBACK, 0640,
		       "linux /v\n options $kernelopts " OFF "\n");
	scene_apply(&scene);
	scene_change_ids(&scene, "vfio-pci.ids=10de:2704");
	scene_render(&scene);
	check_command(
		&scene, 0,
		"grubby --update-kernel=ALL --args=vfio-pci.ids=10de:2704 --remove-args=" IDS);
	scene_end(&scene);
}

/* grubby would take them out of the variable with its own. */
static void words_in_the_variable_stay_the_users(void **state)
{
	struct scene scene;

	begin(&scene);
	scene_file(&scene, NEW, "linux /v\noptions $kernelopts\n");
	scene.system.chain.kernelopts = xstrdup("root=/new intel_iommu=on");
	scene_render(&scene);
	check_command(&scene, 0, "grubby --update-kernel=ALL --args=" TOKENS);
	assert_non_null(strstr(scene_text(&scene, WAY_BACK_PATH), "=" IDS));
	assert_null(strstr(scene_text(&scene, WAY_BACK_PATH), "intel_iommu=on"));
	scene_apply(&scene);
	free(scene.system.chain.kernelopts);
	scene.system.chain.kernelopts = xstrdup("root=/new intel_iommu=on " IDS);
	scene_render(&scene);
	assert_null(strstr(scene_text(&scene, WAY_BACK_PATH), "intel_iommu=on"));
	assert_non_null(strstr(scene_text(&scene, WAY_BACK_PATH), "=" IDS));
	/* Nothing of ours, and nothing to be taken back. */
	scene_file(&scene, WORDS, NULL);
	scene_file(&scene, WAY_BACK_PATH, NULL);
	scene_render(&scene);
	assert_string_equal(scene_text(&scene, WAY_BACK_PATH), "");
	scene_end(&scene);
}

static void a_menu_that_was_not_seen_is_said(void **state)
{
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_BLS);
	scene_file(&scene, CMDLINE, "root=/new\n");
	scene_render(&scene);
	assert_string_equal(scene_finding(&scene)->code, "no-entry");
	assert_int_equal(scene_finding(&scene)->severity, SEVERITY_WARNING);
	scene_end(&scene);
}

static void what_others_wrote_is_undone(void **state)
{
	struct scene scene;
	size_t of_others = 0;

	begin(&scene);
	scene_render(&scene);
	scene_apply(&scene);
	scene_file(&scene, NEW, "linux /v\noptions root=/new " TOKENS " foo=1\n");
	scene_file(&scene, RESCUE, "linux /v\noptions root=/new " TOKENS "\n");
	scene_entry(&scene, FALLBACK, 1, "linux /v\n options x\n")->is_fallback = true;
	artifacts_free(&scene.artifacts);
	artifacts_render_undone(&scene.system, &scene.artifacts, &scene.findings);
	assert_int_equal(scene.artifacts.n, 0);
	for (size_t i = 0; i < scene.artifacts.n_undone; i++) {
		const struct artifact *undone = &scene.artifacts.undone[i];

		of_others += !undone->replaces_own;
		assert_true(!undone->replaces_own || !undone->bytes);
		if (strcmp(undone->path, NEW) == 0)
			assert_string_equal(undone->bytes,
					    "linux /v\noptions root=/new foo=1\n");
		else if (strcmp(undone->path, RESCUE) == 0)
			assert_string_equal(undone->bytes,
					    "linux /v\noptions root=/new\n");
		else if (strcmp(undone->path, FALLBACK) == 0)
			assert_null(undone->bytes);
		else if (strcmp(undone->path, GRUB) == 0)
			assert_string_equal(undone->bytes,
					    "GRUB_CMDLINE_LINUX=\"quiet\"\n");
	}
	assert_int_equal(of_others, 6);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_and_the_next_one_get_the_words),
		cmocka_unit_test(recovery_entries_are_left_alone),
		cmocka_unit_test(the_settings_hold_an_indented_block),
		cmocka_unit_test(beside_each_stands_one_that_reserves_nothing),
		cmocka_unit_test(another_plan_leaves_none_of_the_old_words),
		cmocka_unit_test(the_entry_of_a_newer_kernel_is_known),
		cmocka_unit_test(an_entry_that_nobody_recorded_stays_as_it_is),
		cmocka_unit_test(a_rescue_entry_keeps_the_words_that_it_had),
		cmocka_unit_test(a_word_that_is_put_into_a_rescue_entry_later_stays),
		cmocka_unit_test(a_rescue_entry_without_the_words_of_dracut_is_undone),
		cmocka_unit_test(words_that_are_there_stay_the_users),
		cmocka_unit_test(where_grub_keeps_the_options_grubby_is_called),
		cmocka_unit_test(words_in_the_variable_stay_the_users),
		cmocka_unit_test(a_menu_that_was_not_seen_is_said),
		cmocka_unit_test(what_others_wrote_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
