/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/grub_cfg.h"
#include "evidence/loader_entry.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

/* As grub-mkconfig of Debian writes it, without what sets up the screen. */
static const char debian[] =
	"# made by grub-mkconfig\n"
	"if [ -s $prefix/grubenv ]; then\n"
	"  load_env\n"
	"fi\n"
	"if [ \"${next_entry}\" ] ; then\n"
	"   set default=\"${next_entry}\"\n"
	"   set next_entry=\n"
	"else\n"
	"   set default=\"@\"\n"
	"fi\n"
	"if [ x\"${feature_menuentry_id}\" = xy ]; then\n"
	"  menuentry_id_option=\"--id\"\n"
	"else\n"
	"  menuentry_id_option=\"\"\n"
	"fi\n"
	"function savedefault {\n"
	"  saved_entry=\"${chosen}\"\n"
	"  linux /boot/never\n"
	"}\n"
	"menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'simple' {\n"
	"\tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi\n"
	"\tset root='hd0,gpt2'\n"
	"\techo\t'Loading Linux 6.12 ...'\n"
	"\tlinux\t/boot/vmlinuz-6.12 root=/dev/vda2 ro quiet vfio-pci.ids=1002:68c8 $vt_handoff\n"
	"\tinitrd\t/boot/initrd.img-6.12\n"
	"}\n"
	"submenu 'Advanced options' $menuentry_id_option 'advanced' {\n"
	"\tmenuentry 'Debian, with Linux 6.12' --class os $menuentry_id_option '6.12-advanced' {\n"
	"\t\tlinux\t/boot/vmlinuz-6.12 root=/dev/vda2 ro quiet vfio-pci.ids=1002:68c8\n"
	"\t\tinitrd\t/boot/initrd.img-6.12\n"
	"\t}\n"
	"\tmenuentry 'Debian, with Linux 6.12 (recovery mode)' --class os $menuentry_id_option '6.12-recovery' {\n"
	"\t\tlinux\t/boot/vmlinuz-6.12 root=/dev/vda2 ro single\n"
	"\t\tinitrd\t/boot/initrd.img-6.12\n"
	"\t}\n"
	"\tmenuentry 'Debian, with Linux 6.1' --class os $menuentry_id_option '6.1-advanced' {\n"
	"\t\tlinux\t/boot/vmlinuz-6.1 root=/dev/vda2 ro quiet\n"
	"\t\tinitrd\t/boot/early.img /boot/initrd.img-6.1\n"
	"\t}\n"
	"}\n"
	"menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {\n"
	"\tfwsetup\n"
	"}\n";

static void read_menu(const char *text, const char *environment, struct boot_menu *ret)
{
	grub_menu_make("grub.cfg", text, strlen(text), environment, NULL, 0, ret);
}

/* The menu with that default. */
static void read_debian(const char *choice, const char *environment,
			struct boot_menu *ret)
{
	const char *at = strchr(strstr(debian, "set default=\"@"), '@');
	cleanup_free char *text =
		xasprintf("%.*s%s%s", (int)(at - debian), debian, choice, at + 1);

	read_menu(text, environment, ret);
}

static void entries_are_those_that_load_a_kernel(void **state)
{
	cleanup_boot_menu struct boot_menu menu = { 0 };

	read_debian("0", NULL, &menu);
	assert_int_equal(menu.n, 4);
	assert_string_equal(menu.v[0].title, "Debian GNU/Linux");
	assert_string_equal(menu.v[0].id, "simple");
	assert_string_equal(menu.v[0].where, "grub.cfg:24");
	assert_string_equal(menu.v[0].kernel, "/boot/vmlinuz-6.12");
	/* '$vt_handoff' is set nowhere, and leaves nothing. */
	assert_string_equal(menu.v[0].options,
			    "root=/dev/vda2 ro quiet vfio-pci.ids=1002:68c8");
	assert_int_equal(menu.v[3].initrds.n, 2);
	assert_string_equal(menu.v[3].initrds.v[1], "/boot/initrd.img-6.1");
	assert_true(boot_entry_is_rescue(&menu.v[2]));
	assert_false(boot_entry_is_rescue(&menu.v[3]));
}

