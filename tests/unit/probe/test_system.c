/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/probe/root.h"

static void files_are_read_with_their_mode_and_sorted(void **state)
{
	static const char *const paths[] = { "/etc/mkinitcpio.conf", "etc/default/boot",
					     "//etc/default/boot", "/etc/empty" };
	const struct file *file;
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/default/boot", "GRUB_TIMEOUT=5\n");
	assert_int_equal(chmod(folder_path("etc/default/boot"), 0640), 0);
	folder_write("etc/empty", "");
	site_probe_files(&site, paths, sizeof paths / sizeof *paths);
	assert_int_equal(site.findings.n, 0);
	assert_int_equal(site.system.n_files, 3);
	assert_string_equal(site.system.root, folder_root);

	file = &site.system.files[0];
	assert_string_equal(file->path, "/etc/default/boot");
	assert_true(file->exists);
	assert_int_equal(file->mode, 0640);
	assert_string_equal(file->bytes, "GRUB_TIMEOUT=5\n");
	assert_int_equal(file->size, 15);

	file = &site.system.files[1];
	assert_string_equal(file->path, "/etc/empty");
	assert_true(file->exists);
	assert_string_equal(file->bytes, "");

	/* A file that is not there is a fact. */
	file = &site.system.files[2];
	assert_string_equal(file->path, "/etc/mkinitcpio.conf");
	assert_false(file->exists);
	assert_null(file->bytes);
	assert_ptr_equal(system_file(&site.system, "/etc/mkinitcpio.conf"), file);
	site_end(&site);
}

static void links_are_followed_within_the_root(void **state)
{
	static const char *const paths[] = { "/etc/default/boot", "/etc/outside",
					     "/etc/dangling" };
	const struct file *file;
	struct site site;

	site_begin(&site, NULL);
	folder_write("usr/share/grub/default", "inside\n");
	folder_link("etc/default/boot", "/usr/share/grub/default");
	folder_link("etc/outside", "../../../../../../etc/passwd");
	folder_link("etc/dangling", "nothing");
	site_probe_files(&site, paths, 3);
	assert_int_equal(site.findings.n, 0);
	file = system_file(&site.system, "/etc/default/boot");
	assert_string_equal(file->bytes, "inside\n");
	assert_false(system_file(&site.system, "/etc/outside")->exists);
	assert_false(system_file(&site.system, "/etc/dangling")->exists);
	site_end(&site);
}

static void what_cannot_be_read_is_an_error_with_its_name(void **state)
{
	static const struct {
		const char *path, *reason;
	} cases[] = {
		{ "/etc/folder", "cannot read '/etc/folder': it is a folder" },
		{ "/etc/fifo", "cannot read '/etc/fifo': it is no regular file" },
		{ "/etc/large", "cannot read '/etc/large': it is larger than 1 MiB" },
		{ "/etc/loop", "cannot read '/etc/loop': " },
		{ "/etc/small/x", "cannot read '/etc/small/x': Not a directory" },
	};
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/folder/file", "");
	folder_write("etc/small", "");
	folder_write("etc/large", "");
	assert_int_equal(truncate(folder_path("etc/large"), 1024 * 1024 + 1), 0);
	assert_int_equal(mkfifo(folder_path("etc/fifo"), 0600), 0);
	folder_link("etc/loop", "loop");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		site_probe_files(&site, &cases[i].path, 1);
		assert_int_equal(site.system.n_files, 0);
		assert_int_equal(site.findings.n, 1);
		assert_int_equal(site.findings.v[0].severity, SEVERITY_ERROR);
		assert_string_equal(site.findings.v[0].code, "unreadable-file");
		assert_string_equal(site.findings.v[0].where, cases[i].path);
		assert_non_null(strstr(site.findings.v[0].message, cases[i].reason));
	}
	site_end(&site);
}

static void a_file_of_exactly_the_limit_is_read(void **state)
{
	static const char *const paths[] = { "/etc/limit" };
	struct site site;

	site_begin(&site, NULL);
	folder_write("etc/limit", "");
	assert_int_equal(truncate(folder_path("etc/limit"), 1024 * 1024), 0);
	site_probe_files(&site, paths, 1);
	assert_int_equal(site.findings.n, 0);
	assert_int_equal(site.system.files[0].size, 1024 * 1024);
	site_end(&site);
}

static void a_root_that_is_gone_is_refused(void **state)
{
	const struct root root = { .fd = -1, .path = NULL };
	struct system system = { 0 };
	struct machine machine = { 0 };
	struct findings findings = { 0 };

	assert_true(probe_system(&root, &machine, "vfio-pci", NULL, 0, &system,
				 &findings) < 0);
	assert_null(system.root);
	assert_int_equal(findings.n, 0);
}

static char *described(const struct site *site)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < site->system.n_kernels; i++) {
		const struct kernel *kernel = &site->system.kernels[i];

		fprintf(out, "%s\n", kernel->release);
		for (size_t k = 0; k < kernel->reserving.n; k++)
			fprintf(out, " %s %d\n", kernel->reserving.v[k].name,
				kernel->reserving.v[k].state);
		for (size_t k = 0; k < kernel->n_matches; k++)
			for (size_t m = 0; m < kernel->matches[k].modules.n; m++)
				fprintf(out, " %s %s %d\n", kernel->matches[k].modalias,
					kernel->matches[k].modules.v[m].name,
					kernel->matches[k].modules.v[m].state);
		for (size_t k = 0; k < kernel->n_softdeps; k++)
			fprintf(out, " softdep %s\n", kernel->softdeps[k].module);
	}
	fclose(out);
	return text;
}

/* Order is part of the value: of the functions, nothing of theirs may remain. */
static void the_order_of_functions_changes_nothing(void **state)
{
	static const struct {
		const char *identity;
		uint32_t class;
	} functions[] = {
		{ "10ec:8168:10ec:0123", 0x020000 }, { "1002:68c8:174b:3000", 0x030000 },
		{ "8086:56a0:8086:1020", 0x030000 }, { "1002:68c8:174b:3000", 0x030000 },
		{ "1af4:1000:1af4:0001", 0x020000 },
	};
	const size_t n = sizeof functions / sizeof *functions;
	cleanup_free char *first = NULL, *second = NULL;
	struct site site;

	site_begin(&site, "debian13-two-kernels");
	for (size_t i = 0; i < n; i++)
		site_function(&site, functions[i].identity, functions[i].class);
	site_probe(&site);
	first = described(&site);
	machine_free(&site.machine);
	for (size_t i = n; i > 0; i--)
		site_function(&site, functions[i - 1].identity, functions[i - 1].class);
	site_probe(&site);
	second = described(&site);
	assert_string_equal(first, second);
	assert_non_null(strstr(first, " softdep r8169\n"));
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_with_their_mode_and_sorted),
		cmocka_unit_test(links_are_followed_within_the_root),
		cmocka_unit_test(what_cannot_be_read_is_an_error_with_its_name),
		cmocka_unit_test(a_file_of_exactly_the_limit_is_read),
		cmocka_unit_test(a_root_that_is_gone_is_refused),
		cmocka_unit_test(the_order_of_functions_changes_nothing),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
