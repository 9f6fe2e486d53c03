/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/report/nouns.h"

#include <math.h>

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static struct check_evidence evidence[] = {
	{ (char[]){ "kernel.log" }, 412,
	  (char[]){ "radeon 0000:29:00.0: \033[31mhello" } },
	{ (char[]){ "sys/class/iommu" }, 0, (char[]){ "dmar0" } },
};

static struct check_result checks[] = {
	{ .code = "iommu-enabled",
	  .status = CHECK_PASS,
	  .message = (char[]){ "the IOMMU is on" },
	  .evidence = &evidence[1],
	  .n_evidence = 1 },
	{ .code = "target-bound",
	  .status = CHECK_FAIL,
	  .address = (char[]){ "0000:29:00.0" },
	  .message = (char[]){ "'radeon' has it, not 'vfio-pci'" },
	  .evidence = evidence,
	  .n_evidence = 1,
	  .remedy = (char[]){ "run 'vfio-bootcfg generate'" } },
	{ .code = "first-claim",
	  .status = CHECK_WARN,
	  .address = (char[]){ "0000:2a:00.0" },
	  .message = (char[]){ "'e1000e' had it first" } },
	{ .code = "log-complete",
	  .status = CHECK_UNKNOWN,
	  .message = (char[]){ "there is no log" } },
};

static struct timeline_event events[] = {
	{ NAN, NULL, (char[]){ "vfio_pci loaded" }, 0 },
	{ 1.25, (char[]){ "radeon" }, (char[]){ "kernel modesetting enabled" }, 412 },
	{ 12345.678901, (char[]){ "radeon" },
	  (char[]){ "radeon 0000:29:00.0: initialised" }, 1000 },
};

static struct target_story stories[] = {
	{ (char[]){ "0000:29:00.0" }, (char[]){ "radeon" }, (char[]){ "radeon" }, events,
	  3, true },
	{ (char[]){ "0000:2a:00.0" }, (char[]){ "vfio-pci" }, NULL, events, 1, true },
};

static struct verification make(void)
{
	return (struct verification){ "vfio-bootcfg.verify/1",
				      VERDICT_FAIL,
				      text("6.1.0-50-amd64"),
				      checks,
				      sizeof checks / sizeof *checks,
				      stories,
				      2,
				      false };
}

static void failures_show_evidence_remedy_and_timeline(void **state)
{
	struct verification verification = make();

	CATCH(text, report_verification(out, &verification, COLOUR_NO, 0, 0));
	assert_string_equal(
		text,
		"fail: not as planned on 6.1.0-50-amd64 (1 passed, 1 warned, 1 failed, 1 unknown)\n"
		"PASS    iommu-enabled: the IOMMU is on\n"
		"FAIL    target-bound 0000:29:00.0: 'radeon' has it, not 'vfio-pci'\n"
		"        kernel.log:412: radeon 0000:29:00.0: \\x1b[31mhello\n"
		"        -> run 'vfio-bootcfg generate'\n"
		"WARN    first-claim 0000:2a:00.0: 'e1000e' had it first\n"
		"UNKNOWN log-complete: there is no log\n"
		"\n0000:29:00.0: radeon had it first, radeon has it now\n"
		"                vfio_pci loaded\n"
		"      1.250000  radeon: kernel modesetting enabled (line 412)\n"
		"  12345.678901  radeon 0000:29:00.0: initialised (line 1000)\n");
}

static void verbosity_decides_about_what_passed(void **state)
{
	struct verification verification = make();

	CATCH(quiet, report_verification(out, &verification, COLOUR_NO, -1, 0));
	CATCH(verbose, report_verification(out, &verification, COLOUR_NO, 1, 0));
	assert_null(strstr(quiet, "PASS"));
	assert_non_null(strstr(quiet, "FAIL"));
	assert_non_null(strstr(verbose, "\n        sys/class/iommu: dmar0\n"));
	assert_non_null(strstr(
		verbose,
		"\n0000:2a:00.0: it is unknown who had it first, vfio-pci has it now\n"));
}

static void the_status_is_coloured_and_nothing_else(void **state)
{
	struct verification verification = make();

	verification.n_targets = 0;
	verification.n_checks = 1;
	verification.verdict = VERDICT_PASS;
	CATCH(text, report_verification(out, &verification, COLOUR_YES, 0, 0));
	assert_string_equal(
		text, "\033[32mpass:\033[0m as planned on 6.1.0-50-amd64 (1 passed)\n"
		      "\033[32mPASS\033[0m    iommu-enabled: the IOMMU is on\n");
}

