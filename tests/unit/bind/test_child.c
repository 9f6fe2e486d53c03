/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/child.h"
#include "unit/bind/fake_sysfs.h"
#include "unit/check.h"

#include <signal.h>
#include <sys/wait.h>

enum { SHORT = 50, LONG = 20000 };

static void text_is_written_whole(void **state)
{
	fake_file(fake_path("file"), "something longer", 0644);
	assert_int_equal(child_write(fake_path("file"), "vfio-pci", LONG), 0);
	assert_string_equal(fake_text(fake_path("file")), "vfio-pci");
}

static void a_refused_write_is_an_errno(void **state)
{
	assert_int_equal(child_write(fake_path("missing"), "x", LONG), -ENOENT);
	assert_int_equal(child_write(fake_path("proc"), "x", LONG), -EISDIR);
	assert_int_equal(child_write("/dev/full", "x", LONG), -ENOSPC);
	/* Nothing was created on the way. */
	assert_int_equal(access(fake_path("missing"), F_OK), -1);
}

/* A pipe without a reader stands for a driver that never returns. */
static void a_write_that_hangs_is_left_behind(void **state)
{
	long before = child_clock();

	assert_int_equal(mkfifo(fake_path("pipe"), 0644), 0);
	assert_int_equal(child_write(fake_path("pipe"), "x", SHORT), -ETIME);
	assert_true(child_clock() - before >= SHORT);
	assert_true(child_clock() - before < LONG / 2);
	/* The one that was left behind and ends now is not taken for the next one. */
	fake_file(fake_path("file"), "", 0644);
	for (int i = 0; i < 20; i++)
		assert_int_equal(child_write(fake_path("file"), "x", LONG), 0);
}

/* It may hang for good, and must not keep the lock, or the pipe that somebody reads. */
static void a_write_holds_no_file_of_ours(void **state)
{
	cleanup_fd int fd = open(fake_path("open"), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	cleanup_free char *own = xasprintf("/proc/self/fd/%d", fd);

	assert_true(fd >= 0);
	assert_int_equal(child_write(own, "x", LONG), -ENOENT);
	assert_int_equal(child_write("/proc/self/fd/2", "", LONG), -ENOENT);
}

static void a_program_ends_with_its_status(void **state)
{
	assert_int_equal(
		child_run((const char *[]){ "/bin/sh", "-c", "exit 3", NULL }, LONG), 3);
	assert_int_equal(child_run((const char *[]){ "/bin/true", NULL }, LONG), 0);
	assert_int_equal(child_run((const char *[]){ "/no/such/program", NULL }, LONG),
			 127);
	assert_int_equal(
		child_run((const char *[]){ "/bin/sh", "-c", "kill -9 $$", NULL }, LONG),
		-ECANCELED);
	assert_int_equal(child_run((const char *[]){ "/bin/sleep", "60", NULL }, SHORT),
			 -ETIME);
}

/* Some init programs start their children with SIGCHLD ignored: then wait() has nothing
 * to tell, and a status would be lost. */
static void an_ignored_sigchld_does_not_matter(void **state)
{
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(
		child_run((const char *[]){ "/bin/sh", "-c", "exit 3", NULL }, LONG), 3);
	signal(SIGCHLD, SIG_DFL);
}

static void the_signal_mask_is_put_back(void **state)
{
	sigset_t mask;

	child_run((const char *[]){ "/bin/true", NULL }, LONG);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_false(sigismember(&mask, SIGCHLD));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_written_whole),
		cmocka_unit_test(a_refused_write_is_an_errno),
		cmocka_unit_test(a_write_that_hangs_is_left_behind),
		cmocka_unit_test(a_write_holds_no_file_of_ours),
		cmocka_unit_test(a_program_ends_with_its_status),
		cmocka_unit_test(an_ignored_sigchld_does_not_matter),
		cmocka_unit_test(the_signal_mask_is_put_back),
	};

	return cmocka_run_group_tests(tests, fake_start, fake_end);
}
