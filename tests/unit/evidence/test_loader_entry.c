/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/loader_entry.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

static struct boot_entry parse(const char *path, const char *text)
{
	struct boot_entry entry;

	loader_entry_parse(path, text, strlen(text), &entry);
	return entry;
}

static void keys_of_an_entry_are_read(void **state)
{
	struct boot_entry entry = parse("/boot/loader/entries/abc-6.12.conf",
					"# a comment\n"
					"title\t Fedora Linux (6.12)\r\n"
					"version 6.12\n"
					"sort-key fedora\n"
					"machine-id abc\n"
					"linux /abc/6.12/linux\n"
					"initrd /ucode.img\n"
					"  initrd /abc/6.12/initrd\n"
					"options root=LABEL=x ro\n"
					"options vfio-pci.ids=1002:68c8\n"
					"nonsense\n");

	assert_string_equal(entry.where, "/boot/loader/entries/abc-6.12.conf");
	assert_string_equal(entry.id, "abc-6.12.conf");
	assert_string_equal(entry.title, "Fedora Linux (6.12)");
	assert_string_equal(entry.kernel, "/abc/6.12/linux");
	assert_string_equal(entry.version, "6.12");
	assert_string_equal(entry.sort_key, "fedora");
	assert_string_equal(entry.machine_id, "abc");
	assert_int_equal(entry.initrds.n, 2);
	assert_string_equal(entry.initrds.v[1], "/abc/6.12/initrd");
	assert_string_equal(entry.options, "root=LABEL=x ro vfio-pci.ids=1002:68c8");
	boot_entry_free(&entry);
}

