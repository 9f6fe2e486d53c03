/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16 };

/* Parses a line of blank-separated words; '""' is an empty one. */
static enum outcome parse(const char *line, struct options *ret, char **ret_error)
{
	static char words[512];
	static char *argv[WORDS_MAX + 1];
	int argc = 0;

	assert_true(snprintf(words, sizeof words, "vfio-bootcfg %s", line) <
		    (int)sizeof words);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		assert_true(argc < WORDS_MAX);
		argv[argc++] = strcmp(word, "\"\"") == 0 ? word + 2 : word;
	}
	argv[argc] = NULL;
	return options_parse(argc, argv, ret, ret_error);
}

static void every_option_reaches_its_field(void **state)
{
	cleanup_options struct options o = { 0 };
	cleanup_free char *error = NULL;

	assert_int_equal(parse("generate -c a.conf --config=b.conf --root /target "
			       "--snapshot m.txt --json --dry-run -vv --color never",
			       &o, &error),
			 OUTCOME_RUN);
	assert_null(error);
	assert_int_equal(o.verb, VERB_GENERATE);
	assert_int_equal(o.config.n, 2);
	assert_string_equal(o.config.v[1], "b.conf");
	assert_string_equal(o.root, "/target");
	assert_string_equal(o.snapshot, "m.txt");
	assert_true(o.json && o.dry_run && !o.rebuild);
	assert_int_equal(o.verbosity, 2);
	assert_int_equal(o.colour, COLOUR_NEVER);
}

static void names_and_sizes_of_machines_are_read(void **state)
{
	static const struct {
		const char *size;
		uint64_t bytes;
	} sizes[] = { { "4096", 4096ull << 20 },
		      { "16G", 16ull << 30 },
		      { "2t", 2ull << 40 },
		      { "64K", 64 << 10 } };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		cleanup_options struct options o = { 0 };
		cleanup_free char *error = NULL;
		char line[64];

		snprintf(line, sizeof line, "attach gpu 29:00.0 -m %s", sizes[i].size);
		assert_int_equal(parse(line, &o, &error), OUTCOME_RUN);
		assert_true(o.memory == sizes[i].bytes);
		assert_int_equal(o.operands.n, 2);
		assert_string_equal(o.operands.v[1], "29:00.0");
	}
}

static void what_is_not_given_has_its_standard(void **state)
{
	cleanup_options struct options o = { 0 };
	cleanup_free char *error = NULL;

	assert_int_equal(parse("verify", &o, &error), OUTCOME_RUN);
	assert_string_equal(o.root, "/");
	assert_int_equal(o.config.n, 0);
	assert_null(o.snapshot);
	assert_null(o.kernel_log);
	assert_false(o.has_boot);
	assert_int_equal(o.colour, COLOUR_AUTO);
	assert_int_equal(o.verbosity, 0);
}

/* Options may stand before the command, be cut short, and take a value that begins
 * like an option. */
static void words_are_read_in_any_order(void **state)
{
	static const char *const lines[] = {
		"verify --kernel-log - -q",	 "-q --kernel-log=- verify",
		"--kernel-log - verify --quiet", "verify --kernel- - --qui --",
		"-q --kernel-log - -- verify",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		cleanup_options struct options o = { 0 };
		cleanup_free char *error = NULL;

		assert_int_equal(parse(lines[i], &o, &error), OUTCOME_RUN);
		assert_int_equal(o.verb, VERB_VERIFY);
		assert_string_equal(o.kernel_log, "-");
		assert_int_equal(o.verbosity, -1);
	}
}

static void order_does_not_depend_on_posixly_correct(void **state)
{
	setenv("POSIXLY_CORRECT", "1", 1);
	words_are_read_in_any_order(state);
	unsetenv("POSIXLY_CORRECT");
}

static void what_is_written_for_a_snapshot_is_said(void **state)
{
	static const char *const lines[] = {
		"generate --snapshot x --root /",
		"generate --snapshot x -o dir",
		"generate --snapshot x -n",
		"check --snapshot x",
		"list --snapshot x",
		"verify --snapshot x",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		cleanup_options struct options o = { 0 };
		cleanup_free char *error = NULL;

		assert_int_equal(parse(lines[i], &o, &error), OUTCOME_RUN);
		assert_string_equal(o.root, "/");
	}
}

static void a_kernel_is_told_from_its_log(void **state)
{
	cleanup_options struct options o = { 0 };
	cleanup_free char *error = NULL;

	assert_int_equal(parse("check --kernel 6.1.0 --json", &o, &error), OUTCOME_RUN);
	assert_string_equal(o.kernel, "6.1.0");
	assert_null(o.kernel_log);
	assert_int_equal(parse("check --kernel-log -", &o, &error), OUTCOME_WRONG);
}

static void a_boot_and_a_format_are_read(void **state)
{
	cleanup_options struct options o = { 0 }, json = { 0 };
	cleanup_free char *error = NULL, *none = NULL;

	assert_int_equal(parse("verify --boot -1 --format=prometheus", &o, &error),
			 OUTCOME_RUN);
	assert_true(o.has_boot);
	assert_int_equal(o.boot, -1);
	assert_int_equal(o.format, FORMAT_PROMETHEUS);
	assert_false(o.json);
	assert_int_equal(parse("verify --format json", &json, &none), OUTCOME_RUN);
	assert_true(json.json);
}

struct mistake {
	const char *line, *error;
};

static void assert_mistakes(const struct mistake *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_options struct options o = { 0 };
		cleanup_free char *error = NULL;

		assert_int_equal(parse(cases[i].line, &o, &error), OUTCOME_WRONG);
		assert_string_equal(error, cases[i].error);
	}
}

