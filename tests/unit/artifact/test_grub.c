/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/artifact.h"
#include "unit/artifact/scene.h"

#define MODPROBE "/etc/modprobe.d/00-vfio-bootcfg.conf"
#define DROPIN	 "/etc/default/grub.d/zz-vfio-bootcfg.cfg"
#define GRUB	 "/etc/default/grub"

static void check_finding(const struct scene *scene, const char *code, const char *where)
{
	assert_int_equal(scene->findings.n, 1);
	assert_string_equal(scene->findings.v[0].code, code);
	assert_string_equal(scene->findings.v[0].where, where);
}

static void grub_gets_a_drop_in_where_it_reads_them(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene.system.grub_reads_dropins = true;
	scene_file(&scene, GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
	scene_render(&scene);
	assert_null(scene_artifact(&scene, GRUB));
	check_artifact(&scene, DROPIN, 0644,
		       HEADER "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
			      "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on\"\n");
	check_command(&scene, 0, "update-grub");
	assert_int_equal(scene.findings.n, 0);
	scene_end(&scene);
}

static void grub_gets_a_block_elsewhere_and_its_own_command(void **state)
{
	static const char text[] =
		"GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n";
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB, text);
	scene_render(&scene);
	check_artifact(&scene, GRUB, 0640,
		       "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
		       "# BEGIN vfio-bootcfg\n" HEADER
		       "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
		       "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on\"\n"
		       "# END vfio-bootcfg\n");
	assert_string_equal(scene_artifact(&scene, GRUB)->without, text);
	check_command(&scene, 0, "grub-mkconfig -o /boot/grub/grub.cfg");
	scene_file(&scene, "/usr/sbin/grub2-mkconfig", "#!/bin/sh\n");
	scene_render(&scene);
	check_command(&scene, 0, "grub2-mkconfig -o /boot/grub2/grub.cfg");
	scene_end(&scene);
}

/* The words that our line of GRUB adds. */
static void check_words(struct scene *scene, const char *path, const char *expected)
{
	static const char begin[] = "\"$GRUB_CMDLINE_LINUX_DEFAULT ";
	const struct artifact *artifact;
	const char *words;

	scene_render(scene);
	artifact = scene_artifact(scene, path);
	if (!expected) {
		assert_null(artifact);
		return;
	}
	assert_non_null(artifact);
	words = strstr(artifact->bytes, begin);
	assert_non_null(words);
	words += sizeof begin - 1;
	assert_int_equal(strncmp(words, expected, strlen(expected)), 0);
	assert_int_equal(strncmp(words + strlen(expected), "\"\n", 2), 0);
}

static void tokens_that_are_there_already_are_not_given_twice(void **state)
{
	static const struct {
		const char *text, *words; /* NULL words: nothing to add */
	} rows[] = {
		{ "", "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on" },
		{ "GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n",
		  "vfio-pci.ids=1002:68c8,1002:aa60" },
		{ "GRUB_CMDLINE_LINUX_DEFAULT='intel_iommu=on quiet'\n",
		  "vfio-pci.ids=1002:68c8,1002:aa60" },
		{ "GRUB_CMDLINE_LINUX=intel_iommu=on\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=vfio_pci.ids=1002:68c8,1002:aa60\n",
		  NULL },
		/* A comment configures nothing; neither does another variable. */
		{ "#GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\nGRUB_CMDLINE_XEN=intel_iommu=on\n",
		  "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on" },
		/* The last one of a name counts: ours has to come again. */
		{ "GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=off\"\n",
		  "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on" },
		/* A word of another's value is none of its own. */
		{ "GRUB_CMDLINE_LINUX='foo=\"a intel_iommu=on b\"'\n",
		  "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_begin(&scene);
		scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
		scene_file(&scene, GRUB, rows[i].text);
		check_words(&scene, GRUB, rows[i].words);
		scene_end(&scene);
	}
}

/* A cloud image's drop-in replaces what /etc/default/grub says. */
static void drop_ins_have_the_last_word(void **state)
{
	static const char all[] = "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on";
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene.system.grub_reads_dropins = true;
	scene_file(&scene, GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"\n");
	check_words(&scene, DROPIN, "vfio-pci.ids=1002:68c8,1002:aa60");
	scene_file(&scene, "/etc/default/grub.d/50-cloud.cfg",
		   "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
	check_words(&scene, DROPIN, all);
	/* Our own of the last run is none of the user's. */
	scene_file(&scene, "/etc/default/grub.d/50-cloud.cfg", NULL);
	scene_file(&scene, DROPIN,
		   "GRUB_CMDLINE_LINUX=\"vfio-pci.ids=1002:68c8,1002:aa60\"\n");
	check_words(&scene, DROPIN, "vfio-pci.ids=1002:68c8,1002:aa60");
	scene_end(&scene);
}

static void a_drop_in_behind_ours_that_sets_it_anew_is_a_warning(void **state)
{
	static const struct {
		const char *text;
		bool is_lost;
	} rows[] = {
		{ "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", true },
		{ "unset GRUB_CMDLINE_LINUX_DEFAULT\n", true },
		{ "GRUB_CMDLINE_LINUX_DEFAULT+=\" quiet\"\n", false },
		{ "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT quiet\"\n",
		  false },
		{ "GRUB_TIMEOUT=5\n", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_begin(&scene);
		scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
		scene.system.grub_reads_dropins = true;
		scene_file(&scene, GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
		scene_file(&scene, "/etc/default/grub.d/zzz-a.cfg", rows[i].text);
		scene_file(&scene, "/etc/default/grub.d/zzz-b.cfg",
			   "GRUB_CMDLINE_LINUX_DEFAULT+=\" b\"\n");
		scene_render(&scene);
		assert_non_null(scene_artifact(&scene, DROPIN));
		if (rows[i].is_lost)
			check_finding(&scene, "grub-overwritten",
				      "/etc/default/grub.d/zzz-a.cfg:1");
		assert_int_equal(scene.findings.n, rows[i].is_lost);
		assert_int_equal(scene.artifacts.cmdline_lost_at != NULL,
				 rows[i].is_lost);
		scene_end(&scene);
	}
}

static void an_unclear_value_is_a_warning_and_all_is_written(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB,
		   "GRUB_CMDLINE_LINUX_DEFAULT=intel_iommu=on\n. /etc/default/more\n");
	check_words(&scene, GRUB, "vfio-pci.ids=1002:68c8,1002:aa60 intel_iommu=on");
	check_finding(&scene, "grub-unclear", GRUB ":2");
	assert_int_equal(scene.findings.v[0].severity, SEVERITY_WARNING);
	scene_end(&scene);
}

static void words_behind_a_double_dash_are_a_warning(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet -- single\"\n");
	scene_render(&scene);
	check_finding(&scene, "grub-double-dash", GRUB);
	scene_end(&scene);
}

/* A setting behind the block would undo it. */
static void a_block_moves_behind_what_would_undo_it(void **state)
{
	static const char moved[] =
		"A=1\nGRUB_TIMEOUT=9\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n"
		"# BEGIN vfio-bootcfg\n";
	struct scene scene;
	char *edited;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB, "A=1\n");
	scene_render(&scene);
	edited = xasprintf("%sGRUB_TIMEOUT=9\n", scene_artifact(&scene, GRUB)->bytes);
	scene_file(&scene, GRUB, edited);
	scene_render(&scene);
	assert_string_equal(scene_artifact(&scene, GRUB)->bytes, edited);
	free(edited);
	edited = xasprintf("%sGRUB_CMDLINE_LINUX_DEFAULT=quiet\n",
			   scene_artifact(&scene, GRUB)->bytes);
	scene_file(&scene, GRUB, edited);
	scene_render(&scene);
	assert_int_equal(
		strncmp(scene_artifact(&scene, GRUB)->bytes, moved, sizeof moved - 1), 0);
	free(edited);
	scene_end(&scene);
}

static void a_block_that_is_no_longer_needed_goes(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB,
		   "A=1\n# BEGIN vfio-bootcfg\nB=2\n# END vfio-bootcfg\nC=3");
	strings_free(&scene.plan.cmdline);
	scene_render(&scene);
	check_artifact(&scene, GRUB, 0640, "A=1\nC=3");
	scene_end(&scene);
}

