/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is put into a command line comes out of it again, byte for byte. */
#include "artifact/cmdline_edit.h"

#include "artifact/entry_text.h"
#include "artifact/token_record.h"
#include "base/memory.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

static void split(struct strings *words, const char *text)
{
	*words = (struct strings){ 0 };
	strings_split(words, text, "|");
}

static void words_are_added_where_the_kernel_reads_them(void **state)
{
	static const struct {
		const char *line, *words, *with, *added;
	} rows[] = {
		{ "", "a|b", "a b", "a b" },
		{ "root=x ro", "a|b", "root=x ro a b", "a b" },
		{ "root=x  ro \t", "a", "root=x  ro a \t", "a" },
		{ " \t", "a", " \ta", "a" },
		/* Behind '--' everything is init's. */
		{ "root=x -- single", "a|b", "root=x a b -- single", "a b" },
		{ "-- single", "a|b", "a b -- single", "a b" },
		{ "--", "a", "a --", "a" },
		{ "root=x a -- a", "a", "root=x a -- a", "" },
		{ "root=x -- b a", "a", "root=x a -- b a", "a" },
		/* What is in effect already is not given twice. */
		{ "a root=x", "a|b", "a root=x b", "b" },
		{ "i=on i=off", "i=on", "i=on i=off i=on", "i=on" },
		{ "v_p.ids=1:2", "v-p.ids=1:2", "v_p.ids=1:2", "" },
		{ "v.ids=1:2", "v.ids=", "v.ids=1:2 v.ids=", "v.ids=" },
		/* A word of another's value is none. */
		{ "f=\"x a y\"", "a", "f=\"x a y\" a", "a" },
		{ "r", "d=\"file x +p\"|a", "r d=\"file x +p\" a", "d=\"file x +p\" a" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strings struct strings words = { 0 }, added = { 0 };
		cleanup_free char *with = NULL, *list = NULL, *back = NULL;

		split(&words, rows[i].words);
		with = cmdline_with(rows[i].line, &words, &added);
		assert_string_equal(with, rows[i].with);
		list = strings_join(&added, " ");
		assert_string_equal(list, rows[i].added);
		back = cmdline_without(with, &added);
		assert_string_equal(back, rows[i].line);
	}
}

static void only_whole_words_are_taken_out(void **state)
{
	static const struct {
		const char *line, *words, *without;
	} rows[] = {
		{ "a b c", "b", "a c" },
		{ "a b c", "a", "b c" },
		{ "a b c", "c", "a b" },
		{ "a", "a", "" },
		{ "ab b.a a=b", "a|b", "ab b.a a=b" },
		{ "a x a", "a", "a x" }, /* the last one: the first is the user's */
		{ "x \"a b\" y", "a|b", "x \"a b\" y" },
		{ "x d=\"a b\" y", "d=\"a b\"", "x y" },
		{ "x  a\ty", "a", "x\ty" },
		{ "b a", "a|b", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strings struct strings words = { 0 };
		cleanup_free char *without = NULL;

		split(&words, rows[i].words);
		without = cmdline_without(rows[i].line, &words);
		assert_string_equal(without, rows[i].without);
	}
}

static void a_quote_that_is_open_is_seen(void **state)
{
	assert_false(cmdline_is_open("a b=\"c d\" e"));
	assert_true(cmdline_is_open("a b=\"c d e"));
	assert_false(cmdline_is_open(""));
}

static void entries_get_options_and_lose_them_again(void **state)
{
	static const struct {
		const char *text, *options, *with;
	} rows[] = {
		{ "title a\noptions b c\nlinux x\n", "b c d",
		  "title a\noptions b c d\nlinux x\n" },
		{ "options\t  b \r\nlinux x\r\n", "b d",
		  "options\t  b d \r\nlinux x\r\n" },
		{ "title a\nlinux x\n", "d", "title a\nlinux x\noptions d\n" },
		{ "title a\nlinux x", "d", "title a\nlinux x\noptions d" },
		{ "options b", "b d", "options b d" },
		/* GRUB reads the first one only. */
		{ "options b\noptions c\n", "b d", "options b d\noptions c\n" },
		{ "#options b\nlinux x\n", "d", "#options b\nlinux x\noptions d\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_free char *options = entry_options(rows[i].text);
		cleanup_free char *with =
			entry_with_options(rows[i].text, rows[i].options);
		cleanup_free char *back = entry_with_options(with, options);

		assert_string_equal(with, rows[i].with);
		assert_string_equal(back, rows[i].text);
	}
}

static void a_fallback_is_the_entry_under_another_title(void **state)
{
	cleanup_free char *fallback = entry_as_fallback(
		"# mine\ntitle  Arch \nversion 1\noptions a\nlinux x\n", "a off", " ");
	cleanup_free char *bare = entry_as_fallback("linux x\n", "off", "");

	assert_string_equal(fallback, "# mine\ntitle  Arch (without vfio-bootcfg) \n"
				      "version 1\n options a off\nlinux x\n");
	assert_string_equal(bare, "linux x\noptions off\n");
}

static void the_record_reads_what_it_wrote(void **state)
{
	struct token_record record = { 0 }, again;
	struct strings words;
	cleanup_free char *text = NULL;

	split(&words, "a|d=\"x y\"");
	token_record_add(&record, "/b c", &words);
	split(&words, "e");
	token_record_add(&record, "/a", &words);
	words = (struct strings){ 0 };
	token_record_add(&record, "/nothing", &words);
	text = token_record_format(&record);
	assert_non_null(strstr(text, "\n/a\te\n/b c\ta d=\"x y\"\n/nothing\t\n"));
	token_record_free(&record);
	token_record_parse(text, &again);
	assert_int_equal(again.n, 3);
	assert_string_equal(token_record_at(&again, "/a")->v[0], "e");
	assert_string_equal(token_record_at(&again, "/b c")->v[1], "d=\"x y\"");
	/* Seen, and nothing of ours is there. */
	assert_true(token_record_has(&again, "/nothing"));
	assert_int_equal(token_record_at(&again, "/nothing")->n, 0);
	assert_false(token_record_has(&again, "/unseen"));
	assert_int_equal(token_record_at(&again, "/unseen")->n, 0);
	token_record_free(&again);
}

static void lines_that_are_none_name_no_words(void **state)
{
	static const char *const texts[] = { "",      "\n\n",	  "/a b\n",
					     "\tb\n", "#/a\tb\n", "/a" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct token_record record;

		token_record_parse(texts[i], &record);
		assert_int_equal(record.n, 0);
		token_record_free(&record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_added_where_the_kernel_reads_them),
		cmocka_unit_test(only_whole_words_are_taken_out),
		cmocka_unit_test(a_quote_that_is_open_is_seen),
		cmocka_unit_test(entries_get_options_and_lose_them_again),
		cmocka_unit_test(a_fallback_is_the_entry_under_another_title),
		cmocka_unit_test(the_record_reads_what_it_wrote),
		cmocka_unit_test(lines_that_are_none_name_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
