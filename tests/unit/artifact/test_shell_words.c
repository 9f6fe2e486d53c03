/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/shell_words.h"
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN_VALUE "(unknown)"
#define UNSET_VALUE   "(unset)"

/* The value of V after one script, and the line that the reader names for it. */
static void check_value(const char *text, const char *expected, unsigned line)
{
	struct shell_source source = { .name = "grub" };
	cleanup_shell_value struct shell_value value = { 0 };
	char where[32];

	shell_script_read(text, strlen(text), &source.script);
	shell_value_after(&source, 1, "V", &value);
	snprintf(where, sizeof where, "grub:%u", line);
	if (!value.is_known)
		assert_string_equal(expected, UNKNOWN_VALUE);
	else
		assert_string_equal(value.text ? value.text : UNSET_VALUE, expected);
	if (line)
		assert_string_equal(value.where, where);
	else
		assert_null(value.where);
	shell_script_free(&source.script);
}

struct row {
	const char *text;
	const char *value;
	unsigned line;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_value(rows[i].text, rows[i].value, rows[i].line);
}
#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

static void values_are_those_that_the_shell_would_have(void **state)
{
	static const struct row rows[] = {
		{ "", UNSET_VALUE, 0 },
		{ "V=", "", 1 },
		{ "V=quiet", "quiet", 1 },
		{ "V=\"quiet splash\"\n", "quiet splash", 1 },
		{ "V='quiet $x \"y\"'", "quiet $x \"y\"", 1 },
		{ "V=a'b c'\"d e\"\\ f", "ab cd e f", 1 },
		{ "V=\"a\\\"b\\\\c\\$d\\e\"", "a\"b\\c$d\\e", 1 },
		{ "V=\"a \\\nb\"\n", "a b", 1 }, /* continued in quotes */
		{ "V=a\\\nb\n", "ab", 1 },	 /* and outside */
		{ "V=\"a\nb\"\nW=1\n", "a\nb", 1 },
		{ "W=x\nV=\"$W ${W}y\"", "x xy", 2 },
		{ "V=a\nV=\"$V b\"\nV=\"${V} c\"\n", "a b c", 3 },
		{ "V=\"$V a\"", " a", 1 }, /* unset at first */
		{ "V=a\nV+=\" b\"\n", "a b", 2 },
		{ "V=a W=b V=c", "c", 1 },
		{ "V=a;V=b", "b", 1 },
		{ "V=a&&V=a", "(unknown)", 1 },
		{ "export V=a", "a", 1 },
		{ "export V=a\"b c\"", "ab c", 1 },
		{ "V=a\nunset V\n", UNSET_VALUE, 2 },
		{ "  V=a", "a", 1 },
		{ "V=a\r\n", "a\r", 1 }, /* as the shell has it */
		{ "V=\"a\"\r\n", "a\r", 1 },
		{ "V=$", "$", 1 },
		{ "V=\"costs $ 5\"", "costs $ 5", 1 },
		{ "V=a # V=b", "a", 1 },
		{ "V=a#b", "a#b", 1 },
	};

	CHECK_ROWS(rows);
}

/* Commented-out settings are the commonest trap in real files. */
static void what_is_no_assignment_is_not_taken_for_one(void **state)
{
	static const struct row rows[] = {
		{ "# V=b", UNSET_VALUE, 0 },
		{ "V=a\n#V=b\n  # it's V=c\n", "a", 1 },
		{ "VV=a\nV_=b\n", UNSET_VALUE, 0 },
		{ "V =a", UNSET_VALUE, 0 },
		{ "echo V=a", UNSET_VALUE, 0 },
		{ "W='\nV=a\n'", UNSET_VALUE, 0 },
		{ "cat <<E\nV=a '\nE\n", UNSET_VALUE, 0 },
		{ "cat <<-'E'\nV=a \"\n\tE\nV=b\n", "b", 4 },
		{ "cat <<A <<B\nV=a\nA\nV=b\nB\nV=c\n", "c", 6 },
		{ "V=a\n(V=b)\n", "a", 1 },
		{ "V=a\nW=$(V=b; echo ')' \")\")\n", "a", 1 },
		{ "V=a\nW=`V=b; echo \\`x\\``\n", "a", 1 },
		{ "V=a\nW=\"$(echo \"x)\" # )\n)\"\n", "a", 1 },
		{ "W=$(case x in x) echo a;; esac)\nV=b\n", "b", 2 },
		{ "W=([V]=x # '\n V=y)\nV=a\n", "a", 3 },
		{ "V=a\n[[ $W == \"(V=b\" && x < y ]]\n", "a", 1 },
		{ "V=a\necho x 2>V=b >&2 <<<V=c\n", "a", 1 },
		{ "V=a\nif [ \"$W\" ]; then W=b; fi\n", "a", 1 },
	};

	CHECK_ROWS(rows);
}

