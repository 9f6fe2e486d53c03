/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "sys/root.h"
#include "unit/check.h"
#include "unit/sys/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_up(void **state)
{
	static struct root root;
	const char *folder = folder_make();

	folder_write("etc/hostname", "inside\n");
	folder_write("etc/empty", "");
	folder_write("etc/big", "0123456789");
	folder_link("etc/absolute", "/etc/hostname");
	folder_link("etc/climbing", "../../../../etc/hostname");
	folder_link("etc/loop", "loop");
	folder_link("etc/dangling", "/nowhere");
	assert_int_equal(mkfifo(folder_path("etc/fifo"), 0600), 0);
	assert_int_equal(root_open(folder, &root), 0);
	*state = &root;
	return 0;
}

static int tear_down(void **state)
{
	root_close(*state);
	folder_remove();
	return 0;
}

static void links_resolve_within_the_root(void **state)
{
	static const char *const paths[] = {
		"etc/hostname", "/etc/hostname",   "///etc/./hostname",	  "etc/absolute",
		"etc/climbing", "../etc/hostname", "/../../etc/hostname",
	};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		cleanup_free char *bytes = NULL;
		size_t n;

		assert_int_equal(root_read(*state, paths[i], 100, &bytes, &n), 0);
		assert_string_equal(bytes, "inside\n");
		assert_int_equal(n, 7);
	}
}

static void what_cannot_be_read_says_why(void **state)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "etc/missing", -ENOENT },
		{ "etc/dangling", -ENOENT },
		{ "etc/loop", -ELOOP },
		{ "etc", -EISDIR },
		{ "", -EISDIR },
		{ "/", -EISDIR },
		{ "etc/fifo", -EINVAL },
		{ "etc/big", -EFBIG },
		{ "etc/hostname/x", -ENOTDIR },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *bytes = NULL;
		size_t n = 42;

		assert_int_equal(root_read(*state, cases[i].path, 9, &bytes, &n),
				 cases[i].error);
		assert_null(bytes); /* left alone */
		assert_int_equal(n, 42);
	}
}

static void a_file_of_exactly_the_limit_is_read(void **state)
{
	cleanup_free char *bytes = NULL, *nothing = NULL;
	size_t n;

	assert_int_equal(root_read(*state, "etc/big", 10, &bytes, &n), 0);
	assert_int_equal(n, 10);
	assert_int_equal(root_read(*state, "etc/empty", 0, &nothing, &n), 0);
	assert_string_equal(nothing, "");
}

/* Files of procfs say that they have no bytes, and hold many pages. */
static void a_file_without_a_size_is_read_whole(void **state)
{
	struct root root;
	cleanup_free char *bytes = NULL;
	size_t n;

	assert_int_equal(root_open("/", &root), 0);
	assert_int_equal(root_read(&root, "proc/self/smaps", 1 << 20, &bytes, &n), 0);
	assert_true(n > 8192);
	assert_int_equal(strlen(bytes), n);
	root_close(&root);
}

static void a_link_is_read_as_it_stands(void **state)
{
	cleanup_free char *target = NULL;

	assert_int_equal(root_readlink(*state, "etc/absolute", &target), 0);
	assert_string_equal(target, "/etc/hostname");
	assert_int_equal(root_readlink(*state, "etc/hostname", &target), -EINVAL);
	assert_int_equal(root_readlink(*state, "etc/missing", &target), -ENOENT);
}

static void a_directory_is_listed_in_order(void **state)
{
	struct strings names = { 0 };
	cleanup_free char *joined = NULL;

	assert_int_equal(root_list(*state, "etc", &names), 0);
	joined = strings_join(&names, " ");
	assert_string_equal(joined,
			    "absolute big climbing dangling empty fifo hostname loop");
	strings_free(&names);
	assert_int_equal(root_list(*state, "etc/hostname", &names), -ENOTDIR);
	assert_int_equal(root_list(*state, "missing", &names), -ENOENT);
}

static void a_stat_is_of_the_link_itself(void **state)
{
	struct stat status;

	assert_int_equal(root_stat(*state, "etc/loop", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(root_stat(*state, "/", &status), 0);
	assert_true(S_ISDIR(status.st_mode));
	assert_int_equal(root_stat(*state, "etc/missing", &status), -ENOENT);
}

static void a_path_for_libraries_leads_within_the_root(void **state)
{
	cleanup_free char *path = NULL;
	cleanup_fd int fd = -1;
	char bytes[8] = { 0 };
	FILE *file;

	assert_int_equal(root_path(*state, "etc/climbing", &path, &fd), 0);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, 7, file), 7);
	assert_string_equal(bytes, "inside\n");
	fclose(file);
}

static void a_file_is_created_within_the_root(void **state)
{
	cleanup_fd int fd =
		root_openat(*state, "/../etc/new", O_WRONLY | O_CREAT | O_EXCL, 0640);
	struct stat status;

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(stat(folder_path("etc/new"), &status), 0);
	assert_int_equal(unlink(folder_path("etc/new")), 0);
}

static void a_root_that_is_no_directory_is_refused(void **state)
{
	struct root root = { .fd = -7 };

	assert_int_equal(root_open(folder_path("etc/hostname"), &root), -ENOTDIR);
	assert_int_equal(root_open(folder_path("missing"), &root), -ENOENT);
	assert_int_equal(root.fd, -7); /* left alone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_resolve_within_the_root),
		cmocka_unit_test(what_cannot_be_read_says_why),
		cmocka_unit_test(a_file_of_exactly_the_limit_is_read),
		cmocka_unit_test(a_file_without_a_size_is_read_whole),
		cmocka_unit_test(a_link_is_read_as_it_stands),
		cmocka_unit_test(a_directory_is_listed_in_order),
		cmocka_unit_test(a_stat_is_of_the_link_itself),
		cmocka_unit_test(a_path_for_libraries_leads_within_the_root),
		cmocka_unit_test(a_file_is_created_within_the_root),
		cmocka_unit_test(a_root_that_is_no_directory_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
