/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that other programs write, too: boot loader entries, /etc/kernel/cmdline. */
#include "txn/transaction.h"
#include "unit/txn/scratch.h"

#include <errno.h>

#define ENTRY "/boot/loader/entries/a.conf"

static void add(struct artifact **v, size_t *n, const char *path, const char *bytes,
		const char *without)
{
	struct artifact *artifact = array_add(*v, *n);

	artifact->path = xstrdup(path);
	artifact->mode = 0600;
	artifact->bytes = bytes ? xstrdup(bytes) : NULL;
	artifact->size = bytes ? strlen(bytes) : 0;
	artifact->without = without ? xstrdup(without) : NULL;
	artifact->without_size = without ? strlen(without) : 0;
}

static int commit(struct scratch *s, struct artifacts *artifacts)
{
	cleanup_changes struct changes changes = { 0 };
	cleanup_findings struct findings findings = { 0 };
	cleanup_fd int lock = -1;
	int r = transaction_begin(&s->root, &lock, &findings);

	if (r == 0)
		r = transaction_compare(&s->root, artifacts, &changes, &findings);
	if (r == 0)
		r = transaction_commit(&s->root, &changes, &findings);
	artifacts_free(artifacts);
	return r;
}

/* An entry that gets our words. */
static void generate(struct scratch *s)
{
	struct artifacts artifacts = { 0 };

	scratch_begin(s);
	scratch_file(s, ENTRY, "options a\n", 0600);
	add(&artifacts.v, &artifacts.n, ENTRY, "options a ours\n", "options a\n");
	assert_int_equal(commit(s, &artifacts), 0);
}

static void assert_entry(const struct scratch *s, const char *path, const char *expected)
{
	char *bytes;
	size_t n;
	int r = root_read(&s->root, path, 4096, &bytes, &n);

	if (!expected) {
		assert_int_equal(r, -ENOENT);
		return;
	}
	assert_int_equal(r, 0);
	assert_string_equal(bytes, expected);
	free(bytes);
}

static void what_a_tool_wrote_since_outlives_the_revert(void **state)
{
	struct artifacts undone = { 0 };
	struct scratch s;
	char *text;

	generate(&s);
	scratch_file(&s, ENTRY, "options a ours its\n", 0600);
	add(&undone.undone, &undone.n_undone, ENTRY, "options a its\n", NULL);
	assert_int_equal(commit(&s, &undone), 0);
	assert_entry(&s, ENTRY, "options a its\n");
	text = scratch_text(&s);
	assert_null(strstr(text, "vfio-bootcfg"));
	free(text);
	scratch_end(&s);
}

static void without_a_word_on_it_such_a_file_is_a_conflict(void **state)
{
	struct artifacts nothing = { 0 };
	struct scratch s;

	generate(&s);
	scratch_file(&s, ENTRY, "options a ours its\n", 0600);
	assert_int_equal(commit(&s, &nothing), -EEXIST);
	assert_entry(&s, ENTRY, "options a ours its\n");
	scratch_end(&s);
}

/* What is undone is only looked at where the file was written since. */
static void an_untouched_file_gets_its_original(void **state)
{
	struct artifacts undone = { 0 };
	struct scratch s;

	generate(&s);
	add(&undone.undone, &undone.n_undone, ENTRY, "something else\n", NULL);
	assert_int_equal(commit(&s, &undone), 0);
	assert_entry(&s, ENTRY, "options a\n");
	scratch_end(&s);
}

/* The package manager has removed the kernel, and its entry with it. */
static void a_file_that_is_gone_stays_gone(void **state)
{
	struct artifacts nothing = { 0 };
	struct scratch s;
	char *text;

	generate(&s);
	assert_int_equal(unlinkat(s.root.fd, &ENTRY[1], 0), 0);
	assert_int_equal(commit(&s, &nothing), 0);
	assert_entry(&s, ENTRY, NULL);
	text = scratch_text(&s);
	assert_null(strstr(text, "vfio-bootcfg"));
	free(text);
	scratch_end(&s);
}

/* The entry of a kernel that was installed since has our words, and another of ours
 * stands beside it: neither was written by us. */
static void files_that_were_never_ours_are_undone(void **state)
{
	static const char second[] = "/boot/loader/entries/b.conf";
	static const char fallback[] = "/boot/loader/entries/b~fallback.conf";
	struct artifacts undone = { 0 };
	struct scratch s;
	char *text;

	generate(&s);
	scratch_file(&s, second, "options b ours\n", 0600);
	scratch_file(&s, fallback, "options b\n", 0600);
	add(&undone.undone, &undone.n_undone, second, "options b\n", NULL);
	add(&undone.undone, &undone.n_undone, fallback, NULL, NULL);
	assert_int_equal(commit(&s, &undone), 0);
	assert_entry(&s, ENTRY, "options a\n");
	assert_entry(&s, second, "options b\n");
	assert_entry(&s, fallback, NULL);
	text = scratch_text(&s);
	assert_null(strstr(text, "vfio-bootcfg"));
	free(text);
	scratch_end(&s);
}

/* Such a file that holds nothing of ours is no change, and none is shown. */
static void a_file_that_is_as_it_should_be_is_not_listed(void **state)
{
	static const char other[] = "/boot/loader/entries/b.conf";
	cleanup_findings struct findings findings = { 0 };
	struct artifacts undone = { 0 };
	struct changes changes;
	struct scratch s;

	scratch_begin(&s);
	scratch_file(&s, other, "options b\n", 0600);
	add(&undone.undone, &undone.n_undone, other, "options b\n", NULL);
	assert_int_equal(transaction_compare(&s.root, &undone, &changes, &findings), 0);
	assert_int_equal(changes.n, 0);
	changes_free(&changes);
	artifacts_free(&undone);
	scratch_end(&s);
}

/* A file that is as it should be, and was never ours: nothing of it is kept. */
static void what_was_there_already_leaves_nothing_behind(void **state)
{
	struct scratch s;
	struct artifacts artifacts = { 0 }, nothing = { 0 };
	cleanup_free char *before = NULL, *after = NULL;

	scratch_begin(&s);
	scratch_file(&s, ENTRY, "options a\n", 0600);
	scratch_file(&s, "/etc/there", "ours\n", 0600);
	before = scratch_text(&s);
	add(&artifacts.v, &artifacts.n, ENTRY, "options a ours\n", "options a\n");
	add(&artifacts.v, &artifacts.n, "/etc/there", "ours\n", NULL);
	assert_int_equal(commit(&s, &artifacts), 0);
	assert_int_equal(commit(&s, &nothing), 0);
	after = scratch_text(&s);
	assert_string_equal(after, before);
	scratch_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_tool_wrote_since_outlives_the_revert),
		cmocka_unit_test(without_a_word_on_it_such_a_file_is_a_conflict),
		cmocka_unit_test(an_untouched_file_gets_its_original),
		cmocka_unit_test(a_file_that_is_gone_stays_gone),
		cmocka_unit_test(files_that_were_never_ours_are_undone),
		cmocka_unit_test(a_file_that_is_as_it_should_be_is_not_listed),
		cmocka_unit_test(what_was_there_already_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