/* Four targets of which the third fails, and two of them for one reason. */
static void what_is_alike_is_said_once(void **state)
{
	struct check_result many[] = {
		{ "target-bound", CHECK_PASS, text("0000:01:00.0"), NULL, text("held"),
		  NULL, 0, NULL },
		{ "target-bound", CHECK_PASS, text("0000:02:00.0"), NULL, text("held"),
		  NULL, 0, NULL },
		{ "target-bound", CHECK_FAIL, text("0000:03:00.0"), NULL, text("lost"),
		  NULL, 0, text("rebuild") },
		{ "target-bound", CHECK_PASS, text("0000:04:00.0"), NULL, text("held"),
		  NULL, 0, NULL },
		{ "target-bound", CHECK_PASS, text("0000:05:00.0"), NULL, text("held"),
		  NULL, 0, NULL },
		{ "group-viable", CHECK_PASS, text("0000:01:00.0"), NULL, text("group 1"),
		  NULL, 0, NULL },
		{ "group-viable", CHECK_PASS, text("0000:02:00.0"), NULL, text("group 2"),
		  NULL, 0, NULL },
		{ "device-node", CHECK_FAIL, text("0000:03:00.0"), NULL, text("none"),
		  NULL, 0, text("rebuild") },
	};
	struct verification verification = { .verdict = VERDICT_FAIL,
					     .checks = many,
					     .n_checks = sizeof many / sizeof *many };

	CATCH(text, report_verification(out, &verification, COLOUR_NO, 0, 0));
	CATCH(verbose, report_verification(out, &verification, COLOUR_NO, 1, 0));
	assert_string_equal(
		text,
		"fail: not as planned (6 passed, 2 failed)\n"
		"PASS    target-bound 0000:01:00.0, 0000:02:00.0, 0000:04:00.0 and 1 more: held\n"
		"FAIL    target-bound 0000:03:00.0: lost\n"
		"        -> rebuild\n"
		"PASS    group-viable 0000:01:00.0, 0000:02:00.0: as planned\n"
		"FAIL    device-node 0000:03:00.0: none\n"
		"        -> as above\n");
	assert_non_null(strstr(verbose, "\nPASS    target-bound 0000:05:00.0: held\n"));
	assert_non_null(
		strstr(verbose, "\nPASS    group-viable 0000:02:00.0: group 2\n"));
}

static void as_above_means_the_remedy_that_stands_above(void **state)
{
	struct check_result many[] = {
		{ "a", CHECK_FAIL, NULL, NULL, text("x"), NULL, 0, text("rebuild") },
		{ "a", CHECK_WARN, NULL, NULL, text("x"), NULL, 0, text("rebuild") },
		{ "b", CHECK_FAIL, NULL, NULL, text("y"), NULL, 0, text("reboot") },
		{ "c", CHECK_FAIL, NULL, NULL, text("z"), NULL, 0, text("rebuild") },
	};
	struct verification verification = { .verdict = VERDICT_FAIL,
					     .checks = many,
					     .n_checks = sizeof many / sizeof *many };

	CATCH(text, report_verification(out, &verification, COLOUR_NO, 0, 0));
	assert_string_equal(text, "fail: not as planned (1 warned, 3 failed)\n"
				  "FAIL    a: x\n"
				  "        -> rebuild\n"
				  "WARN    a: x\n"
				  "FAIL    b: y\n"
				  "        -> reboot\n"
				  "FAIL    c: z\n"
				  "        -> rebuild\n");
}

static void long_lines_are_wrapped_below_their_beginning(void **state)
{
	struct check_result check = {
		.code = "target-bound",
		.status = CHECK_FAIL,
		.message = text("the driver naïveté holds it, and will not give it back"),
		.remedy = text("run 0123456789012345678901234567890123456789 and reboot"),
	};
	struct verification verification = { .verdict = VERDICT_FAIL,
					     .checks = &check,
					     .n_checks = 1 };

	CATCH(text, report_verification(out, &verification, COLOUR_NO, 0, 43));
	CATCH(tiny, report_verification(out, &verification, COLOUR_NO, 0, 10));
	assert_string_equal(text, "fail: not as planned (1 failed)\n"
				  "FAIL    target-bound: the driver naïveté\n"
				  "        holds it, and will not give it back\n"
				  "        -> run\n"
				  "           0123456789012345678901234567890123456789\n"
				  "           and reboot\n");
	assert_non_null(strstr(tiny, "naïveté holds it, and will not give it back\n"));
}

