/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/catalogue.h"
#include "evidence/sieve.h"
#include "unit/evidence/examples.h"
#include "unit/evidence/log.h"

/* Every way in which a log is written down (evidence/log_line.h). */
static const char *const frames[] = {
	"%s",
	"[    0.500000] %s",
	"[123456.000001] %s",
	"[    0.500000][    T1] %s",
	"<6>[    0.500000] %s",
	"kern  :info  : [    0.500000] %s",
	"2026-11-21T09:33:11,000000+00:00 %s",
	"[Sat Nov 21 09:33:11 2026] %s",
	"[  +0.000123] %s",
	"[    0.500000 <    0.250000>] %s",
	"6,286,500000,-;%s",
	"6,286,500000,-,caller=T1;%s",
	"Nov 21 10:20:01 host kernel: %s",
	"Nov  1 10:20:01 host kernel: [    0.500000] %s",
	"Nov 21 10:20:01.123456 host kernel: %s",
	"Nov 21 10:20:01   kernel: %s",
	"Sat 2026-11-21 10:20:01 UTC host kernel: %s",
	"2026-11-21T10:20:01+0000 host kernel: %s",
	"1732180801.123456 host kernel: %s",
	"[    0.500000] host kernel: %s",
	"[    0.500000] kernel: %s",
	"\x1b[32m[    0.500000] \x1b[0m%s",
	"Nov 21 10:20:01 host kernel: \x1b[0;1;31m%s\x1b[0m",
	"BIOS says hello[    0.500000] %s",
	"\r[    0.500000] %s\r",
};

static const struct log_record *find_record(const struct kernel_log *log,
					    const struct example *example)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].kind == example->kind)
			return &log->v[i];
	return NULL;
}

static void check_example(const struct example *example, const char *line,
			  const struct kernel_log *log)
{
	const struct log_record *record = find_record(log, example);

	if (!record)
		fail_msg("not understood: '%s'", line);
	assert_int_equal(record->line, 2);
	if (example->bdf)
		assert_string_equal(bdf_text(record->bdf).s, example->bdf);
	if (example->driver)
		assert_string_equal(record->driver, example->driver);
	if (example->number && record->kind == MESSAGE_PROBE_FAILED)
		assert_int_equal(record->error, example->number);
	else if (example->number)
		assert_int_equal(record->number, example->number);
}

static void every_wording_is_understood_in_every_frame(void **state)
{
	for (size_t i = 0; i < N_EXAMPLES; i++)
		for (size_t k = 0; k < sizeof frames / sizeof *frames; k++) {
			cleanup_kernel_log struct kernel_log log = { 0 };
			cleanup_free char *line = NULL, *text = NULL;

			if (examples[i].kind == MESSAGE_BOOT_BORDER)
				continue; /* which the journal writes, not the kernel */
			_Pragma("GCC diagnostic push");
			_Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"");
			line = xasprintf(frames[k], examples[i].message);
			_Pragma("GCC diagnostic pop");
			text = xasprintf("x\n%s\ny\n", line);
			log = log_of(text);
			/* The banner counts only while the clock stands at 0. */
			if (examples[i].kind == MESSAGE_BOOT && strstr(line, "[123456"))
				assert_int_equal(log.n, 0);
			else
				check_example(&examples[i], line, &log);
		}
}

static void every_row_has_an_example(void **state)
{
	static struct catalogue catalogue;
	bool seen[CATALOGUE_ROWS] = { false };

	catalogue_build(&catalogue);
	for (size_t i = 0; i < N_EXAMPLES; i++) {
		struct pattern_match match;
		const struct message *message =
			catalogue_match(&catalogue, examples[i].message, &match);

		assert_non_null(message);
		assert_int_equal(message->kind, examples[i].kind);
		for (size_t row = 0; row < catalogue.n; row++)
			seen[row] |= catalogue.rows[row] == message;
	}
	for (size_t row = 0; row < catalogue.n; row++)
		if (!seen[row])
			fail_msg("no example has '%s'", catalogue.rows[row]->pattern);
}

static void every_row_is_whole(void **state)
{
	static struct catalogue catalogue;

	catalogue_build(&catalogue);
	assert_true(catalogue.n > 100);
	for (size_t i = 0; i < catalogue.n; i++) {
		const struct message *row = catalogue.rows[i];
		const char *any = strstr(row->pattern, "%*");

		assert_true(row->kind < MESSAGE_KINDS);
		assert_true(row->since[0] && row->source[0] && row->meaning[0]);
		/* Messages for people: no full stop, lower case unless a name begins. */
		assert_int_not_equal(row->meaning[strlen(row->meaning) - 1], '.');
		/* Two would make the match quadratic in the line. */
		assert_true(!any || !strstr(any + 2, "%*"));
	}
}

static void what_only_looks_alike_is_left_out(void **state)
{
	for (size_t i = 0; i < sizeof decoys / sizeof *decoys; i++) {
		cleanup_free char *text = xasprintf("[    0.500000] %s\n", decoys[i]);
		cleanup_kernel_log struct kernel_log log = log_of(text);

		if (log.n)
			fail_msg("'%s' was taken for kind %d", decoys[i], log.v[0].kind);
	}
}

static void other_processes_are_not_believed(void **state)
{
	for (size_t i = 0; i < N_EXAMPLES; i++) {
		cleanup_free char *text =
			xasprintf("Nov 21 10:20:01 host gdm-x-session[12]: %s\n"
				  "12,7,1000,-;%s\n",
				  examples[i].message, examples[i].message);
		cleanup_kernel_log struct kernel_log log = log_of(text);

		/* But for our own, from the initramfs. */
		if (strncmp(examples[i].message, "vfio-bootcfg: ", 14) == 0)
			assert_int_equal(log.n, 1);
		else
			assert_int_equal(log.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wording_is_understood_in_every_frame),
		cmocka_unit_test(every_row_has_an_example),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(what_only_looks_alike_is_left_out),
		cmocka_unit_test(other_processes_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
