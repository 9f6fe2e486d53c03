/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "sys/snapshot.h"
#include "sys/tree.h"
#include "unit/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "vfio-bootcfg snapshot 1\n"

static struct tree *open_text(const char *text)
{
	cleanup_findings struct findings findings = { 0 };
	struct tree *tree = NULL;
	int r = tree_open_snapshot(text, strlen(text), "m.snapshot", &tree, &findings);

	for (size_t i = 0; i < findings.n; i++)
		print_error("%s: %s\n", findings.v[i].where, findings.v[i].message);
	assert_int_equal(r, 0);
	assert_int_equal(findings.n, 0);
	return tree;
}

static void assert_attribute(const char *text, const char *path, const char *expected)
{
	cleanup_tree struct tree *tree = open_text(text);
	cleanup_free char *value = NULL;

	assert_int_equal(tree_attribute(tree, &value, "%s", path), 0);
	assert_string_equal(value, expected);
}

static void entries_may_stand_in_any_order_and_form(void **state)
{
	assert_attribute(HEAD "f b 2\nf a 1\n", "a", "1");
	assert_attribute(HEAD "\n# f a 0\n\nf a 1", "a", "1"); /* no newline at the end */
	assert_attribute(HEAD "f a  two blanks \n", "a", " two blanks ");
	assert_attribute(HEAD "f a\\x20b\\\\c 1\n", "a b\\c", "1");
	assert_attribute(HEAD "f dev/vfio/16 \n", "dev/vfio/16", "");
	assert_attribute(HEAD "f dev/vfio/16\n", "dev/vfio/16", "");
	assert_attribute(HEAD "d a\nf a/b 1\n", "a/b", "1");
	assert_attribute(HEAD "t a\nf b 1\n", "a", "");
	assert_attribute(HEAD "t a\n|1\n|2\nf b 1\n", "a", "1\n2");
	assert_attribute(HEAD "t a\n|1\n|2", "a", "1\n2");
}

/* Mail programs and editors do this to attachments. */
static void carriage_returns_of_the_whole_file_are_dropped(void **state)
{
	const char *text = "vfio-bootcfg snapshot 1\r\nf a 1\r\nt b\r\n|x\r\n|\r\n";

	assert_attribute(text, "a", "1");
	assert_attribute(text, "b", "x\n");
}

static void an_unreadable_file_keeps_its_error(void **state)
{
	cleanup_tree struct tree *tree = open_text(HEAD "e a EACCES\ne dir EIO\n");
	struct strings names = { 0 };
	char *value = NULL;
	size_t n;

	assert_int_equal(tree_attribute(tree, &value, "a"), -EACCES);
	assert_int_equal(tree_read(tree, &value, &n, "a"), -EACCES);
	assert_int_equal(tree_readlink(tree, &value, "a"), -EACCES);
	assert_int_equal(tree_list(tree, &names, "dir"), -EIO);
	assert_int_equal(tree_attribute(tree, &value, "dir/x"), -EIO);
	assert_true(tree_exists(tree, "a"));
}

static void a_file_past_its_limit_is_not_read(void **state)
{
	static char text[TREE_ATTRIBUTE_MAX + 100];
	char *value = NULL;

	for (int over = 0; over < 2; over++) {
		/* The newline that is added counts, as it would in a directory. */
		int n = TREE_ATTRIBUTE_MAX - 1 + over;
		cleanup_tree struct tree *tree = NULL;

		snprintf(text, sizeof text, HEAD "f a %0*d\n", n, 0);
		tree = open_text(text);
		assert_int_equal(tree_attribute(tree, &value, "a"), over ? -EFBIG : 0);
	}
	assert_int_equal(strlen(value), TREE_ATTRIBUTE_MAX - 1);
	free(value);
}

static void as_many_links_as_the_kernel_takes_are_followed(void **state)
{
	for (int n = 40; n <= 41; n++) {
		char text[2000] = HEAD "f l0 end\n", *value = NULL;
		cleanup_tree struct tree *tree = NULL;

		for (int i = 1; i <= n; i++)
			sprintf(text + strlen(text), "l l%d l%d\n", i, i - 1);
		tree = open_text(text);
		assert_int_equal(tree_attribute(tree, &value, "l%d", n),
				 n == 40 ? 0 : -ELOOP);
		free(value);
	}
}

static void assert_refused(const char *text, const char *where, const char *message)
{
	cleanup_findings struct findings findings = { 0 };
	struct tree *tree = NULL;

	assert_int_equal(tree_open_snapshot(text, strlen(text), "m", &tree, &findings),
			 -EINVAL);
	assert_null(tree); /* left alone */
	assert_true(findings.n >= 1);
	assert_int_equal(findings.v[0].severity, SEVERITY_ERROR);
	assert_string_equal(findings.v[0].code, "bad-snapshot");
	assert_string_equal(findings.v[0].where, where);
	assert_string_equal(findings.v[0].message, message);
}

#define NO_PATH(path) \
	"'" path "' is no path within a machine; expected one like 'sys/bus/pci'"
#define NO_ENTRY(line) \
	"'" line "' is no entry; expected 'f', 'l', 'd', 'e' or 't' and a path"