static void wrong_usage_is_named(void **state)
{
	static const struct mistake cases[] = {
		{ "",
		  "expected a command, one of 'list', 'generate', 'check', 'verify', 'revert', 'snapshot', 'attach', 'bind' and 'release'; '--help' tells about them" },
		{ "lst", "unknown command 'lst' (did you mean 'list'?)" },
		{ "verfy", "unknown command 'verfy' (did you mean 'verify'?)" },
		{ "frobnicate", "unknown command 'frobnicate'; '--help' lists them" },
		{ "\"\"", "unknown command ''; '--help' lists them" },
		{ "-", "unknown command '-'; '--help' lists them" },
		{ "list gpu", "unexpected operand 'gpu': 'list' takes only options" },
		{ "list -- --json",
		  "unexpected operand '--json': 'list' takes only options" },
		{ "list --jsn", "unknown option '--jsn' (did you mean '--json'?)" },
		{ "list --jsn=1", "unknown option '--jsn' (did you mean '--json'?)" },
		{ "list --frobnicate", "unknown option '--frobnicate'" },
		{ "list -x", "unknown option '-x'" },
		{ "list -qx", "unknown option '-x'" },
		{ "list --s", "option '--s' is ambiguous" },
		{ "list --json=yes", "option '--json' takes no argument" },
		{ "generate --output", "option '--output' expects DIR" },
		{ "generate -c", "option '--config' expects FILE" },
		{ "generate --root \"\"",
		  "option '--root' expects DIR, not an empty text" },
		{ "list --dry-run",
		  "option '--dry-run' is not for 'list' but for 'generate', 'revert', 'bind' and 'release'" },
		{ "list -c x",
		  "option '--config' is not for 'list' but for 'generate', 'check', 'verify', 'attach', 'bind' and 'release'" },
		{ "snapshot --json",
		  "option '--json' is not for 'snapshot' but for 'list', 'generate', 'check', 'verify', 'attach', 'bind' and 'release'" },
		{ "generate --dry-run --rebuild",
		  "options '--dry-run' and '--rebuild' exclude each other" },
		{ "generate --rebuild --snapshot x",
		  "option '--snapshot' needs '--root DIR' ('--root /' for this system), '--output DIR' or '--dry-run': this system may have other hardware" },
		{ "list -qv", "options '--quiet' and '--verbose' exclude each other" },
		{ "verify --json --format prometheus",
		  "options '--format' and '--json' exclude each other" },
		{ "verify --format=xml",
		  "option '--format' expects one of text, json, prometheus, not 'xml'" },
		{ "verify --boot 1",
		  "option '--boot' expects 0 for this boot or a number such as -1 for the one before, not '1'" },
		{ "verify --boot -1 --kernel-log x",
		  "options '--kernel-log' and '--boot' exclude each other" },
		{ "verify --forensic",
		  "option '--forensic' is not for 'verify' but for 'generate' and 'check'" },
		{ "list --color=maybe",
		  "option '--color' expects auto, always or never, not 'maybe'" },
	};

	assert_mistakes(cases, sizeof cases / sizeof *cases);
}

static void wrong_forms_and_sizes_are_named(void **state)
{
	static const struct mistake cases[] = {
		{ "attach --format prometheus",
		  "option '--format' expects one of qemu, libvirt, json, not 'prometheus'" },
		{ "attach --memory 16X",
		  "option '--memory' expects a size such as 4096M or 16G, not '16X'" },
		{ "attach -m -1",
		  "option '--memory' expects a size such as 4096M or 16G, not '-1'" },
		{ "attach -m 99999999999G",
		  "option '--memory' expects a size such as 4096M or 16G, not '99999999999G'" },
	};

	assert_mistakes(cases, sizeof cases / sizeof *cases);
}

static void help_and_version_need_no_command(void **state)
{
	static const struct {
		const char *line;
		enum outcome outcome;
		enum verb verb;
	} cases[] = {
		{ "--help", OUTCOME_HELP, VERBS },
		{ "-h", OUTCOME_HELP, VERBS },
		{ "revert --help", OUTCOME_HELP, VERB_REVERT },
		{ "--help revert --dry-run", OUTCOME_HELP, VERB_REVERT },
		{ "--version", OUTCOME_VERSION, VERBS },
		{ "-V", OUTCOME_VERSION, VERBS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_options struct options o = { 0 };
		cleanup_free char *error = NULL;

		assert_int_equal(parse(cases[i].line, &o, &error), cases[i].outcome);
		assert_int_equal(o.verb, cases[i].verb);
	}
}

static void names_and_letters_are_unique(void **state)
{
	for (size_t i = 0; i < n_option_specs; i++) {
		assert_true(option_specs[i].verbs & EVERY_VERB);
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(option_specs[i].name,
						option_specs[j].name);
			if (option_specs[i].letter)
				assert_int_not_equal(option_specs[i].letter,
						     option_specs[j].letter);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_reaches_its_field),
		cmocka_unit_test(what_is_not_given_has_its_standard),
		cmocka_unit_test(words_are_read_in_any_order),
		cmocka_unit_test(order_does_not_depend_on_posixly_correct),
		cmocka_unit_test(what_is_written_for_a_snapshot_is_said),
		cmocka_unit_test(a_kernel_is_told_from_its_log),
		cmocka_unit_test(names_and_sizes_of_machines_are_read),
		cmocka_unit_test(a_boot_and_a_format_are_read),
		cmocka_unit_test(wrong_usage_is_named),
		cmocka_unit_test(wrong_forms_and_sizes_are_named),
		cmocka_unit_test(help_and_version_need_no_command),
		cmocka_unit_test(names_and_letters_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
