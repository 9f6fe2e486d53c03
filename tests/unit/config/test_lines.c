/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/lines.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

/* One entry a line: 'LINE.SECTION kind name = value ! fault'. The caller frees it. */
static char *described(const struct line_index *lines)
{
	static const char *const kinds[] = { "other", "section", "key" };
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < lines->n; i++) {
		const struct entry *entry = &lines->v[i];

		fprintf(out, "%u.%zu %s", entry->line, entry->section,
			kinds[entry->kind]);
		if (entry->name)
			fprintf(out, " %s", entry->name);
		if (entry->value)
			fprintf(out, " = %s", entry->value);
		if (entry->fault)
			fprintf(out, " ! %s", entry->fault);
		fputc('\n', out);
	}
	fclose(out);
	return text;
}

static void assert_index(const char *bytes, size_t n, const char *expected)
{
	struct line_index lines cleanup_line_index = { 0 };
	cleanup_free char *text = NULL;

	line_index_make(bytes, n, &lines);
	text = described(&lines);
	assert_string_equal(text, expected);
}

static void entries_have_their_names_values_and_lines(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "\n \t\n# a = b\n  ; c\n", "" },
		{ "[a]", "1.1 section a\n" },
		{ "\n[ device gpu ]\n\n  Key = V v ; c\n",
		  "2.1 section device gpu\n4.1 key Key = V v\n" },
		{ "k=v\n[a]\nk=v", "1.0 key k = v\n2.1 section a\n3.1 key k = v\n" },
		{ "[a]\r\nk = v\r\n", "1.1 section a\n2.1 key k = v\n" },
		{ "[a]\nk = v\r", "1.1 section a\n2.1 key k = v\n" },
		{ "\xef\xbb\xbf[a]\nk=v\n", "1.1 section a\n2.1 key k = v\n" },
		{ "k=a#b", "1.0 key k = a\n" },
		{ "k=;b", "1.0 key k = \n" },
		{ "k = \"a;b \" # c", "1.0 key k = a;b \n" },
		{ "k = 'a\"b'", "1.0 key k = a\"b\n" },
		{ "k = \"\"", "1.0 key k = \n" },
		{ "k = a=b", "1.0 key k = a=b\n" },
		{ "k = a \\  \n  b \\\r\n c\nl=2",
		  "1.0 key k = a   b  c\n4.0 key l = 2\n" },
		{ "# f\xc3\xbcr\nk=v # \xe2\x82\xac", "2.0 key k = v\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_index(cases[i].text, strlen(cases[i].text), cases[i].expected);
}

static void what_is_no_entry_is_a_fault(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "k", "1.0 other ! no entry: expected 'KEY = VALUE' or '[SECTION]'\n" },
		{ " = v", "1.0 key  = v ! no key stands before the '='\n" },
		{ "[a", "1.1 section ! the section has no ']' at its end\n" },
		{ "[a]b",
		  "1.1 section a ! text stands behind the ']' of a section: a comment needs a line of its own\n" },
		{ "[a]]",
		  "1.1 section a ! text stands behind the ']' of a section: a comment needs a line of its own\n" },
		{ "[ ]", "1.1 section  ! a section has no name\n" },
		{ "k = \"v", "1.0 key k ! the value has no closing \"\n" },
		{ "k = 'a', 'b'",
		  "1.0 key k = a ! text stands behind the closing ': quotes go around the whole value\n" },
		{ "k = \"a\\\"\"",
		  "1.0 key k = a\\ ! text stands behind the closing \": quotes go around the whole value\n" },
		{ "k = 'a\\b'",
		  "1.0 key k = a\\b ! a '\\' stands in the quoted value\n" },
		{ "k = v\\", "1.0 other ! the line ends in '\\', but none follows it\n" },
		{ "# c \\\n[a]",
		  "1.0 other ! a comment ends in '\\', which makes the next line part of it\n" },
		{ "\nk\xff=v", "2.0 other ! byte 0xff is not UTF-8\n" },
		{ "[\xc0\x80]", "1.1 section ! byte 0xc0 is not UTF-8\n" },
		{ "# \xed\xa0\x80", "1.0 other ! byte 0xed is not UTF-8\n" },
		{ "# \xf4\x90\x80\x80", "1.0 other ! byte 0xf4 is not UTF-8\n" },
		{ "# \xe2\x82", "1.0 other ! byte 0xe2 is not UTF-8\n" },
		{ "k = \x1b[2J",
		  "1.0 other ! control character U+001B stands in the line\n" },
		{ "k = \xc2\x9b"
		  "2J",
		  "1.0 other ! control character U+009B stands in the line\n" },
		{ "k = v\rx",
		  "1.0 other ! control character U+000D stands in the line\n" },
		{ "k = a\xc2\xa0"
		  "b",
		  "1.0 key k = a\xc2\xa0"
		  "b ! U+00A0 stands where only ASCII may: other characters belong in comments\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_index(cases[i].text, strlen(cases[i].text), cases[i].expected);
}

