/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/managed_block.h"
#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

static const char lines[] = "# ours\nX=1\n";

struct text {
	char *bytes;
	size_t n;
};

static struct text put(const char *bytes, size_t n, enum block_place place,
		       const char *what)
{
	cleanup_findings struct findings findings = { 0 };
	struct managed_block block;
	struct text result;

	assert_true(managed_block_find(bytes, n, "f", &block, &findings));
	assert_int_equal(findings.n, 0);
	result.bytes = managed_block_put(bytes, n, &block, place, what, &result.n);
	return result;
}

static struct text taken_out(const struct text *text)
{
	cleanup_findings struct findings findings = { 0 };
	struct managed_block block;
	struct text result;

	assert_true(managed_block_find(text->bytes, text->n, "f", &block, &findings));
	assert_true(block.exists);
	result.bytes = managed_block_remove(text->bytes, text->n, &block, &result.n);
	return result;
}

static void the_block_comes_out_again_byte_for_byte(void **state)
{
	static const struct {
		const char *text;
		const char *with; /* or NULL: only that it comes out again */
	} rows[] = {
		{ "", "# BEGIN vfio-bootcfg\n# ours\nX=1\n# END vfio-bootcfg\n" },
		{ "a\n", "a\n# BEGIN vfio-bootcfg\n# ours\nX=1\n# END vfio-bootcfg\n" },
		/* A file without a newline at its end stays one. */
		{ "a", "a\n# BEGIN vfio-bootcfg\n# ours\nX=1\n# END vfio-bootcfg" },
		/* Lines with CR LF, whose CR the shell must not take for a value. */
		{ "a\r\n", "a\r\n# BEGIN vfio-bootcfg\r\n# ours\r\nX=1 #\r\n"
			   "# END vfio-bootcfg\r\n" },
		{ "a\r\nb", "a\r\nb\r\n# BEGIN vfio-bootcfg\r\n# ours\r\nX=1 #\r\n"
			    "# END vfio-bootcfg" },
		{ "\n", NULL },
		{ "\r\n", NULL },
		{ "a\r", NULL },
		{ "a\nb\r", NULL },
		{ "a\r\nb\r", NULL },
		{ "a\n\n\n", NULL },
		{ "a\r\nb\n", NULL },
		{ "a\nb\r\n", NULL },
		{ "\n\n\r", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = strlen(rows[i].text);
		struct text with = put(rows[i].text, n, BLOCK_AT_END, lines);
		struct text again = put(with.bytes, with.n, BLOCK_IN_PLACE, lines);
		struct text without = taken_out(&with);

		if (rows[i].with)
			assert_string_equal(with.bytes, rows[i].with);
		assert_int_equal(again.n, with.n);
		assert_memory_equal(again.bytes, with.bytes, with.n);
		assert_int_equal(without.n, n);
		assert_memory_equal(without.bytes, rows[i].text, n);
		free(with.bytes);
		free(again.bytes);
		free(without.bytes);
	}
}

static void a_block_is_replaced_where_it_stands(void **state)
{
	static const char text[] = "a\n# BEGIN vfio-bootcfg\nold\n# END vfio-bootcfg\nb";
	struct text new = put(text, sizeof text - 1, BLOCK_IN_PLACE, "new\n");
	struct text moved = put(text, sizeof text - 1, BLOCK_AT_END, "new\n");

	assert_string_equal(new.bytes,
			    "a\n# BEGIN vfio-bootcfg\nnew\n# END vfio-bootcfg\nb");
	assert_string_equal(moved.bytes,
			    "a\nb\n# BEGIN vfio-bootcfg\nnew\n# END vfio-bootcfg");
	free(new.bytes);
	free(moved.bytes);
}

/* As an editor leaves it that puts a newline at the end, or trims or converts lines. */
static void markers_that_an_editor_touched_are_known(void **state)
{
	static const char *const rows[] = {
		"a\n# BEGIN vfio-bootcfg\nX=1\n# END vfio-bootcfg\n",
		"a\n# BEGIN vfio-bootcfg \nX=1\n# END vfio-bootcfg\t\n",
		"a\n# BEGIN vfio-bootcfg\r\nX=1\r\n# END vfio-bootcfg\r\n",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text text = { (char *)rows[i], strlen(rows[i]) };
		struct text without = taken_out(&text);

		assert_string_equal(without.bytes, "a\n");
		free(without.bytes);
	}
}

static void what_only_resembles_a_marker_is_none(void **state)
{
	static const char *const rows[] = {
		"#BEGIN vfio-bootcfg\n",   " # BEGIN vfio-bootcfg\n",
		"# BEGIN vfio-bootcfg2\n", "# END vfio-bootcf\n",
		"x # END vfio-bootcfg\n",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_findings struct findings findings = { 0 };
		struct managed_block block;

		assert_true(managed_block_find(rows[i], strlen(rows[i]), "f", &block,
					       &findings));
		assert_false(block.exists);
	}
}

static void damaged_markers_are_an_error_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *where;
	} rows[] = {
		{ "a\n# BEGIN vfio-bootcfg\nX=1\n", "f:2" },
		{ "a\n# END vfio-bootcfg\nX=1\n", "f:2" },
		{ "# BEGIN vfio-bootcfg\n\n# BEGIN vfio-bootcfg\n# END vfio-bootcfg\n",
		  "f:3" },
		{ "# BEGIN vfio-bootcfg\n# END vfio-bootcfg\n# BEGIN vfio-bootcfg\n"
		  "# END vfio-bootcfg\n",
		  "f:3" },
		{ "# BEGIN vfio-bootcfg\n# END vfio-bootcfg\n# END vfio-bootcfg\n",
		  "f:3" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_findings struct findings findings = { 0 };
		struct managed_block block = { .begin = 42 };

		assert_false(managed_block_find(rows[i].text, strlen(rows[i].text), "f",
						&block, &findings));
		assert_int_equal(findings.n, 1);
		assert_int_equal(findings.v[0].severity, SEVERITY_ERROR);
		assert_string_equal(findings.v[0].where, rows[i].where);
		assert_int_equal(block.begin, 42); /* left alone */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_block_comes_out_again_byte_for_byte),
		cmocka_unit_test(a_block_is_replaced_where_it_stands),
		cmocka_unit_test(markers_that_an_editor_touched_are_known),
		cmocka_unit_test(what_only_resembles_a_marker_is_none),
		cmocka_unit_test(damaged_markers_are_an_error_with_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
