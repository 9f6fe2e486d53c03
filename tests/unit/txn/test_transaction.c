/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever happens, a root has its old state or its new one, and revert gives the old one
 * back. */
#include "sys/write.h"
#include "txn/transaction.h"
#include "unit/txn/scratch.h"

#include <errno.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define GRUB "GRUB_CMDLINE_LINUX=\"quiet\"\n"

static void add_artifact(struct artifacts *artifacts, const char *path, mode_t mode,
			 const char *bytes, const char *without)
{
	struct artifact *artifact = array_add(artifacts->v, artifacts->n);

	artifact->path = xstrdup(path);
	artifact->mode = mode;
	artifact->bytes = xstrdup(bytes);
	artifact->size = strlen(bytes);
	artifact->without = without ? xstrdup(without) : NULL;
	artifact->without_size = without ? strlen(without) : 0;
}

static void free_artifacts(struct artifacts *artifacts)
{
	for (size_t i = 0; i < artifacts->n; i++) {
		free(artifacts->v[i].path);
		free(artifacts->v[i].bytes);
		free(artifacts->v[i].without);
	}
	free(artifacts->v);
	*artifacts = (struct artifacts){ 0 };
}

/* A file that is made, one that is edited, one in a directory that is not there yet. */
static struct artifacts three(void)
{
	struct artifacts artifacts = { 0 };

	add_artifact(&artifacts, "/etc/default/grub", 0600, GRUB "# BEGIN\nours\n# END\n",
		     GRUB);
	add_artifact(&artifacts, "/etc/dracut.conf.d/50.conf", 0644, "force_drivers+=\n",
		     NULL);
	add_artifact(&artifacts, "/etc/hooks/new/hook", 0755, "#!/bin/sh\n", NULL);
	return artifacts;
}

static void begin(struct scratch *s)
{
	scratch_begin(s);
	scratch_file(s, "/etc/default/grub", GRUB, 0600);
	scratch_file(s, "/etc/dracut.conf.d/other.conf", "x\n", 0644);
}

static int generate(struct scratch *s, const struct artifacts *artifacts,
		    struct findings *findings)
{
	cleanup_changes struct changes changes = { 0 };
	cleanup_fd int lock = -1;
	int r = transaction_begin(&s->root, &lock, findings);

	if (r == 0)
		r = transaction_compare(&s->root, artifacts, &changes, findings);
	if (r == 0)
		r = transaction_commit(&s->root, &changes, findings);
	return r;
}

static int revert(struct scratch *s, struct findings *findings)
{
	const struct artifacts nothing = { 0 };

	return generate(s, &nothing, findings);
}

static void assert_done(int r, struct findings *findings)
{
	if (r < 0)
		fail_msg("%s: %s", findings->v[0].where, findings->v[0].message);
	findings_free(findings);
}

static void assert_text(const struct scratch *s, const char *expected)
{
	char *text = scratch_text(s);

	assert_string_equal(text, expected);
	free(text);
}

