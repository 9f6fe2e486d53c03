/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk that fails and goes on failing: what is said is what came of it. */
#include "sys/write.h"
#include "txn/replace.h"
#include "txn/transaction.h"
#include "unit/txn/scratch.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define GRUB "GRUB_CMDLINE_LINUX=\"quiet\"\n"

static char grub_path[] = "/etc/default/grub", grub_text[] = GRUB "ours\n",
	    grub_before[] = GRUB, hook_path[] = "/etc/hooks/new/hook",
	    hook_text[] = "#!/bin/sh\n";

/* One file that is edited, one in a directory that is not there yet. */
static struct artifact files[] = {
	{ .path = grub_path,
	  .mode = 0600,
	  .bytes = grub_text,
	  .size = sizeof grub_text - 1,
	  .without = grub_before,
	  .without_size = sizeof grub_before - 1 },
	{ .path = hook_path,
	  .mode = 0755,
	  .bytes = hook_text,
	  .size = sizeof hook_text - 1 },
};

static int generate(struct scratch *s, struct findings *findings)
{
	const struct artifacts artifacts = { .v = files, .n = 2 };
	cleanup_changes struct changes changes = { 0 };
	cleanup_fd int lock = -1;
	int r = transaction_begin(&s->root, &lock, findings);

	if (r == 0)
		r = transaction_compare(&s->root, &artifacts, &changes, findings);
	if (r == 0)
		r = transaction_commit(&s->root, &changes, findings);
	return r;
}

/* Every change fails from that one on; whether generate failed. */
static bool check_from(int step, size_t *n_put_back, size_t *n_left)
{
	cleanup_findings struct findings findings = { 0 }, later = { 0 };
	cleanup_free char *before = NULL, *after = NULL;
	struct scratch s;
	bool is_back;
	int r;

	scratch_begin(&s);
	scratch_file(&s, grub_path, GRUB, 0600);
	before = scratch_text(&s);
	write_stop = WRITE_STOP_FAIL_ON;
	write_steps_left = step;
	r = generate(&s, &findings);
	write_stop = WRITE_STOP_FAIL;
	write_steps_left = -1;
	after = scratch_text(&s);
	is_back = strcmp(before, after) == 0;
	if (r < 0) {
		assert_int_equal(findings.n, 1);
		assert_string_equal(findings.v[0].code, "write-failed");
		if (strstr(findings.v[0].message, "; everything was put back"))
			assert_true(is_back);
		else
			assert_non_null(strstr(findings.v[0].message,
					       "; not everything could be put back"));
		*(is_back ? n_put_back : n_left) += 1;
		assert_int_equal(generate(&s, &later), 0);
	}
	scratch_end(&s);
	return r < 0;
}

static void what_is_said_of_a_failure_is_what_came_of_it(void **state)
{
	size_t n_put_back = 0, n_left = 0;
	int step = 0;

	while (check_from(step, &n_put_back, &n_left))
		assert_true(++step < 200);
	assert_true(n_put_back > 0);
	assert_true(n_left > 10);
}

/* Two files that change, and one that cannot, with a fault at one step more. */
static bool check_fault_while_undoing(int step)
{
	static char kept[] = "/etc/kept", gone[] = "/etc/gone", made[] = "/etc/made";
	struct replacement v[] = {
		{ ACTION_UPDATE, kept, 0600, "new", 3, NULL },
		{ ACTION_REMOVE, gone, 0, NULL, 0, NULL },
		{ ACTION_CREATE, made, 0600, "new", 3, NULL },
	};
	const struct replacements list = { .v = v, .n = 3 };
	cleanup_findings struct findings findings = { 0 };
	cleanup_free char *text = NULL;
	struct scratch s;
	bool was_reached;

	scratch_begin(&s);
	scratch_file(&s, kept, "old", 0600);
	scratch_file(&s, gone, "old", 0600);
	assert_int_equal(mkdirat(s.root.fd, made + 1, 0700), 0);
	write_stop = WRITE_STOP_FAIL;
	write_steps_left = step;
	assert_true(replace_files(&s.root, &list, &findings) < 0);
	was_reached = write_steps_left < 0;
	write_steps_left = -1;
	assert_int_equal(unlinkat(s.root.fd, made + 1, AT_REMOVEDIR), 0);
	assert_int_equal(replace_recover(&s.root, &findings), 0);
	text = scratch_text(&s);
	assert_int_equal(!!strstr(text, "/etc/kept 600 old"),
			 !!strstr(text, "/etc/gone 600 old"));
	assert_int_equal(!!strstr(text, "/etc/kept 600 old"),
			 !strstr(text, "/etc/made 600 new"));
	assert_null(strstr(text, ".vfio-bootcfg-"));
	scratch_end(&s);
	return was_reached;
}

static void what_was_put_back_is_not_applied_again(void **state)
{
	int step = 0;

	while (check_fault_while_undoing(step))
		assert_true(++step < 200);
	assert_true(step > 20);
}

/* A root that passes for the running system: '/' with a /run. Returns its own path, which
 * scratch_end() needs. */
static char *begin_running(struct scratch *s)
{
	char *path;

	scratch_begin(s);
	assert_int_equal(mkdirat(s->root.fd, "run", 0755), 0);
	path = s->root.path;
	s->root.path = (char *)"/";
	return path;
}

/* Any user may lock '/', which he can read. */
static void other_users_keep_nobody_from_the_running_system(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_free char *before = NULL, *after = NULL;
	cleanup_fd int other = -1;
	int lock = -1, second = -1;
	struct stat status;
	struct scratch s;
	char *path;

	path = begin_running(&s);
	before = scratch_text(&s);
	other = open(s.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(transaction_begin(&s.root, &lock, &findings), 0);
	assert_int_equal(fstat(lock, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(transaction_begin(&s.root, &second, &findings), -EWOULDBLOCK);
	transaction_end(&s.root, &lock);
	assert_int_equal(lock, -1);
	after = scratch_text(&s);
	assert_string_equal(after, before);
	s.root.path = path;
	scratch_end(&s);
}

/* In a child: its exit status tells of a lock that it got, and of the next one. */
static int begin_twice(const struct root *root)
{
	cleanup_findings struct findings findings = { 0 };
	int lock = -1, second = -1, status;
	pid_t pid = fork();

	if (pid == 0) {
		bool first = transaction_begin(root, &lock, &findings) == 0;
		bool next = transaction_begin(root, &second, &findings) == 0;

		transaction_end(root, &lock);
		_exit(first * 1 + next * 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static void a_run_within_another_is_let_in_alone(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	int lock = -1;
	struct scratch s;
	char *path;

	path = begin_running(&s);
	assert_int_equal(transaction_begin(&s.root, &lock, &findings), 0);
	assert_int_equal(begin_twice(&s.root), 0);
	transaction_admit();
	assert_int_equal(begin_twice(&s.root), 1);
	transaction_end(&s.root, &lock);
	assert_false(root_exists(&s.root, "/run/vfio-bootcfg"));
	unsetenv("VFIO_BOOTCFG_WITHIN");
	s.root.path = path;
	scratch_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_of_a_failure_is_what_came_of_it),
		cmocka_unit_test(what_was_put_back_is_not_applied_again),
		cmocka_unit_test(other_users_keep_nobody_from_the_running_system),
		cmocka_unit_test(a_run_within_another_is_let_in_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