static void bad_lines_are_named(void **state)
{
	static const struct {
		const char *text, *where, *message;
	} cases[] = {
		{ "", "m:1",
		  "no snapshot; expected the first line 'vfio-bootcfg snapshot 1'" },
		{ "f a 1\n", "m:1",
		  "no snapshot; expected the first line 'vfio-bootcfg snapshot 1'" },
		{ "vfio-bootcfg snapshot 2\nz", "m:1",
		  "a snapshot of version '2'; expected version '1'" },
		{ "vfio-bootcfg snapshot ", "m:1",
		  "a snapshot of version ''; expected version '1'" },
		{ HEAD "#\nf /a 1\n", "m:3", NO_PATH("/a") },
		{ HEAD "f a/ 1\n", "m:2", NO_PATH("a/") },
		{ HEAD "f a//b 1\n", "m:2", NO_PATH("a//b") },
		{ HEAD "f ../a 1\n", "m:2", NO_PATH("../a") },
		{ HEAD "f a/.. 1\n", "m:2", NO_PATH("a/..") },
		{ HEAD "f a/./b 1\n", "m:2", NO_PATH("a/./b") },
		{ HEAD "f \\x2e. 1\n", "m:2", NO_PATH("..") },
		{ HEAD "f  1\n", "m:2", NO_PATH("") },
		{ HEAD "f a\\x00b 1\n", "m:2", NO_PATH("a") },
		{ HEAD "f a\\q 1\n", "m:2", NO_PATH("a\\q") },
		{ HEAD "f a \\x1\n", "m:2",
		  "'\\' begins no escape; expected '\\\\', '\\n' or '\\xNN'" },
		{ HEAD "f a \\", "m:2",
		  "'\\' begins no escape; expected '\\\\', '\\n' or '\\xNN'" },
		{ HEAD "l a\n", "m:2", "link 'a' has no usable target" },
		{ HEAD "l a b\\x00\n", "m:2", "link 'a' has no usable target" },
		{ HEAD "e a ENONE\n", "m:2",
		  "'ENONE' is no error that a file gives; expected one like 'EACCES'" },
		{ HEAD "e a EACCES \n", "m:2",
		  "'EACCES ' is no error that a file gives; expected one like "
		  "'EACCES'" },
		{ HEAD "d a b\n", "m:2", "unexpected 'b' after the path" },
		{ HEAD "t a b\n|x\n", "m:2", "unexpected 'b' after the path" },
		{ HEAD "f a 1\n|x\n", "m:3", "a line of text that follows no 't PATH'" },
		{ HEAD "|x\n", "m:2", "a line of text that follows no 't PATH'" },
		{ HEAD "t a\n#\n|x\n", "m:4", "a line of text that follows no 't PATH'" },
		{ HEAD "f\n", "m:2", NO_ENTRY("f") },
		{ HEAD "f \n", "m:2", NO_ENTRY("f ") },
		{ HEAD "x a 1\n", "m:2", NO_ENTRY("x a 1") },
		{ HEAD "fa 1\n", "m:2", NO_ENTRY("fa 1") },
		{ HEAD " f a 1\n", "m:2", NO_ENTRY(" f a 1") },
		{ HEAD "\033[31m\n", "m:2", NO_ENTRY("?[31m") },
		{ HEAD "f a 1\nf b 1\nf a 1\n", "m:4", "'a' repeats line 2" },
		{ HEAD "f a 1\nd a-\nf a/b 1\n", "m:2",
		  "'a' is no directory, but has entries below it" },
		{ HEAD "l a x\nf a/b 1\n", "m:2",
		  "'a' is no directory, but has entries below it" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_refused(cases[i].text, cases[i].where, cases[i].message);
}

static void twenty_bad_lines_are_listed_and_the_rest_counted(void **state)
{
	char text[200] = HEAD;
	cleanup_findings struct findings findings = { 0 };
	struct tree *tree = NULL;

	for (int i = 0; i < 25; i++)
		strcat(text, "x\n");
	assert_int_equal(tree_open_snapshot(text, strlen(text), "m", &tree, &findings),
			 -EINVAL);
	assert_int_equal(findings.n, 21);
	assert_string_equal(findings.v[19].where, "m:21");
	assert_string_equal(findings.v[20].message, "5 more lines are wrong");
}

/* Sixty thousand functions, each with its link: not slower than reading them. */
static void a_large_machine_is_held_in_order(void **state)
{
	cleanup_free char *text = NULL, *value = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);
	struct tree *tree = NULL;
	struct strings names = { 0 };

	fputs(HEAD, out);
	for (int i = 60000; i--;)
		fprintf(out, "l sys/bus/%05d ../dev/%05d\nf sys/dev/%05d/id %d\n", i, i,
			i, i);
	fclose(out);
	tree = open_text(text);
	assert_int_equal(tree_list(tree, &names, "sys/bus"), 0);
	assert_int_equal(names.n, 60000);
	for (size_t i = 0; i < names.n; i++) {
		free(value);
		assert_int_equal(
			tree_attribute(tree, &value, "sys/bus/%s/id", names.v[i]), 0);
		assert_int_equal(atoi(value), i);
	}
	strings_free(&names);
	tree_close(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_may_stand_in_any_order_and_form),
		cmocka_unit_test(carriage_returns_of_the_whole_file_are_dropped),
		cmocka_unit_test(an_unreadable_file_keeps_its_error),
		cmocka_unit_test(a_file_past_its_limit_is_not_read),
		cmocka_unit_test(as_many_links_as_the_kernel_takes_are_followed),
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(twenty_bad_lines_are_listed_and_the_rest_counted),
		cmocka_unit_test(a_large_machine_is_held_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
