/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/loans.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LOANS "run/vfio-bootcfg/loans"

static int start(void **state)
{
	fake_start(state);
	fake_folder(fake_path("run/vfio-bootcfg"));
	return 0;
}

static void loans_are_read_as_they_were_written(void **state)
{
	static const char text[] =
		"# what 'vfio-bootcfg release' returns: address, identity, driver, driver_override\n"
		"0000:03:00.0 8086:10d3:8086:0000 e1000e -\n"
		"10000:e1:00.0 144d:a80a:144d:a801 - nvme\n";
	cleanup_loans struct loans loans;

	fake_file(fake_path(LOANS), text, 0644);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	assert_int_equal(loans.n, 2);
	assert_null(loans.v[1].driver);
	assert_string_equal(loans.v[1].override, "nvme");
	assert_int_equal(loans_write(&loans), 0);
	assert_string_equal(fake_text(fake_path(LOANS)), text);
}

static void the_last_loan_takes_the_file_along(void **state)
{
	cleanup_loans struct loans loans;

	fake_file(fake_path(LOANS), "0000:03:00.0 8086:10d3:8086:0000 e1000e -\n", 0644);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	loans_drop(&loans, (struct bdf){ 0, 3, 0, 0 });
	assert_int_equal(loans_write(&loans), 0);
	assert_int_equal(access(fake_path(LOANS), F_OK), -1);
}

static void a_folder_is_left_behind_only_with_something_in_it(void **state)
{
	struct loans loans;

	assert_int_equal(loans_open(fake_root, &loans), 0);
	assert_int_equal(access(fake_path("run/vfio-bootcfg"), F_OK), 0);
	loans_close(&loans);
	assert_int_equal(access(fake_path("run/vfio-bootcfg"), F_OK), -1);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	fake_file(fake_path("run/vfio-bootcfg/report"), "", 0644);
	loans_close(&loans);
	assert_int_equal(access(fake_path("run/vfio-bootcfg/report"), F_OK), 0);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	unlink(fake_path("run/vfio-bootcfg/report"));
	loans_put(&loans, &(struct loan){ .bdf = { 0, 3, 0, 0 } });
	assert_int_equal(loans_write(&loans), 0);
	loans_close(&loans);
	assert_int_equal(access(fake_path(LOANS), F_OK), 0);
}

static void one_process_has_them_at_a_time(void **state)
{
	struct loans first, second;

	assert_int_equal(loans_open(fake_root, &first), 0);
	assert_int_equal(loans_open(fake_root, &second), -EWOULDBLOCK);
	loans_close(&first);
	assert_int_equal(loans_open(fake_root, &second), 0);
	loans_close(&second);
}

/* Any user may lock the folder, which he can read. */
static void other_users_keep_nobody_from_them(void **state)
{
	struct loans loans;
	struct stat status;
	cleanup_fd int fd =
		open(fake_path("run/vfio-bootcfg"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	assert_int_equal(fstat(loans.lock, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	loans_close(&loans);
	assert_int_equal(access(fake_path("run/vfio-bootcfg"), F_OK), -1);
}

/* It has a copy of what was open when it began. */
static void a_child_that_hangs_keeps_no_other_process_from_them(void **state)
{
	cleanup_fd int copy = -1;
	struct loans loans;

	fake_file(fake_path(LOANS), "0000:03:00.0 8086:10d3:8086:0000 e1000e -\n", 0644);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	copy = dup(loans.lock);
	loans_close(&loans);
	assert_int_equal(loans_open(fake_root, &loans), 0);
	loans_close(&loans);
}

static void what_is_no_loan_is_not_guessed_at(void **state)
{
	static const char *const cases[] = {
		"0000:03:00.0 8086:10d3:8086:0000 e1000e\n",
		"0000:03:00.0 8086:10d3 e1000e -\n",
		"03:00 8086:10d3:8086:0000 e1000e -\n",
		"\n",
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct loans loans;

		fake_file(fake_path(LOANS), cases[i], 0644);
		assert_int_equal(loans_open(fake_root, &loans), -EBADMSG);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, fake_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loans_are_read_as_they_were_written),
		TEST(other_users_keep_nobody_from_them),
		TEST(the_last_loan_takes_the_file_along),
		TEST(a_folder_is_left_behind_only_with_something_in_it),
		TEST(one_process_has_them_at_a_time),
		TEST(a_child_that_hangs_keeps_no_other_process_from_them),
		TEST(what_is_no_loan_is_not_guessed_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