static void what_only_running_tells_is_unknown(void **state)
{
	static const struct row rows[] = {
		{ "V=$(cat x)", UNKNOWN_VALUE, 1 },
		{ "V=\"a `b`\"", UNKNOWN_VALUE, 1 },
		{ "V=$OTHER", UNKNOWN_VALUE, 1 }, /* it may be in the environment */
		{ "V=${W:-a}", UNKNOWN_VALUE, 1 },
		{ "V=~", UNKNOWN_VALUE, 1 },
		{ "V=$'a'", UNKNOWN_VALUE, 1 }, /* dash knows no such quotes */
		{ "V=(a b)", UNKNOWN_VALUE, 1 },
		{ "V[0]=a", UNKNOWN_VALUE, 1 },
		{ "W=a\nexport V=$W\n", UNKNOWN_VALUE, 2 }, /* dash splits it */
		{ "export V={a,b}", UNKNOWN_VALUE, 1 },
		{ "V=a\nif x; then\nV=b\nfi\n", UNKNOWN_VALUE, 3 },
		{ "V=a\nfor V in b; do :; done\n", UNKNOWN_VALUE, 2 },
		{ "V=a\nfor W in b; do\nV=c\ndone\n", UNKNOWN_VALUE, 3 },
		{ "for W in b; do V=c; done", UNKNOWN_VALUE, 1 },
		{ "for W do V=c; done", UNKNOWN_VALUE, 1 },
		{ "case $W in a) V=b;; esac", UNKNOWN_VALUE, 1 },
		{ "case $W in (a) V=b;; esac", UNKNOWN_VALUE, 1 },
		{ "while x; do V=b; done", UNKNOWN_VALUE, 1 },
		{ "V=a\nx && V=b\n", UNKNOWN_VALUE, 2 },
		{ "V=a\nx ||\n\nV=b\n", UNKNOWN_VALUE, 4 },
		{ "V=a | x", UNKNOWN_VALUE, 1 },
		{ "V=a &", UNKNOWN_VALUE, 1 },
		{ "V=a x", UNKNOWN_VALUE, 1 },
		{ "V=a\n. /etc/x\n", UNKNOWN_VALUE, 2 },
		{ "V=a\nsource x\n", UNKNOWN_VALUE, 2 },
		{ "V=a\neval \"V=b\"\n", UNKNOWN_VALUE, 2 },
		{ "V=a\n$W V=b\n", UNKNOWN_VALUE, 2 },
		{ "V=a\nread V < x\n", UNKNOWN_VALUE, 2 },
		{ "V=a\nprintf -v V b\n", UNKNOWN_VALUE, 2 },
		{ "V=a\necho ${V:=b}\n", UNKNOWN_VALUE, 2 },
		{ "V=a\necho $((V=1))\n", UNKNOWN_VALUE, 2 },
		{ "declare -i V=4", UNKNOWN_VALUE, 1 },
		/* What stands behind these may never be run. */
		{ "V=a\nexit\n", UNKNOWN_VALUE, 2 },
		{ "if x; then return; fi\nV=a\n", UNKNOWN_VALUE, 1 },
		/* A function may be called whenever something else is. */
		{ "f() { V=b; }\nV=a\nf\n", UNKNOWN_VALUE, 1 },
		{ "function f {\n V=b\n}\nV=a\nf\n", UNKNOWN_VALUE, 2 },
		{ "f() { W=b; }\nW=c\nf\nV=$W\n", UNKNOWN_VALUE, 4 },
	};

	CHECK_ROWS(rows);
}

static void what_is_set_afterwards_is_known_again(void **state)
{
	static const struct row rows[] = {
		{ "V=$(x)\nV=a\n", "a", 2 },
		{ ". x\nV=a\n", "a", 2 },
		{ "if x; then V=b; fi; V=a\n", "a", 1 },
		{ "f() { W=b; }\nV=a\n", "a", 2 },
	};

	CHECK_ROWS(rows);
}

