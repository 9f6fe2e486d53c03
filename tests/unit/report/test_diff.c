/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/lines.h"
#include "unit/report/nouns.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct change change_of(const char *path, const char *before, const char *after)
{
	return (struct change){
		.action = !before  ? ACTION_CREATE
			  : !after ? ACTION_REMOVE
				   : ACTION_UPDATE,
		.path = (char *)(uintptr_t)path,
		.mode = 0644,
		.before = (char *)(uintptr_t)before,
		.after = (char *)(uintptr_t)after,
		.before_size = before ? strlen(before) : 0,
		.after_size = after ? strlen(after) : 0,
	};
}

static char *diff_of(struct change change, enum colour colour)
{
	struct changes changes = { &change, 1 };
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	report_diff(out, &changes, colour);
	fclose(out);
	return text;
}

/* What `diff -u` writes, but for the dates. */
static void changes_are_written_as_diff_does(void **state)
{
	static const struct {
		const char *before, *after, *diff;
	} cases[] = {
		{ "a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n" },
		{ "", "x\n", "@@ -0,0 +1 @@\n+x\n" },
		{ "x\n", "", "@@ -1 +0,0 @@\n-x\n" },
		{ "x", "x\n", "@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n" },
		{ "a\nx\n", "a\ny",
		  "@@ -1,2 +1,2 @@\n a\n-x\n+y\n\\ No newline at end of file\n" },
		{ "a\nx", "b\nx",
		  "@@ -1,2 +1,2 @@\n-a\n+b\n x\n\\ No newline at end of file\n" },
		{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\nnew\n",
		  "@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+new\n" },
		/* Six equal lines between are context of both, seven divide. */
		{ "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
		  "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n" },
		{ "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
		  "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n" },
		{ "a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *diff = diff_of(
			change_of("/etc/x", cases[i].before, cases[i].after), COLOUR_NO);
		cleanup_free char *expected =
			xasprintf("--- a/etc/x\n+++ b/etc/x\n%s", cases[i].diff);

		assert_string_equal(diff, expected);
	}
}

static void created_and_removed_files_are_dev_null(void **state)
{
	cleanup_free char *created = diff_of(change_of("/a b", NULL, "x\n"), COLOUR_NO);
	cleanup_free char *removed = diff_of(change_of("/q\"\n", "x\n", NULL), COLOUR_NO);

	assert_string_equal(created, "--- /dev/null\n+++ b/a b\t\n@@ -0,0 +1 @@\n+x\n");
	assert_string_equal(removed,
			    "--- \"a/q\\\"\\012\"\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
}

static void what_does_not_change_is_left_out(void **state)
{
	struct change binary = change_of("/x", "", "");
	cleanup_free char *same = diff_of(change_of("/x", "a\n", "a\n"), COLOUR_NO);
	cleanup_free char *bytes = NULL;

	assert_string_equal(same, "");
	binary.after = (char[]){ 'a', 0, 'b' };
	binary.after_size = 3;
	bytes = diff_of(binary, COLOUR_NO);
	assert_string_equal(bytes, "Binary files a/x and b/x differ\n");
}

/* A user's file may hold what a terminal obeys; patch needs it as it is. */
static void only_coloured_differences_are_escaped(void **state)
{
	struct change change = change_of("/x", "a\033[2J\n", "b\n");
	cleanup_free char *plain = diff_of(change, COLOUR_NO);
	cleanup_free char *coloured = diff_of(change, COLOUR_YES);

	assert_non_null(strstr(plain, "-a\033[2J\n"));
	assert_non_null(strstr(coloured, "\033[1;31m-a\\x1b[2J\033[0m\n"));
}

/* The length of the longest common subsequence, by the book. */
static size_t common_lines(const struct text_lines *a, const struct text_lines *b)
{
	size_t width = b->n + 1;
	size_t *table = xcalloc((a->n + 1) * width, sizeof *table), common;

	for (size_t i = 1; i <= a->n; i++)
		for (size_t j = 1; j <= b->n; j++) {
			size_t up = table[(i - 1) * width + j],
			       left = table[i * width + j - 1];

			table[i * width + j] =
				a->v[i - 1].text[0] == b->v[j - 1].text[0]
					? table[(i - 1) * width + j - 1] + 1
				: up > left ? up
					    : left;
		}
	common = table[a->n * width + b->n];
	free(table);
	return common;
}

static void random_text(char *text, unsigned *seed)
{
	int n = rand_r(seed) % 24;

	for (int i = 0; i < n; i++) {
		*text++ = (char)('a' + rand_r(seed) % 4);
		*text++ = '\n';
	}
	*text = '\0';
}

static void as_few_lines_as_possible_change(void **state)
{
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		char before[64], after[64];
		cleanup_lines struct text_lines a = { 0 }, b = { 0 };
		size_t common, kept_a = 0, kept_b = 0;

		random_text(before, &seed);
		random_text(after, &seed);
		a = lines_split(before, strlen(before));
		b = lines_split(after, strlen(after));
		common = common_lines(&a, &b);
		lines_compare(&a, &b);
		for (size_t i = 0, j = 0; i < a.n || j < b.n;) {
			if (i < a.n && a.v[i].is_changed) {
				i++;
			} else if (j < b.n && b.v[j].is_changed) {
				j++;
			} else {
				assert_true(i < a.n && j < b.n);
				assert_int_equal(a.v[i++].text[0], b.v[j++].text[0]);
				kept_a++, kept_b++;
			}
		}
		assert_int_equal(kept_a, common);
		assert_int_equal(kept_b, common);
	}
}