static void revert_gives_every_byte_back(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three();
	struct findings findings = { 0 };
	char *before, *after;

	begin(&s);
	before = scratch_text(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	after = scratch_text(&s);
	assert_non_null(strstr(after, "/etc/hooks/new/hook 755 #!/bin/sh"));
	assert_non_null(strstr(after, "/etc/default/grub 600 " GRUB "# BEGIN"));
	assert_null(strstr(after, "vfio-bootcfg-new"));
	assert_null(strstr(after, "journal"));
	assert_done(revert(&s, &findings), &findings);
	assert_text(&s, before);
	free(before);
	free(after);
	free_artifacts(&artifacts);
	scratch_end(&s);
}

static void a_second_run_changes_nothing(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three();
	struct findings findings = { 0 };
	struct changes changes;
	char *first;

	begin(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	first = scratch_text(&s);
	assert_int_equal(transaction_compare(&s.root, &artifacts, &changes, &findings),
			 0);
	assert_false(changes_change_anything(&changes));
	changes_free(&changes);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	assert_text(&s, first);
	free(first);
	free_artifacts(&artifacts);
	scratch_end(&s);
}

static void a_file_that_is_no_longer_wanted_goes_back(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three(), fewer = { 0 };
	struct findings findings = { 0 };
	char *before, *text;

	begin(&s);
	before = scratch_text(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	add_artifact(&fewer, "/etc/dracut.conf.d/50.conf", 0644, "force_drivers+=\n",
		     NULL);
	assert_done(generate(&s, &fewer, &findings), &findings);
	text = scratch_text(&s);
	assert_non_null(strstr(text, "/etc/default/grub 600 " GRUB));
	assert_null(strstr(text, "# BEGIN"));
	assert_null(strstr(text, "/etc/hooks/new/hook"));
	assert_done(revert(&s, &findings), &findings);
	assert_text(&s, before);
	free(before);
	free(text);
	free_artifacts(&artifacts);
	free_artifacts(&fewer);
	scratch_end(&s);
}

/* The administrator adds a line to a file that we edit: it outlives the next generate and
 * the revert. */
static void an_edit_outside_our_block_is_kept(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three(), second = { 0 };
	struct findings findings = { 0 };
	char *text;

	begin(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	scratch_file(&s, "/etc/default/grub", GRUB "MINE=1\n# BEGIN\nours\n# END\n",
		     0600);
	add_artifact(&second, "/etc/default/grub", 0600,
		     GRUB "MINE=1\n# BEGIN\nnewer\n# END\n", GRUB "MINE=1\n");
	assert_done(generate(&s, &second, &findings), &findings);
	assert_done(revert(&s, &findings), &findings);
	text = scratch_text(&s);
	assert_non_null(strstr(text, "/etc/default/grub 600 " GRUB "MINE=1\n"));
	assert_null(strstr(text, "# BEGIN"));
	free(text);
	free_artifacts(&artifacts);
	free_artifacts(&second);
	scratch_end(&s);
}

static void an_edited_file_is_a_conflict(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three();
	struct findings findings = { 0 };
	char *edited;

	begin(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	scratch_file(&s, "/etc/dracut.conf.d/50.conf", "force_drivers+=\nmine\n", 0644);
	edited = scratch_text(&s);
	assert_int_equal(revert(&s, &findings), -EEXIST);
	assert_string_equal(findings.v[0].code, "edited-since");
	assert_non_null(strstr(findings.v[0].where, s.path));
	assert_non_null(strstr(findings.v[0].where, "/etc/dracut.conf.d/50.conf"));
	findings_free(&findings);
	assert_int_equal(generate(&s, &artifacts, &findings), -EEXIST);
	findings_free(&findings);
	assert_text(&s, edited);
	free(edited);
	free_artifacts(&artifacts);
	scratch_end(&s);
}

/* Distributions link /etc/default/grub elsewhere; the link must stay one. */
static void a_link_stays_a_link(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three();
	struct findings findings = { 0 };
	char *before, *after;

	begin(&s);
	scratch_file(&s, "/etc/real-grub", GRUB, 0640);
	assert_int_equal(unlinkat(s.root.fd, "etc/default/grub", 0), 0);
	assert_int_equal(symlinkat("/etc/real-grub", s.root.fd, "etc/default/grub"), 0);
	before = scratch_text(&s);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	after = scratch_text(&s);
	assert_non_null(strstr(after, "/etc/default/grub 777 /etc/real-grub"));
	assert_non_null(strstr(after, "ours"));
	assert_done(revert(&s, &findings), &findings);
	assert_text(&s, before);
	free(before);
	free(after);
	free_artifacts(&artifacts);
	scratch_end(&s);
}

/* One that this system lets a test set, or NULL. */
static const char *mark_with_attribute(const char *path)
{
	static const char *const names[] = { "security.selinux", "user.note" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (setxattr(path, names[i], "etc_t", 5, 0) == 0)
			return names[i];
	return NULL;
}

static void assert_marked(const char *path, const char *attribute, uid_t owner)
{
	struct stat status;
	char value[8] = "";

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_uid, owner);
	if (attribute)
		assert_int_equal(getxattr(path, attribute, value, sizeof value), 5);
	assert_string_equal(value, attribute ? "etc_t" : "");
}

/* A label of SELinux is such an attribute: without it a service may not read the file. */
static void owner_and_attributes_outlive_the_edit(void **state)
{
	struct scratch s;
	struct artifacts artifacts = three();
	struct findings findings = { 0 };
	cleanup_free char *path = NULL;
	const char *attribute;
	uid_t owner = geteuid() == 0 ? 65534 : geteuid();

	begin(&s);
	path = xasprintf("%s/etc/default/grub", s.path);
	attribute = mark_with_attribute(path);
	if (!attribute)
		print_message("no extended attribute can be set here\n");
	assert_int_equal(chown(path, owner, (gid_t)-1), 0);
	assert_done(generate(&s, &artifacts, &findings), &findings);
	assert_marked(path, attribute, owner);
	assert_done(revert(&s, &findings), &findings);
	assert_marked(path, attribute, owner);
	free_artifacts(&artifacts);
	scratch_end(&s);
}

static void a_link_out_of_the_root_is_not_followed(void **state)
{
	struct scratch s, outside;
	struct artifacts artifacts = { 0 };
	struct findings findings = { 0 };
	char *before;

	begin(&s);
	scratch_begin(&outside);
	before = scratch_text(&outside);
	assert_int_equal(symlinkat(outside.path, s.root.fd, "etc/modprobe.d"), 0);
	add_artifact(&artifacts, "/etc/modprobe.d/00.conf", 0644, "x\n", NULL);
	generate(&s, &artifacts, &findings);
	findings_free(&findings);
	assert_text(&outside, before);
	free(before);
	free_artifacts(&artifacts);
	scratch_end(&outside);
	scratch_end(&s);
}

static void a_second_process_is_locked_out(void **state)
{
	struct scratch s;
	struct findings findings = { 0 };
	int first, second = -1;

	begin(&s);
	assert_int_equal(transaction_begin(&s.root, &first, &findings), 0);
	assert_int_equal(transaction_begin(&s.root, &second, &findings), -EWOULDBLOCK);
	assert_string_equal(findings.v[0].code, "locked");
	assert_int_equal(second, -1);
	close(first);
	findings_free(&findings);
	scratch_end(&s);
}

/* Every change that a commit makes fails once, as on a full disk. */
static void a_failure_at_any_step_puts_everything_back(void **state)
{
	struct artifacts artifacts = three();
	int steps = 0, r;

	do {
		struct scratch s;
		struct findings findings = { 0 };
		char *before;

		begin(&s);
		before = scratch_text(&s);
		write_stop = WRITE_STOP_FAIL;
		write_steps_left = steps++;
		r = generate(&s, &artifacts, &findings);
		write_steps_left = -1;
		if (r < 0) {
			assert_string_equal(findings.v[0].code, "write-failed");
			assert_text(&s, before);
		}
		free(before);
		findings_free(&findings);
		scratch_end(&s);
		assert_true(steps < 200);
	} while (r < 0);
	/* Three files, an original, a manifest, two journals, four directories at the
	 * least. */
	assert_true(steps > 20);
	free_artifacts(&artifacts);
}

/* The process dies before any one of its changes, as in a power cut; the next run gets
 * through and has lost nothing. */
static void check_power_cuts(int (*run)(struct scratch *s, struct findings *findings),
			     const char *old, const char *new,
			     void (*prepare)(struct scratch *s))
{
	for (int steps = 0;; steps++) {
		struct scratch s;
		struct findings findings = { 0 };
		cleanup_fd int lock = -1;
		char *text;
		pid_t child;
		int status;

		begin(&s);
		prepare(&s);
		child = fork();
		if (child == 0) {
			write_stop = WRITE_STOP_EXIT;
			write_steps_left = steps;
			_exit(run(&s, &findings) < 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(transaction_begin(&s.root, &lock, &findings), 0);
		close(steal_fd(&lock));
		text = scratch_text(&s);
		/* Empty directories may be left over; files may not. */
		if (!strstr(text, new) && !strstr(text, old))
			fail_msg("step %d: neither old nor new:\n%s", steps, text);
		assert_int_equal(!!strstr(text, "# BEGIN"),
				 !!strstr(text, "/new/hook 755"));
		assert_int_equal(!!strstr(text, "# BEGIN"),
				 !!strstr(text, "/50.conf 644"));
		assert_null(strstr(text, "vfio-bootcfg-new"));
		free(text);
		findings_free(&findings);
		assert_done(run(&s, &findings), &findings);
		text = scratch_text(&s);
		assert_non_null(strstr(text, new));
		free(text);
		scratch_end(&s);
		if (WEXITSTATUS(status) != 99)
			break;
		assert_true(steps < 200);
	}
}

static int generate_three(struct scratch *s, struct findings *findings)
{
	struct artifacts artifacts = three();
	int r = generate(s, &artifacts, findings);

	free_artifacts(&artifacts);
	return r;
}

static void prepare_nothing(struct scratch *s)
{
}

static void prepare_generated(struct scratch *s)
{
	struct findings findings = { 0 };

	assert_done(generate_three(s, &findings), &findings);
}

static void a_power_cut_leaves_the_old_or_the_new(void **state)
{
	const char *old = "/etc/default/grub 600 " GRUB "\n/etc/dracut.conf.d";
	const char *new = "/etc/default/grub 600 " GRUB "# BEGIN\nours\n# END\n";

	check_power_cuts(generate_three, old, new, prepare_nothing);
	check_power_cuts(revert, new, old, prepare_generated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(revert_gives_every_byte_back),
		cmocka_unit_test(a_second_run_changes_nothing),
		cmocka_unit_test(a_file_that_is_no_longer_wanted_goes_back),
		cmocka_unit_test(an_edit_outside_our_block_is_kept),
		cmocka_unit_test(an_edited_file_is_a_conflict),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(owner_and_attributes_outlive_the_edit),
		cmocka_unit_test(a_link_out_of_the_root_is_not_followed),
		cmocka_unit_test(a_second_process_is_locked_out),
		cmocka_unit_test(a_failure_at_any_step_puts_everything_back),
		cmocka_unit_test(a_power_cut_leaves_the_old_or_the_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