static void a_verification_has_every_key_in_its_order(void **state)
{
	struct verification verification = make();

	CATCH(text, report_verification_json(out, &verification));
	assert_string_equal(
		text,
		"{\"schema\":\"vfio-bootcfg.verify/1\",\"verdict\":\"fail\",\"kernel\":\"6.1.0-50-amd64\",\"checks\":[\n"
		"{\"code\":\"iommu-enabled\",\"status\":\"pass\",\"address\":null,\"message\":\"the IOMMU is on\","
		"\"evidence\":[{\"source\":\"sys/class/iommu\",\"line\":null,\"text\":\"dmar0\"}],\"remedy\":null},\n"
		"{\"code\":\"target-bound\",\"status\":\"fail\",\"address\":\"0000:29:00.0\","
		"\"message\":\"'radeon' has it, not 'vfio-pci'\",\"evidence\":[{\"source\":\"kernel.log\",\"line\":412,"
		"\"text\":\"radeon 0000:29:00.0: \\u001B[31mhello\"}],\"remedy\":\"run 'vfio-bootcfg generate'\"},\n"
		"{\"code\":\"first-claim\",\"status\":\"warn\",\"address\":\"0000:2a:00.0\","
		"\"message\":\"'e1000e' had it first\",\"evidence\":[],\"remedy\":null},\n"
		"{\"code\":\"log-complete\",\"status\":\"unknown\",\"address\":null,\"message\":\"there is no log\","
		"\"evidence\":[],\"remedy\":null}\n"
		"],\"targets\":[\n"
		"{\"address\":\"0000:29:00.0\",\"driver\":\"radeon\",\"first_driver\":\"radeon\",\"timeline\":["
		"{\"time\":null,\"driver\":null,\"text\":\"vfio_pci loaded\",\"line\":null},"
		"{\"time\":1.25,\"driver\":\"radeon\",\"text\":\"kernel modesetting enabled\",\"line\":412},"
		"{\"time\":12345.678901,\"driver\":\"radeon\",\"text\":\"radeon 0000:29:00.0: initialised\",\"line\":1000}]},\n"
		"{\"address\":\"0000:2a:00.0\",\"driver\":\"vfio-pci\",\"first_driver\":null,\"timeline\":["
		"{\"time\":null,\"driver\":null,\"text\":\"vfio_pci loaded\",\"line\":null}]}\n"
		"]}\n");
}

/* Two results of one code and address would make the whole file invalid. */
static void metrics_name_each_series_once(void **state)
{
	struct check_result many[] = {
		{ .code = "target-bound",
		  .status = CHECK_UNKNOWN,
		  .address = text("a\"\\\n") },
		{ .code = "cmdline-applied", .status = CHECK_WARN },
		{ .code = "cmdline-applied", .status = CHECK_FAIL },
		{ .code = "cmdline-applied", .status = CHECK_UNKNOWN },
		{ .code = "target-bound",
		  .status = CHECK_PASS,
		  .address = text("0000:01:00.0") },
	};
	struct verification verification = { .verdict = VERDICT_FAIL,
					     .checks = many,
					     .n_checks = sizeof many / sizeof *many };
	struct verification none = { .verdict = VERDICT_UNKNOWN };

	CATCH(text, report_verification_prometheus(out, &verification));
	CATCH(empty, report_verification_prometheus(out, &none));
	assert_string_equal(
		text,
		"# HELP vfio_bootcfg_verdict Whether this boot bound as planned: 0 pass, 2 unknown, 3 fail.\n"
		"# TYPE vfio_bootcfg_verdict gauge\n"
		"vfio_bootcfg_verdict 3\n"
		"# HELP vfio_bootcfg_check The worst result of a check: 0 pass, 1 warn, 2 unknown, 3 fail.\n"
		"# TYPE vfio_bootcfg_check gauge\n"
		"vfio_bootcfg_check{code=\"cmdline-applied\",address=\"\"} 3\n"
		"vfio_bootcfg_check{code=\"target-bound\",address=\"0000:01:00.0\"} 0\n"
		"vfio_bootcfg_check{code=\"target-bound\",address=\"a\\\"\\\\\\\\n\"} 2\n");
	assert_non_null(strstr(empty, "\nvfio_bootcfg_verdict 2\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_show_evidence_remedy_and_timeline),
		cmocka_unit_test(verbosity_decides_about_what_passed),
		cmocka_unit_test(what_is_alike_is_said_once),
		cmocka_unit_test(as_above_means_the_remedy_that_stands_above),
		cmocka_unit_test(long_lines_are_wrapped_below_their_beginning),
		cmocka_unit_test(the_status_is_coloured_and_nothing_else),
		cmocka_unit_test(metrics_name_each_series_once),
		cmocka_unit_test(a_verification_has_every_key_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
