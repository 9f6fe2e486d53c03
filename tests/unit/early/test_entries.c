/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "early/entries.h"
#include "unit/check.h"

#include <string.h>

/* What was read, written again. */
static char *entries_text(const struct entries *entries)
{
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < entries->n; i++)
		fprintf(out, "%s%s=%s", i ? "," : "", bdf_text(entries->v[i].bdf).s,
			identity_pattern_text(&entries->v[i].id).s);
	fclose(out);
	return text;
}

static void entries_are_sorted_and_none_is_there_twice(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{ "0000:29:00.0=1002:68c8:174b:3000",
		  "0000:29:00.0=1002:68c8:174b:3000" },
		{ "29:00.0=1002:68C8", "0000:29:00.0=1002:68c8" },
		{ "10000:e1:00.0=8086:0a54:8086:4308,0000:01:00.1=10de:228b:1458:40ee",
		  "0000:01:00.1=10de:228b:1458:40ee,10000:e1:00.0=8086:0a54:8086:4308" },
		{ "02:00.0=10de:2684,01:00.0=10de:2684,02:00.0=10de:2684",
		  "0000:01:00.0=10de:2684,0000:02:00.0=10de:2684" },
		/* One of the two is wrong, and is said to be wrong when it is compared.
		 */
		{ "01:00.0=10de:2684,01:00.0=10de:2204",
		  "0000:01:00.0=10de:2204,0000:01:00.0=10de:2684" },
		{ "01:00.0=10de:2684:0000:0000,01:00.0=10de:2684",
		  "0000:01:00.0=10de:2684,0000:01:00.0=10de:2684:0000:0000" },
		{ ",,01:00.0=10de:2684,", "0000:01:00.0=10de:2684" },
		{ "ffffffff:ff:1f.7=ffff:ffff:ffff:ffff",
		  "ffffffff:ff:1f.7=ffff:ffff:ffff:ffff" },
		{ "", "" },
		{ ",", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_entries struct entries entries;
		cleanup_free char *text = NULL;

		entries_parse(cases[i].text, &entries);
		text = entries_text(&entries);
		assert_string_equal(text, cases[i].expected);
		assert_int_equal(entries.n_malformed, 0);
	}
}

static void what_is_no_entry_is_kept_for_the_log(void **state)
{
	static const char *const cases[] = {
		"x",
		"=",
		"29:00.0",
		"29:00.0=",
		"29:00.0=1002",
		"29:00.0=1002:68c8:174b",
		"29:00.0=1002:68c8:174b:3000:0300",
		"29:00.0=1002:68c8 ",
		"29:00.8=1002:68c8",
		"29:20.0=1002:68c8",
		"1002:68c8=29:00.0",
		"29:00.0=*:*",
		"29:00.0=0x1002:68c8",
		"00000000000000000000000000000000000029:00.0=1002:68c8",
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_entries struct entries entries;
		cleanup_free char *text = xasprintf("01:00.0=10de:2684,%s", cases[i]);

		entries_parse(text, &entries);
		assert_int_equal(entries.n, 1);
		assert_int_equal(entries.n_malformed, 1);
		assert_int_equal(entries.malformed[0].n, strlen(cases[i]));
		assert_memory_equal(entries.malformed[0].text, cases[i],
				    strlen(cases[i]));
	}
}

/* The kernel's line is 4096 bytes or less, but nothing here may depend on it. */
static void a_hundred_thousand_entries_are_read(void **state)
{
	cleanup_entries struct entries entries;
	cleanup_free char *text = NULL;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (unsigned i = 100000; i-- > 0;)
		fprintf(out, "%x:%02x:%02x.%x=10de:2684,nonsense,", i >> 16,
			i >> 8 & 0xff, i >> 3 & 31, i & 7);
	fclose(out);
	entries_parse(text, &entries);
	assert_int_equal(entries.n, 100000);
	assert_int_equal(entries.n_malformed, 100000);
	assert_int_equal(entries.v[99999].bdf.domain, 1);
	assert_int_equal(entries.v[99999].bdf.function, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_sorted_and_none_is_there_twice),
		cmocka_unit_test(what_is_no_entry_is_kept_for_the_log),
		cmocka_unit_test(a_hundred_thousand_entries_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
