/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which menu entries are a root's own: partitions are shared by several systems. */
#include "probe/detect.h"

#include "unit/probe/root.h"

#define RELEASE "6.18.7-arch1-1"
#define ID	"0123456789abcdef0123456789abcdef"
#define FOLDER	"boot/loader/entries/"

/* Only what is in the folder of entries in these tests. */
static void begin(struct site *site)
{
	site_begin(site, "arch-systemd-boot");
	site_run("rm %s/" FOLDER "*", folder_root);
	folder_write("etc/machine-id", ID "\n");
}

static const struct loader_entry *only_entry(struct site *site)
{
	site_probe(site);
	if (!site->system.chain.n_entries)
		return NULL;
	assert_int_equal(site->system.chain.n_entries, 1);
	return &site->system.chain.entries[0];
}

static void an_entry_is_tied_to_a_kernel_of_the_root(void **state)
{
	static const struct {
		const char *text;
		bool is_own, is_installed;
	} rows[] = {
		{ "version " RELEASE "\nlinux /a\n", true, false },
		{ "version " RELEASE "\nlinux /" ID "/" RELEASE "/linux\n", true, true },
		{ "linux /vmlinuz-" RELEASE "\n", true, false },
		{ "linux\t/kernel-" RELEASE "\r\n", true, false },
		{ "linux /vmlinuz-linux\n", true, false },
		{ "  linux   /vmlinuz-linux  \n", true, false },
		{ "version 6.18\nlinux /vmlinuz-linux\n", true, false },
		{ "machine-id " ID "\nlinux /vmlinuz-linux\n", true, false },
		{ "machine-id f" ID "\nlinux /vmlinuz-linux\n", false, false },
		{ "version " RELEASE "\n", false, false },
		{ "version " RELEASE "\nefi /a.efi\n", false, false },
		{ "version 5.4.0\nlinux /other/vmlinuz-5.4.0\n", false, false },
		{ "#linux /vmlinuz-linux\n", false, false },
		{ "linux /vmlinuz-linux-lts\nversion 5.4.0\n", false, false },
		{ "linux /myvmlinuz-linux\nversion 1\n", false, false },
		{ "", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct loader_entry *entry;
		struct site site;

		begin(&site);
		folder_write(FOLDER "a.conf", rows[i].text);
		entry = only_entry(&site);
		if (!rows[i].is_own != !entry)
			fail_msg("row %zu", i);
		if (entry) {
			assert_string_equal(entry->path, "/" FOLDER "a.conf");
			assert_int_equal(entry->kernel, 0);
			assert_int_equal(entry->is_installed, rows[i].is_installed);
			assert_false(entry->is_recovery);
		}
		assert_int_equal(site.findings.n, 0);
		site_end(&site);
	}
}

static void recovery_is_told_by_name_and_title(void **state)
{
	static const struct {
		const char *name, *text;
		bool is_recovery, is_fallback;
	} rows[] = {
		{ "arch-fallback.conf", "linux /vmlinuz-linux\n", true, false },
		{ "arch.conf", "title Arch (Fallback initramfs)\nlinux /vmlinuz-linux\n",
		  true, false },
		{ "a.conf", "title Recovery\nlinux /vmlinuz-linux\n", true, false },
		{ ID "-0-rescue.conf", "version 0-rescue\nlinux /vmlinuz-0-rescue\n",
		  true, false },
		{ "arch-" FALLBACK_ENTRY_MARK ".conf",
		  "title Arch (fallback)\nlinux /vmlinuz-linux\n", false, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_free char *path = xasprintf(FOLDER "%s", rows[i].name);
		const struct loader_entry *entry;
		struct site site;

		begin(&site);
		folder_write(path, rows[i].text);
		entry = only_entry(&site);
		assert_non_null(entry);
		assert_int_equal(entry->is_recovery, rows[i].is_recovery);
		assert_int_equal(entry->is_fallback, rows[i].is_fallback);
		site_end(&site);
	}
}

static void the_rescue_entry_of_another_system_is_not_ours(void **state)
{
	struct site site;

	begin(&site);
	folder_write(FOLDER "ffffffffffffffffffffffffffffffff-0-rescue.conf",
		     "version 0-rescue\nlinux /vmlinuz-0-rescue\n");
	assert_null(only_entry(&site));
	site_end(&site);
}

static void an_entry_that_says_nothing_is_noted(void **state)
{
	struct finding finding;
	struct site site;

	begin(&site);
	folder_write(FOLDER "mine.conf", "title Mine\nlinux /bzImage\n");
	assert_null(only_entry(&site));
	finding = site_finding(&site, "entry-unclear");
	assert_int_equal(finding.severity, SEVERITY_NOTE);
	assert_string_equal(finding.where, "/" FOLDER "mine.conf");
	site_end(&site);
}

static void a_partition_that_is_mounted_twice_is_read_once(void **state)
{
	struct site site;

	begin(&site);
	folder_write(FOLDER "a.conf", "linux /vmlinuz-linux\n");
	folder_link("efi", "boot");
	assert_non_null(only_entry(&site));
	site_end(&site);
}

static void a_closed_folder_is_said_where_its_entries_boot(void **state)
{
	struct site site;

	if (geteuid() == 0)
		skip(); /* nothing is closed */
	begin(&site);
	assert_int_equal(chmod(folder_path("boot/loader"), 0), 0);
	site_probe(&site);
	assert_string_equal(site_finding(&site, "unreadable").where,
			    "/boot/loader/entries");
	assert_int_equal(chmod(folder_path("boot/loader"), 0755), 0);
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_tied_to_a_kernel_of_the_root),
		cmocka_unit_test(recovery_is_told_by_name_and_title),
		cmocka_unit_test(the_rescue_entry_of_another_system_is_not_ours),
		cmocka_unit_test(an_entry_that_says_nothing_is_noted),
		cmocka_unit_test(a_partition_that_is_mounted_twice_is_read_once),
		cmocka_unit_test(a_closed_folder_is_said_where_its_entries_boot),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
