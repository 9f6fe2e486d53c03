/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs that journalctl and dmesg wrote as JSON. */
#include "unit/evidence/log.h"

#define JOURNAL(fields, message)                                    \
	"{\"_TRANSPORT\":\"kernel\"," fields "\"MESSAGE\":" message \
	",\"PRIORITY\":\"6\"}\n"
#define AT(time) "\"_SOURCE_MONOTONIC_TIMESTAMP\":\"" time "\","
#define BY(name) "\"SYSLOG_IDENTIFIER\":\"" name "\","
#define ENTRY(p, t, m)                                               \
	"      },{\n         \"pri\": " p ",\n         \"time\": " t \
	",\n         \"msg\": " m "\n"

/* The last claim of each is a process that plays the kernel, and must not count. */
static void json_is_read_as_text_is(void **state)
{
	static const char *const texts[] = {
		JOURNAL(AT("0") BY("kernel"), "\"Linux version 6.1.0 (x@y) #1\"") JOURNAL(
			"\"_A\":[\"1]\",\"2\"]," AT("1500000") BY("kernel"),
			"\"nvme 0000:03:00.0: \\u00e9 \\\"quoted\\\" \\\\\"")
			JOURNAL(AT("2000000"),
				"[110,118,109,101,32,48,48,48,48,58,48,52,58,48,48,46,48,58,32,104,105]")
				JOURNAL(AT("3000000") BY("vfio-bootcfg"),
					"\"0000:05:00.0: bound to vfio-pci\"")
					JOURNAL(AT("4000000") BY("liar"),
						"\"nvme 0000:06:00.0: hi\"")
						JOURNAL(AT("4000000") BY("liar"),
							"\"vfio-bootcfg: 0000:06:00.0: bound to vfio-pci\""),

		"{\n   \"dmesg\": [\n      {\n" ENTRY("5", "    0.000000",
						      "\"Linux version 6.1.0 (x@y) #1\"")
			ENTRY("6", "    1.500000",
			      "\"nvme 0000:03:00.0: \\u00e9 \\\"quoted\\\" \\\\\"")
				ENTRY("6", "    2.000000", "\"nvme 0000:04:00.0: hi\"") ENTRY(
					"14", "    3.000000",
					"\"vfio-bootcfg: 0000:05:00.0: bound to vfio-pci\"")
					ENTRY("14", "    4.000000",
					      "\"nvme 0000:06:00.0: hi\"") "      }\n   ]\n}\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_kernel_log struct kernel_log log = log_of(texts[i]);

		assert_int_equal(log.n, 4);
		assert_string_equal(log.release, "6.1.0");
		assert_int_equal(log.has_start, YES);
		assert_string_equal(log.v[1].text,
				    "nvme 0000:03:00.0: \xc3\xa9 \"quoted\" \\");
		assert_true(log.v[1].time == 1.5);
		assert_string_equal(log.v[2].text, "nvme 0000:04:00.0: hi");
		assert_true(log.v[2].time == 2);
		assert_string_equal(log.v[3].driver, "vfio-pci");
		assert_true(log.v[3].time == 3);
	}
}

static void broken_json_does_no_harm(void **state)
{
	static const char *const texts[] = {
		"{",
		"{\"",
		"{\"MESSAGE",
		"{\"MESSAGE\"",
		"{\"MESSAGE\":",
		"{\"MESSAGE\":\"a\\",
		"{\"MESSAGE\":\"\\u00",
		"{\"MESSAGE\":\"\\u00zz\"}",
		"{\"MESSAGE\":[",
		"{\"MESSAGE\":[,]}",
		"{\"MESSAGE\":[999999999999,-1]}",
		"{\"MESSAGE\":null}",
		"{\"MESSAGE\":\"\"}",
		"\x1e{",
		" \"msg\":\"\"",
		" \"time\":,",
		" \"time\": 99999999999999999999999999999999,",
		"\"msg\":\"\\ud800\"",
		"{\"a\":[\"",
		"{\"a\":{\"MESSAGE\":\"x\"}}",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_kernel_log struct kernel_log log = log_of(texts[i]);

		assert_int_equal(log.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_read_as_text_is),
		cmocka_unit_test(broken_json_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
