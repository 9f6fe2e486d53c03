/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"
#include "unit/report/nouns.h"

static void what_a_terminal_would_obey_is_escaped(void **state)
{
	static const struct {
		const char *text, *escaped;
	} cases[] = {
		{ "", "" },
		{ "plain \\ 'text'", "plain \\ 'text'" },
		{ "\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m" },
		{ "a\tb\nc\rd\ae", "a\\tb\\nc\\rd\\ae" },
		{ "\x7f\x01", "\\x7f\\x01" },
		{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		  "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m" }, /* CSI of C1 */
		{ "\x9b", "\\x9b" }, /* the same as a byte */
		{ "a\xe2\x80\xae"
		  "b",
		  "a\\xe2\\x80\\xaeb" },	       /* right to left from here */
		{ "\xc0\xaf", "\\xc0\\xaf" },	       /* '/', too long a form */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* past the last one */
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "cut\xe2\x82", "cut\\xe2\\x82" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *escaped = text_escaped(cases[i].text);

		assert_string_equal(escaped, cases[i].escaped);
	}
}

static void findings_name_place_severity_and_remedy(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	struct bdf bdf = { .bus = 0x29 };
	struct finding *finding;

	finding = findings_add(&findings, SEVERITY_ERROR, "boot-display", "a.conf:7",
			       "0000:29:00.0 is the boot display");
	finding_at(finding, bdf);
	finding_remedy(finding, "set 'allow = boot-display'");
	finding = findings_add(&findings, SEVERITY_WARNING, "x-code", NULL,
			       "no IOMMU group");
	finding_at(finding, bdf);
	findings_add(&findings, SEVERITY_NOTE, "odd", "\033]0;t\a:1", "text\033[2J");
	CATCH(text, report_findings(out, &findings, COLOUR_NO, 0));
	assert_string_equal(
		text, "a.conf:7: error: 0000:29:00.0 is the boot display [boot-display]\n"
		      "    -> set 'allow = boot-display'\n"
		      "warning: 0000:29:00.0: no IOMMU group [x-code]\n"
		      "\\x1b]0;t\\a:1: note: text\\x1b[2J [odd]\n");
}

static void colours_end_where_they_began(void **state)
{
	cleanup_findings struct findings findings = { 0 };

	findings_add(&findings, SEVERITY_ERROR, "code", NULL, "message");
	CATCH(text, report_findings(out, &findings, COLOUR_YES, 0));
	assert_string_equal(text,
			    "\033[1;31merror:\033[0m message \033[2m[code]\033[0m\n");
}

static void long_findings_are_wrapped_on_a_terminal(void **state)
{
	cleanup_findings struct findings findings = { 0 };

	finding_remedy(findings_add(&findings, SEVERITY_ERROR, "some-code", "a.conf:7",
				    "a message that takes more than [one] line"),
		       "a remedy that is as long as that");
	CATCH(text, report_findings(out, &findings, COLOUR_YES, 40));
	assert_string_equal(text,
			    "a.conf:7: \033[1;31merror:\033[0m a message that takes\n"
			    "    more than [one] line \033[2m[some-code]\033[0m\n"
			    "    -> a remedy that is as long as that\n");
	CATCH(narrow, report_findings(out, &findings, COLOUR_NO, 34));
	assert_string_equal(narrow, "a.conf:7: error: a message that\n"
				    "    takes more than [one] line\n"
				    "    [some-code]\n"
				    "    -> a remedy that is as long as\n"
				    "       that\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_would_obey_is_escaped),
		cmocka_unit_test(findings_name_place_severity_and_remedy),
		cmocka_unit_test(colours_end_where_they_began),
		cmocka_unit_test(long_findings_are_wrapped_on_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