static void the_default_is_found_by_number_title_and_id(void **state)
{
	static const struct {
		const char *choice, *environment;
		size_t chosen;
		const char *why;
	} cases[] = {
		{ "0", NULL, 0, "the first entry" },
		{ "1>2", NULL, 3, "chosen by 'default=1>2'" },
		{ "1>1", NULL, 2, "chosen by 'default=1>1'" },
		{ "1", NULL, 1, "chosen by 'default=1'" },
		{ "Debian GNU/Linux", NULL, 0, "chosen by 'default=Debian GNU/Linux'" },
		{ "advanced>6.1-advanced", NULL, 3,
		  "chosen by 'default=advanced>6.1-advanced'" },
		{ "Advanced options>Debian, with Linux 6.1", NULL, 3,
		  "chosen by 'default=Advanced options>Debian, with Linux 6.1'" },
		{ "gone", NULL, 0, "the first entry, because there is no 'gone'" },
		{ "1>9", NULL, 0, "the first entry, because there is no '1>9'" },
		{ "uefi-firmware", NULL, SIZE_MAX, "chosen by 'default=uefi-firmware'" },
		{ "${saved_entry}", NULL, 0, "the first entry" },
		{ "${saved_entry}", "# GRUB Environment Block\nsaved_entry=1>2\n####", 3,
		  "chosen by 'default=1>2'" },
		{ "0", "next_entry=advanced>6.1-advanced\n", 3,
		  "chosen for one boot by 'next_entry=advanced>6.1-advanced'" },
		{ "0", "next_entry=\n", 0, "the first entry" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_boot_menu struct boot_menu menu = { 0 };

		read_debian(cases[i].choice, cases[i].environment, &menu);
		assert_int_equal(menu.chosen, cases[i].chosen);
		assert_string_equal(menu.why, cases[i].why);
	}
}

/* What the kernel gets is what GRUB makes of quotes, not what stands in the file. */
static void words_are_handed_over_as_grub_does(void **state)
{
	static const struct {
		const char *line, *options;
	} cases[] = {
		{ "a  b\tc", "a b c" },
		{ "dyndbg=\"file dd.c +p\"", "\"dyndbg=file dd.c +p\"" },
		{ "'a b' c", "\"a b\" c" },
		{ "a\\ b", "\"a b\"" },
		{ "a=\"x\\\"y\"", "a=x\\\"y" },
		{ "a \\\n b", "a b" },
		{ "a # comment", "a" },
		{ "a#b", "a#b" },
		{ "'$x' \"$set\" ${set}y", "$x value valuey" },
		{ "a;b", "a" },
		{ "a{b} c", "a{b} c" },
		{ "\"\" a", " a" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text =
			xasprintf("set set=value\nmenuentry x {\nlinux (hd0,1)/v %s\n}\n",
				  cases[i].line);
		cleanup_boot_menu struct boot_menu menu = { 0 };

		read_menu(text, NULL, &menu);
		assert_int_equal(menu.n, 1);
		assert_string_equal(menu.v[0].kernel, "/v");
		assert_string_equal(menu.v[0].options, cases[i].options);
	}
}

/* Ubuntu tries without an initramfs first, in an 'if' of the same entry. */
static void of_two_branches_the_last_is_taken(void **state)
{
	cleanup_boot_menu struct boot_menu menu = { 0 };

	read_menu("menuentry x {\n"
		  "if [ \"${initrdfail}\" = 1 ]; then linux /v panic=-1; else\n"
		  "linux /v quiet\ninitrd /i\nfi\n}\n",
		  NULL, &menu);
	assert_int_equal(menu.n, 1);
	assert_string_equal(menu.v[0].options, "quiet");
	assert_int_equal(menu.v[0].initrds.n, 1);
}

static void add_file(struct boot_entry **entries, size_t *n, const char *name,
		     const char *text)
{
	cleanup_free char *path = xasprintf("/boot/loader/entries/%s.conf", name);

	loader_entry_parse(path, text, strlen(text), array_add(*entries, *n));
}

/* Fedora's menu is made of files, the newest first, and their options may be variables.
 */
static void files_of_entries_stand_where_blscfg_does(void **state)
{
	static const char text[] = "set default=\"${saved_entry}\"\n"
				   "insmod blscfg\nblscfg\n"
				   "menuentry firmware {\nfwsetup\n}\n";
	static const struct {
		const char *environment;
		const char *title;
	} cases[] = {
		{ NULL, "Fedora 6.14.10" },
		{ "saved_entry=m-6.14.9-200\n", "Fedora 6.14.9" },
		{ "saved_entry=1\n", "Fedora 6.14.9" },
		{ "saved_entry=m-6.14.9-200~vfio_bootcfg_fallback\n",
		  "Fedora without vfio" },
		{ "saved_entry=0\nkernelopts=root=x vfio-pci.ids=1\n", "Fedora 6.14.10" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_boot_menu struct boot_menu menu = { 0 };
		struct boot_entry *files = NULL;
		size_t n = 0;

		add_file(&files, &n, "m-6.14.9-200~vfio_bootcfg_fallback",
			 "title Fedora without vfio\nlinux /v-6.14.9\noptions root=x\n");
		add_file(&files, &n, "m-6.14.9-200",
			 "title Fedora 6.14.9\nlinux /v-6.14.9\noptions $kernelopts a\n");
		add_file(&files, &n, "m-6.14.10-200",
			 "title Fedora 6.14.10\nlinux /v-6.14.10\n"
			 "options ${kernelopts} b\ninitrd /i $tuned_initrd\n");
		grub_menu_make("grub.cfg", text, strlen(text), cases[i].environment,
			       files, n, &menu);
		assert_int_equal(menu.n, 3);
		assert_string_equal(menu.v[menu.chosen].title, cases[i].title);
		assert_string_equal(menu.v[2].title, "Fedora without vfio");
		if (i == 4)
			assert_string_equal(menu.v[0].options, "root=x vfio-pci.ids=1 b");
	}
}

static void a_file_without_entries_is_an_empty_menu(void **state)
{
	static const char *const texts[] = {
		"",
		"}\n}\n",
		"menuentry",
		"menuentry {",
		"menuentry x {\nlinux\n",
		"linux /v a\n",
		"'unfinished",
		"\"unfinished ${x",
		"set default=\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_boot_menu struct boot_menu menu = { 0 };

		read_menu(texts[i], NULL, &menu);
		for (size_t k = 0; k < menu.n; k++)
			assert_null(menu.v[k].kernel);
	}
}

/* The chosen entry of a release, else one that is not for emergencies. */
static void the_entry_of_a_kernel_is_its_ordinary_one(void **state)
{
	static const char *const releases[] = { "6.12", "6.12", "6.12", "6.1" };
	cleanup_boot_menu struct boot_menu menu = { 0 };

	read_debian("0", NULL, &menu);
	for (size_t i = 0; i < menu.n; i++)
		menu.v[i].release = xstrdup(releases[i]);
	assert_int_equal(boot_menu_find(&menu, "6.12"), 0);
	assert_int_equal(boot_menu_find(&menu, "6.1"), 3);
	assert_int_equal(boot_menu_find(&menu, "6.2"), SIZE_MAX);
	menu.chosen = 2;
	assert_int_equal(boot_menu_find(&menu, "6.12"), 2);
	free(menu.v[0].release);
	menu.v[0].release = NULL;
	menu.chosen = 3;
	assert_int_equal(boot_menu_find(&menu, "6.12"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_those_that_load_a_kernel),
		cmocka_unit_test(the_default_is_found_by_number_title_and_id),
		cmocka_unit_test(words_are_handed_over_as_grub_does),
		cmocka_unit_test(of_two_branches_the_last_is_taken),
		cmocka_unit_test(files_of_entries_stand_where_blscfg_does),
		cmocka_unit_test(a_file_without_entries_is_an_empty_menu),
		cmocka_unit_test(the_entry_of_a_kernel_is_its_ordinary_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