static void what_is_there_twice_names_the_first(void **state)
{
	static const char text[] =
		"[a]\nk=1\nK=2\n[B]\nk=1\n[b]\nk=3\nk=4\n[a]\nk=5\nk=6\nk=7";

	assert_index(text, strlen(text),
		     "1.1 section a\n"
		     "2.1 key k = 1\n"
		     "3.1 key K = 2 ! key 'K' was given in line 2 already\n"
		     "4.2 section B\n"
		     "5.2 key k = 1\n"
		     "6.3 section b ! section '[b]' began in line 4 already\n"
		     "7.3 key k = 3\n"
		     "8.3 key k = 4 ! key 'k' was given in line 7 already\n"
		     "9.4 section a ! section '[a]' began in line 1 already\n"
		     "10.4 key k = 5\n"
		     "11.4 key k = 6 ! key 'k' was given in line 10 already\n"
		     "12.4 key k = 7 ! key 'k' was given in line 10 already\n");
}

static void a_binary_file_has_one_fault(void **state)
{
	static const char bytes[] = "[a]\n\n\0garbage\n=\n";

	assert_index(bytes, sizeof bytes - 1,
		     "3.0 other ! a NUL byte: expected text in UTF-8\n");
}

/* iniparser 4.1 and 4.2 take lines of up to 1022 bytes, however many they are joined of.
 */
static void lines_that_iniparser_could_not_hold_are_faults(void **state)
{
	char line[LINE_SIZE_MAX + 4];
	struct line_index lines = { 0 };

	memset(line, 'v', sizeof line);
	memcpy(line, "k=", 2);
	line_index_make(line, LINE_SIZE_MAX, &lines);
	assert_false(lines.has_fault);
	line_index_free(&lines);

	line_index_make(line, LINE_SIZE_MAX + 1, &lines);
	assert_int_equal(lines.n, 1);
	assert_string_equal(lines.v[0].fault, "the line is longer than 1022 bytes");
	line_index_free(&lines);

	memcpy(line + 500, "\\\n", 2);
	line_index_make(line, LINE_SIZE_MAX + 2, &lines);
	assert_false(lines.has_fault);
	line_index_free(&lines);
	line_index_make(line, LINE_SIZE_MAX + 3, &lines);
	assert_true(lines.has_fault);
	assert_int_equal(lines.v[0].line, 2);
	line_index_free(&lines);
}

static void a_file_of_too_many_entries_is_cut_with_a_fault(void **state)
{
	enum { WIDTH = 8, MORE = ENTRIES_MAX + 100 };
	struct line_index lines cleanup_line_index = { 0 };
	cleanup_free char *text = xcalloc(MORE + 1, WIDTH + 1);

	for (size_t i = 0; i < MORE; i++)
		snprintf(text + i * WIDTH, WIDTH + 1, "%05zx=1\n", i);
	line_index_make(text, (size_t)ENTRIES_MAX * WIDTH, &lines);
	assert_int_equal(lines.n, ENTRIES_MAX);
	assert_false(lines.has_fault);
	line_index_free(&lines);

	line_index_make(text, (size_t)MORE * WIDTH, &lines);
	assert_int_equal(lines.n, ENTRIES_MAX + 1);
	assert_string_equal(lines.v[ENTRIES_MAX].code, "config-too-large");
	assert_int_equal(lines.v[ENTRIES_MAX].line, ENTRIES_MAX + 1);
	assert_non_null(strstr(lines.v[ENTRIES_MAX].fault, "16384"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_have_their_names_values_and_lines),
		cmocka_unit_test(what_is_no_entry_is_a_fault),
		cmocka_unit_test(what_is_there_twice_names_the_first),
		cmocka_unit_test(a_binary_file_has_one_fault),
		cmocka_unit_test(lines_that_iniparser_could_not_hold_are_faults),
		cmocka_unit_test(a_file_of_too_many_entries_is_cut_with_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