static void counters_are_no_part_of_the_name(void **state)
{
	static const struct {
		const char *name, *id;
		bool counts;
		unsigned left;
	} cases[] = {
		{ "a+3.conf", "a.conf", true, 3 },
		{ "a+0-3.conf", "a.conf", true, 0 },
		{ "a-6.1+deb13-amd64.conf", "a-6.1+deb13-amd64.conf", false, 0 },
		{ "a-6.12.107+deb13-amd64+2-1.efi", "a-6.12.107+deb13-amd64.efi", true,
		  2 },
		{ "a+.conf", "a+.conf", false, 0 },
		{ "a+3", "a+3", false, 0 },
		{ "", "", false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct boot_entry entry = parse(cases[i].name, "");

		assert_string_equal(entry.id, cases[i].id);
		assert_int_equal(entry.counts_tries, cases[i].counts);
		assert_int_equal(entry.tries_left, cases[i].left);
		boot_entry_free(&entry);
	}
}

/* Examples of the version format specification of the UAPI group, and names of ours. */
static void versions_have_an_order(void **state)
{
	static const char *const ascending[] = {
		"~",	 "",	  "1~rc1", "1",	    "1-1",    "1-2",
		"1^1",	 "1.0~1", "1.0",   "1.1",   "1.9-1",  "1.9-10",
		"1.9.1", "1.10",  "2",	   "2.abc", "2.abcd", "2.0",
	};

	for (size_t i = 0; i < sizeof ascending / sizeof *ascending; i++)
		for (size_t k = 0; k < sizeof ascending / sizeof *ascending; k++) {
			int order = version_compare(ascending[i], ascending[k]);

			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	assert_int_equal(version_compare("1.001", "1.1"), 0);
	assert_int_equal(version_compare("1_2", "1!2"), 0);
	/* Entries of ours come behind those that they are copies of. */
	assert_true(version_compare("m-6.1~vfio_bootcfg_fallback", "m-6.1") < 0);
	assert_true(version_compare("m-6.1-vfio_bootcfg_fallback.conf", "m-6.1.conf") <
		    0);
}

struct menu_case {
	const char *efi, *config;
	const char *chosen, *why;
};

static void check_choice(const struct menu_case *expected)
{
	static const char *const names[] = { "arch-fallback.conf", "arch.conf",
					     "m-6.9.conf", "m-6.10.conf",
					     "bad+0-3.conf" };
	struct boot_entry *entries = NULL;
	struct boot_menu menu;
	size_t n = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		*array_add(entries, n) = parse(names[i], "linux /v\n");
	systemd_menu_make(entries, n, expected->efi, expected->config, &menu);
	assert_string_equal(menu.v[menu.chosen].id, expected->chosen);
	assert_string_equal(menu.why, expected->why);
	assert_string_equal(menu.v[n - 1].id, "bad.conf"); /* all tries failed */
	boot_menu_free(&menu);
}

static void the_default_is_chosen_as_systemd_boot_does(void **state)
{
	static const struct menu_case cases[] = {
		{ NULL, NULL, "m-6.10.conf", "the first entry" },
		{ NULL, "timeout 3\ndefault arch.conf\n", "arch.conf",
		  "chosen by 'default arch.conf'" },
		{ NULL, "default gone\ndefault ARCH*\n", "arch.conf",
		  "chosen by 'default ARCH*'" },
		{ NULL, "default @saved\n", "m-6.10.conf", "the first entry" },
		{ NULL, "#default arch.conf\n", "m-6.10.conf", "the first entry" },
		{ "m-6.9.conf", "default arch.conf\n", "m-6.9.conf",
		  "chosen by 'm-6.9.conf' in the firmware" },
		{ "gone", "default arch.conf\n", "arch.conf",
		  "chosen by 'default arch.conf'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_choice(&cases[i]);
}

static void entries_with_a_key_come_first_and_newest_first(void **state)
{
	struct boot_entry *entries = NULL;
	struct boot_menu menu;
	size_t n = 0;
	static const char *const order[] = { "b2.conf", "b1.conf", "c.conf", "z.conf" };

	*array_add(entries, n) = parse("z.conf", "linux /v\n");
	*array_add(entries, n) =
		parse("c.conf", "linux /v\nsort-key debian\nversion 9\n");
	*array_add(entries, n) =
		parse("b1.conf", "linux /v\nsort-key arch\nversion 6.9\n");
	*array_add(entries, n) =
		parse("b2.conf", "linux /v\nsort-key arch\nversion 6.10\n");
	systemd_menu_make(entries, n, NULL, NULL, &menu);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(menu.v[i].id, order[i]);
	boot_menu_free(&menu);
}

static void a_unified_image_is_an_entry(void **state)
{
	char osrel[] = "NAME='Arch Linux'\nPRETTY_NAME=\"Arch Linux\"\nID=arch\n"
		       "VERSION_ID=6.12.1-arch1-1\n";
	char cmdline[] = "root=x vfio-pci.ids=1002:68c8";
	struct uki uki = { .osrel = osrel, .cmdline = cmdline };
	struct boot_entry entry;

	loader_entry_of_uki("/efi/EFI/Linux/arch-linux.efi", &uki, &entry);
	assert_string_equal(entry.id, "arch-linux.efi");
	assert_string_equal(entry.title, "Arch Linux");
	assert_string_equal(entry.sort_key, "arch");
	assert_string_equal(entry.version, "6.12.1-arch1-1");
	assert_string_equal(entry.options, cmdline);
	assert_string_equal(entry.unified, "/efi/EFI/Linux/arch-linux.efi");
	boot_entry_free(&entry);
}

static void rescue_entries_are_told_by_what_they_say(void **state)
{
	static const struct {
		const char *text;
		bool is_rescue;
	} cases[] = {
		{ "linux /v\noptions root=x quiet\n", false },
		{ "linux /v\noptions root=x single\n", true },
		{ "linux /v\noptions root=x systemd.unit=rescue.target\n", true },
		{ "linux /v\noptions root=x vfio_bootcfg=off\n", true },
		{ "linux /v\noptions root=x vfio-bootcfg=off\n", true },
		{ "title Arch (Fallback)\nlinux /v\n", true },
		{ "linux /v\noptions root=LABEL=single\n", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct boot_entry entry = parse("x.conf", cases[i].text);

		assert_int_equal(boot_entry_is_rescue(&entry), cases[i].is_rescue);
		boot_entry_free(&entry);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_an_entry_are_read),
		cmocka_unit_test(counters_are_no_part_of_the_name),
		cmocka_unit_test(versions_have_an_order),
		cmocka_unit_test(the_default_is_chosen_as_systemd_boot_does),
		cmocka_unit_test(entries_with_a_key_come_first_and_newest_first),
		cmocka_unit_test(a_unified_image_is_an_entry),
		cmocka_unit_test(rescue_entries_are_told_by_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