static void several_sources_are_run_in_order(void **state)
{
	struct shell_source sources[] = { { .name = "grub" }, { .name = "a.cfg" } };
	static const char first[] = "V='a b'\n", second[] = "\nV=\"$V c\"";
	cleanup_shell_value struct shell_value value = { 0 };

	shell_script_read(first, strlen(first), &sources[0].script);
	shell_script_read(second, strlen(second), &sources[1].script);
	shell_value_after(sources, 2, "V", &value);
	assert_true(value.is_known);
	assert_string_equal(value.text, "a b c");
	assert_string_equal(value.where, "a.cfg:2");
	shell_script_free(&sources[0].script);
	shell_script_free(&sources[1].script);
}

/* Lines that follow such a text would become a part of it. */
static void what_the_end_leaves_open_is_told(void **state)
{
	static const struct {
		const char *text;
		const char *what; /* NULL: nothing */
		unsigned line;
	} rows[] = {
		{ "V=a", NULL, 0 },
		{ "V=a\\\\", NULL, 0 },
		{ "# it's \"so\" \\", NULL, 0 },
		{ "V=\"$(x \"y)\")\"", NULL, 0 },
		{ "\nV='a\n\n", "a single quote", 2 },
		{ "V=\"a", "a double quote", 1 },
		{ "V=\"a\\", "a continued line", 1 },
		{ "V=a\\", "a continued line", 1 },
		{ "V=a \\\n", "a continued line", 1 },
		{ "V=\n\nW=$(x\n", "a parenthesis", 3 },
		{ "V=$(a (b)", "a parenthesis", 1 },
		{ "(x\n", "a parenthesis", 1 },
		{ "V=`x", "a command substitution", 1 },
		{ "V=${x", "a parameter expansion", 1 },
		{ "V=$((1+1)", "an arithmetic expansion", 1 },
		{ "V=(a\n", "an array", 1 },
		{ "x\ncat <<E\nfoo\n", "a here-document", 2 },
		{ "cat <<E", "a here-document", 1 },
		{ "cat <<E\nE", NULL, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_shell_script struct shell_script script = { 0 };

		shell_script_read(rows[i].text, strlen(rows[i].text), &script);
		if (rows[i].what)
			assert_string_equal(script.open_what, rows[i].what);
		else
			assert_null(script.open_what);
		assert_int_equal(script.open_line, rows[i].line);
	}
}

static char *repeated(const char *text, size_t n, size_t *ret_size)
{
	char *result;
	FILE *out = xopen_memstream(&result, ret_size);

	for (size_t i = 0; i < n; i++)
		fputs(text, out);
	fclose(out);
	return result;
}

/* The stack of this process is finite, and so is a command line. */
static void depth_and_length_have_limits(void **state)
{
	size_t n;
	char *deep = repeated("V=$(", 100000, &n);
	cleanup_shell_script struct shell_script script = { 0 };
	char *twice = repeated("V=\"x$V$V\"\n", 64, &n);

	shell_script_read(deep, strlen(deep), &script);
	assert_string_equal(script.open_what, "too deep a nesting");
	check_value(twice, UNKNOWN_VALUE, 64);
	free(deep);
	free(twice);
}

/* A quadratic reader would take minutes for this. */
static void a_megabyte_of_assignments_is_read_at_once(void **state)
{
	size_t n;
	char *many = repeated("A=1;. x;declare -i B=2;V=\"$A$V\"\nexport C=3 D=4\n",
			      20000, &n);
	char *wide = repeated("declare -i A=1 B=2 C=3 D=4 \\\n", 1, &n);
	char *args = repeated("A=1 B=2 ", 100000, &n);
	char *line = xasprintf("%s%s\nV=5\n", wide, args);

	check_value(many, UNKNOWN_VALUE, 39999);
	check_value(line, "5", 3);
	free(many);
	free(wide);
	free(args);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_that_the_shell_would_have),
		cmocka_unit_test(what_is_no_assignment_is_not_taken_for_one),
		cmocka_unit_test(what_only_running_tells_is_unknown),
		cmocka_unit_test(what_is_set_afterwards_is_known_again),
		cmocka_unit_test(several_sources_are_run_in_order),
		cmocka_unit_test(what_the_end_leaves_open_is_told),
		cmocka_unit_test(depth_and_length_have_limits),
		cmocka_unit_test(a_megabyte_of_assignments_is_read_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