/* Every line differs: the search must give up, and the answer must still be right. */
static void hopeless_differences_end_soon(void **state)
{
	enum { N = 100000 };
	size_t before_size, after_size;
	cleanup_free char *before = NULL, *after = NULL;
	FILE *one = xopen_memstream(&before, &before_size);
	FILE *other = xopen_memstream(&after, &after_size);
	cleanup_lines struct text_lines a = { 0 }, b = { 0 };

	for (int i = 0; i < N; i++) {
		fprintf(one, "a%d\n", i);
		fprintf(other, "b%d\n", i);
	}
	fclose(one);
	fclose(other);
	a = lines_split(before, before_size);
	b = lines_split(after, after_size);
	lines_compare(&a, &b);
	for (int i = 0; i < N; i++)
		assert_true(a.v[i].is_changed && b.v[i].is_changed);
}

static void write_file(const char *folder, const char *name, const char *bytes)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(fclose(file), 0);
}

static char *read_file(const char *folder, const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "r");
	char bytes[256];
	size_t n;

	if (!file)
		return NULL;
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	return xstrndup(bytes, n);
}

/* Its exit status; 127 where it is not installed. */
static int run_patch(const char *folder)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (chdir(folder) == 0)
			execlp("patch", "patch", "-s", "-p1", "-i", "diff", (char *)NULL);
		_exit(127);
	}
	assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void remove_folder(const char *folder, const char *const *names)
{
	for (; *names; names++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, *names);

		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

/* The bytes that patch makes of it are those that generate would write. */
static void patch_applies_what_is_written(void **state)
{
	static const struct {
		const char *name, *before, *after;
	} cases[] = {
		{ "append", "GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n",
		  "GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n# BEGIN\nX=1\n# END\n" },
		{ "bare", "no end", "no end\nmore" },
		{ "crlf", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n" },
		{ "far", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n",
		  "one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\nsixteen\n" },
		{ "in blank", "a\n", "b\n" },
		{ "new", NULL, "x\ny\n" },
		{ "old", "x\ny\n", NULL },
	};
	static const char *const names[] = { "append", "bare", "crlf", "far", "in blank",
					     "new",    "old",  "diff", NULL };
	enum { N = sizeof cases / sizeof *cases };
	char folder[] = "/tmp/test_diff.XXXXXX";
	struct change v[N];
	struct changes changes = { v, N };
	int status;

	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < N; i++) {
		cleanup_free char *path = xasprintf("/%s", cases[i].name);

		v[i] = change_of(path, cases[i].before, cases[i].after);
		v[i].path = steal_ptr(path);
		if (cases[i].before)
			write_file(folder, cases[i].name, cases[i].before);
	}
	CATCH(diff, report_diff(out, &changes, COLOUR_NO));
	write_file(folder, "diff", diff);
	status = run_patch(folder);
	for (size_t i = 0; i < N; i++) {
		cleanup_free char *after = read_file(folder, cases[i].name);

		free(v[i].path);
		if (status == 127)
			continue;
		if (cases[i].after)
			assert_string_equal(after, cases[i].after);
		else
			assert_null(after);
	}
	remove_folder(folder, names);
	if (status == 127) {
		print_message("patch is not installed\n");
		skip();
	}
	assert_int_equal(status, 0);
}

static void a_new_script_stays_executable_when_it_is_patched_in(void **state)
{
	struct change change = change_of("/etc/grub.d/42_x", NULL, "x\n");
	cleanup_free char *diff = NULL;

	change.mode = 0755;
	diff = diff_of(change, COLOUR_NO);
	assert_string_equal(diff, "diff --git a/etc/grub.d/42_x b/etc/grub.d/42_x\n"
				  "new file mode 100755\n"
				  "--- /dev/null\n+++ b/etc/grub.d/42_x\n"
				  "@@ -0,0 +1 @@\n+x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_written_as_diff_does),
		cmocka_unit_test(created_and_removed_files_are_dev_null),
		cmocka_unit_test(what_does_not_change_is_left_out),
		cmocka_unit_test(only_coloured_differences_are_escaped),
		cmocka_unit_test(as_few_lines_as_possible_change),
		cmocka_unit_test(hopeless_differences_end_soon),
		cmocka_unit_test(patch_applies_what_is_written),
		cmocka_unit_test(a_new_script_stays_executable_when_it_is_patched_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
