/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scripts that keep an entry that reserves nothing, run by a shell. */
#include "artifact/artifact.h"
#include "unit/artifact/loaders.h"
#include "unit/txn/scratch.h"

#include <errno.h>

#define SCRIPT	  "/etc/grub.d/42_vfio_bootcfg"
#define LINUX	  "/etc/grub.d/10_linux"
#define BLS_ENTRY "/boot/loader/entries/id-6.1.0+deb13.conf"

/* What a command prints; the caller frees it. */
static char *run(int *ret_status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static char *run(int *ret_status, const char *format, ...)
{
	cleanup_free char *command = NULL;
	char *printed = xcalloc(16384, 1);
	va_list arguments;
	FILE *pipe;

	va_start(arguments, format);
	command = xvasprintf(format, arguments);
	va_end(arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_true(fread(printed, 1, 16383, pipe) < 16383);
	*ret_status = pclose(pipe);
	return printed;
}

static void write_artifact(const struct scratch *scratch, const struct scene *scene,
			   const char *path)
{
	const struct artifact *artifact = scene_artifact(scene, path);

	assert_non_null(artifact);
	assert_int_equal(artifact->mode, 0755);
	scratch_file(scratch, path, artifact->bytes, artifact->mode);
}

/* Stands for 10_linux: it says what it was given, as that does. */
static const char stub[] =
	"#!/bin/sh\n"
	"echo set a=b; echo a message >&2\n"
	"echo \"menuentry 'Linux' $menuentry_id_option 'gnulinux-1' {\"\n"
	"echo \"	linux /v $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT\"\n"
	"echo \"}\"\n"
	"[ \"$GRUB_DISABLE_RECOVERY$GRUB_DISABLE_SUBMENU\" = truey ]\n";

static void begin_grub(struct scene *scene, struct scratch *scratch, const char *settings)
{
	scene_begin_loader(scene, BOOTLOADER_GRUB);
	scene->system.grub_reads_dropins = true;
	scene_file(scene, "/etc/default/grub", settings);
	scene_file(scene, LINUX, stub);
	scene_render(scene);
	scratch_begin(scratch);
	write_artifact(scratch, scene, SCRIPT);
	scratch_file(scratch, LINUX, stub, 0755);
}

static void the_submenu_of_grub_has_none_of_our_words(void **state)
{
	static const struct {
		const char *settings, *line, *expected;
	} rows[] = {
		{ "", "quiet " TOKENS, "quiet " OFF },
		{ "", " " TOKENS, " " OFF },
		{ "", "quiet " TOKENS " splash", "quiet splash " OFF },
		/* Drop-ins that come later may have replaced it all. */
		{ "", "quiet", "quiet " OFF },
		/* What the user has besides stays, but reserves nothing. */
		{ "GRUB_CMDLINE_LINUX_DEFAULT='" TOKENS "'\n", TOKENS, TOKENS " " OFF },
		{ "", "a=\"b c\" $x `y` " TOKENS, "a=\"b c\" $x `y` " OFF },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_free char *printed = NULL, *expected = NULL;
		struct scratch scratch;
		struct scene scene;
		int status;

		begin_grub(&scene, &scratch, rows[i].settings);
		printed = run(&status,
			      "GRUB_CMDLINE_LINUX=c menuentry_id_option=--id "
			      "GRUB_CMDLINE_LINUX_DEFAULT='%s' %s" SCRIPT " 2>&1",
			      rows[i].line, scratch.path);
		expected = xasprintf(
			"submenu 'Linux without vfio-bootcfg' $menuentry_id_option 'vfio-bootcfg-fallback' {\n"
			"	menuentry 'Linux' --id 'vfio-bootcfg-fallback-1' {\n"
			"		linux /v c %s\n	}\n}\n",
			rows[i].expected);
		assert_string_equal(printed, expected);
		assert_int_equal(status, 0);
		scratch_end(&scratch);
		scene_end(&scene);
	}
}

/* Whatever happens, the rest of the menu is made. */
static void a_failure_costs_the_submenu_alone(void **state)
{
	static const char *const scripts[] = {
		"#!/bin/sh\necho \"menuentry 'half' {\"\nexit 1\n", "#!/bin/sh\n",
		"#!/nowhere\n"
	};

	for (size_t i = 0; i < 4; i++) {
		cleanup_free char *printed = NULL;
		struct scratch scratch;
		struct scene scene;
		int status;

		begin_grub(&scene, &scratch, "");
		if (i < 3)
			scratch_file(&scratch, LINUX, scripts[i], 0755);
		else
			assert_int_equal(unlinkat(scratch.root.fd, &LINUX[1], 0), 0);
		printed = run(&status, "%s" SCRIPT " 2>/dev/null", scratch.path);
		assert_string_equal(printed, "");
		assert_int_equal(status, 0);
		scratch_end(&scratch);
		scene_end(&scene);
	}
}

static void no_submenu_is_kept_where_none_is_wanted_or_possible(void **state)
{
	struct scene scene;

	scene_begin_loader(&scene, BOOTLOADER_GRUB);
	scene.system.grub_reads_dropins = true;
	scene_file(&scene, LINUX, NULL);
	scene_render(&scene);
	assert_null(scene_artifact(&scene, SCRIPT));
	assert_null(artifacts_fallback(&scene.plan, &scene.artifacts));
	scene_file(&scene, LINUX, stub);
	scene_render(&scene);
	assert_non_null(scene_artifact(&scene, SCRIPT));
	assert_string_equal(artifacts_fallback(&scene.plan, &scene.artifacts),
			    "the submenu 'Linux without vfio-bootcfg'");
	scene.plan.keeps_fallback = false;
	scene_render(&scene);
	assert_null(scene_artifact(&scene, SCRIPT));
	scene_end(&scene);
}

static void begin_plugin(struct scene *scene, struct scratch *scratch)
{
	scene_begin_loader(scene, BOOTLOADER_BLS);
	scene->system.chain.uses_kernel_install = true;
	scene_file(scene, CMDLINE, "root=/a\n");
	scene_render(scene);
	scratch_begin(scratch);
	write_artifact(scratch, scene, PLUGIN);
	scratch_file(scratch, BLS_ENTRY,
		     "title Deb\\ian $x\nversion 6.1.0+deb13\n"
		     "options root=/a " IDS " x=\"y z\" intel_iommu=on  ro\nlinux /v\n",
		     0644);
}

/* '/boot' of the plugin is one folder here. */
static void run_plugin(const struct scratch *scratch, const char *arguments)
{
	cleanup_free char *printed = NULL;
	int status;

	printed = run(&status, "KERNEL_INSTALL_BOOT_ROOT=%s/boot sh %s" PLUGIN " %s 2>&1",
		      scratch->path, scratch->path, arguments);
	assert_string_equal(printed, "");
	assert_int_equal(status, 0);
}

static void a_new_kernel_gets_an_entry_that_reserves_nothing(void **state)
{
	static const char path[] =
		"/boot/loader/entries/id-6.1.0+deb13~vfio_bootcfg_fallback.conf";
	struct scratch scratch;
	struct scene scene;
	char *text;
	size_t n;

	begin_plugin(&scene, &scratch);
	run_plugin(&scratch, "add 6.1.0+deb13 /boot/id /v");
	assert_int_equal(root_read(&scratch.root, path, 4096, &text, &n), 0);
	assert_string_equal(text, "title Deb\\ian $x (without vfio-bootcfg)\n"
				  "version 6.1.0+deb13\n"
				  " options root=/a x=\"y z\"  ro " OFF "\nlinux /v\n");
	free(text);
	run_plugin(&scratch, "remove 6.1.0+deb13");
	assert_int_equal(root_read(&scratch.root, path, 4096, &text, &n), -ENOENT);
	assert_int_equal(root_read(&scratch.root, BLS_ENTRY, 4096, &text, &n), 0);
	free(text);
	scratch_end(&scratch);
	scene_end(&scene);
}

/* systemd-boot counts boots in the name; a kernel whose name begins the same is another.
 */
static void the_entry_is_found_by_the_whole_release(void **state)
{
	struct scratch scratch;
	struct scene scene;
	char *text;

	begin_plugin(&scene, &scratch);
	scratch_file(&scratch, "/boot/loader/entries/id-6.1+3-1.conf", "title a\n", 0644);
	scratch_file(&scratch, "/boot/loader/entries/id-6+1-rc.conf", "title a\n", 0644);
	run_plugin(&scratch, "add 6.1 /boot/id /v");
	run_plugin(&scratch, "add 6 /boot/id /v");
	text = scratch_text(&scratch);
	assert_non_null(strstr(text, "/id-6.1~vfio_bootcfg_fallback.conf"));
	assert_null(strstr(text, "deb13~"));
	assert_null(strstr(text, "/id-6~"));
	free(text);
	run_plugin(&scratch, "add 9.9 /boot/id /v");
	run_plugin(&scratch, "remove 6.1");
	text = scratch_text(&scratch);
	assert_null(strstr(text, "/id-6.1~"));
	free(text);
	scratch_end(&scratch);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_submenu_of_grub_has_none_of_our_words),
		cmocka_unit_test(a_failure_costs_the_submenu_alone),
		cmocka_unit_test(no_submenu_is_kept_where_none_is_wanted_or_possible),
		cmocka_unit_test(a_new_kernel_gets_an_entry_that_reserves_nothing),
		cmocka_unit_test(the_entry_is_found_by_the_whole_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