static void a_file_that_would_be_spoilt_is_left_alone(void **state)
{
	static const struct {
		const char *text, *code, *where;
	} rows[] = {
		{ "A=1\n# BEGIN vfio-bootcfg\n", "damaged-block", GRUB ":2" },
		{ "A=1\n\nB=\"x\n", "unfinished-file", GRUB ":3" },
		{ "A=1 \\\n", "unfinished-file", GRUB ":1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_begin(&scene);
		scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
		scene_file(&scene, GRUB, rows[i].text);
		scene_render(&scene);
		check_finding(&scene, rows[i].code, rows[i].where);
		assert_true(findings_have_errors(&scene.findings));
		assert_null(scene_artifact(&scene, GRUB));
		assert_non_null(scene_artifact(&scene, MODPROBE));
		scene_end(&scene);
	}
}

static void a_file_that_was_not_read_is_an_error(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_render(&scene);
	check_finding(&scene, "unreadable-file", GRUB);
	scene_end(&scene);
}

static void a_missing_file_is_made_of_the_block_alone(void **state)
{
	struct scene scene;
	const struct artifact *artifact;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB, NULL);
	scene_render(&scene);
	artifact = scene_artifact(&scene, GRUB);
	assert_int_equal(artifact->mode, 0644);
	assert_int_equal(strncmp(artifact->bytes, "# BEGIN vfio-bootcfg\n", 21), 0);
	assert_int_equal(artifact->without_size, 0);
	scene_end(&scene);
}

/* Kernel quotes must outlive the shell that sources the file. */
static void quotes_in_a_token_are_escaped(void **state)
{
	struct scene scene;

	scene_begin(&scene);
	scene.plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	scene_file(&scene, GRUB, "");
	strings_free(&scene.plan.cmdline);
	strings_add(&scene.plan.cmdline, "dyndbg=\"file drivers/base/dd.c +p\"");
	check_words(&scene, GRUB, "dyndbg=\\\"file drivers/base/dd.c +p\\\"");
	scene_file(&scene, GRUB,
		   "GRUB_CMDLINE_LINUX='dyndbg=\"file drivers/base/dd.c +p\"'\n");
	check_words(&scene, GRUB, NULL);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grub_gets_a_drop_in_where_it_reads_them),
		cmocka_unit_test(grub_gets_a_block_elsewhere_and_its_own_command),
		cmocka_unit_test(tokens_that_are_there_already_are_not_given_twice),
		cmocka_unit_test(drop_ins_have_the_last_word),
		cmocka_unit_test(a_drop_in_behind_ours_that_sets_it_anew_is_a_warning),
		cmocka_unit_test(an_unclear_value_is_a_warning_and_all_is_written),
		cmocka_unit_test(words_behind_a_double_dash_are_a_warning),
		cmocka_unit_test(a_block_moves_behind_what_would_undo_it),
		cmocka_unit_test(a_block_that_is_no_longer_needed_goes),
		cmocka_unit_test(a_file_that_would_be_spoilt_is_left_alone),
		cmocka_unit_test(a_file_that_was_not_read_is_an_error),
		cmocka_unit_test(a_missing_file_is_made_of_the_block_alone),
		cmocka_unit_test(quotes_in_a_token_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
