/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "probe/probe.h"
#include "unit/check.h"
#include "unit/probe/corpus.h"
#include "unit/sys/folder.h"

#include <errno.h>
#include <string.h>

static int set_up(void **state)
{
	folder_make();
	return 0;
}

static int tear_down(void **state)
{
	folder_remove();
	return 0;
}

static int dump_of(const char *text, struct machine *ret, struct findings *findings)
{
	folder_write("dump", text);
	return probe_dump(folder_path("dump"), "dump", PROBE_NO_NAMES, ret, findings);
}

static const struct function *at(const struct machine *machine, const char *address)
{
	const struct function *function;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	function = functions_at(&machine->functions, bdf);
	assert_non_null(function);
	return function;
}

/* The first 64 bytes: vendor:device, class, header type, then 0x10 to 0x3f. */
#define HEADER(address, id, class, type, rest)                                  \
	address " Some device\n00: " id " 00 00 10 00 00 " class " 00 00 " type \
								 " 00\n" rest
#define ZERO "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define NORMAL                                                              \
	"10: " ZERO "20: 00 00 00 00 00 00 00 00 00 00 00 00 4b 17 00 30\n" \
	"30: " ZERO
#define TO_BUS(secondary, subordinate)                                                  \
	"10: 00 00 00 00 00 00 00 00 00 " secondary " " subordinate " 00 00 00 00 00\n" \
	"20: " ZERO "30: " ZERO
#define GPU    "02 10 c8 68"
#define PORT   "22 10 83 14"
#define VGA    "00 00 03"
#define BRIDGE "00 04 06"

static void functions_are_what_their_bytes_say(void **state)
{
	static const char text[] = HEADER("29:00.0", GPU, VGA, "80", NORMAL) "\n" HEADER(
		"10000:e1:00.0", GPU, "02 08 01", "00", NORMAL);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	assert_int_equal(dump_of(text, &machine, &findings), 0);
	assert_int_equal(findings.n, 0);
	assert_int_equal(machine.functions.n, 2);
	assert_true(machine.has_functions);
	assert_false(machine.has_sysfs);
	assert_string_equal(identity_text(at(&machine, "29:00.0")->id).s,
			    "1002:68c8:174b:3000");
	assert_int_equal(at(&machine, "29:00.0")->class, 0x030000);
	assert_int_equal(at(&machine, "29:00.0")->header_type,
			 0); /* 0x80: multifunction */
	assert_int_equal(at(&machine, "29:00.0")->iommu_group, NO_GROUP);
	assert_int_equal(at(&machine, "10000:e1:00.0")->class, 0x010802);
	assert_int_equal(machine.iommu.active, UNKNOWN);
}

static void paths_come_from_the_numbers_of_the_buses(void **state)
{
	static const char text[] =
		HEADER("00:03.1", PORT, BRIDGE, "01", TO_BUS("29", "2b")) "\n" HEADER(
			"29:00.0", PORT, BRIDGE, "01",
			TO_BUS("2a", "2a")) "\n" HEADER("2a:00.1", GPU, VGA, "00",
							NORMAL) "\n"
		/* below the first bridge, but nobody leads there: a virtual function's */
		HEADER("2b:00.0", GPU, VGA, "00", NORMAL) "\n"
		/* no bridge leads here, and it does not say that it is a root */
		HEADER("80:00.0", GPU, VGA, "00", NORMAL) "\n" HEADER(
			"ff:00.0", PORT, "00 00 06", "00",
			NORMAL) "\n" HEADER("ff:01.0", GPU, VGA, "00",
					    NORMAL) "\n" HEADER("0001:29:00.0", GPU, VGA,
								"00", NORMAL);
	static const struct {
		const char *address, *path;
	} cases[] = {
		{ "00:03.1", "0000:00:03.1" },
		{ "29:00.0", "0000:00:03.1/00.0" },
		{ "2a:00.1", "0000:00:03.1/00.0/00.1" },
		{ "2b:00.0", NULL },
		{ "80:00.0", NULL },
		{ "ff:01.0", "0000:ff:01.0" },
		{ "0001:29:00.0", NULL },
	};
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	assert_int_equal(dump_of(text, &machine, &findings), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct function *function = at(&machine, cases[i].address);

		if (cases[i].path)
			assert_string_equal(function->path, cases[i].path);
		else
			assert_null(function->path);
	}
}

/* Bridges that were not configured, lead to themselves, or to each other's bus. */
static void odd_bus_numbers_give_no_path(void **state)
{
	static const char text[] =
		HEADER("00:01.0", PORT, BRIDGE, "01", TO_BUS("00", "00")) "\n" HEADER("00:02.0", PORT, BRIDGE, "01", TO_BUS("05", "05")) "\n" HEADER(
			"00:03.0", PORT, BRIDGE,
			"01",
			TO_BUS("05",
			       "05")) "\n" HEADER("05:00.0", GPU, VGA, "00",
						  NORMAL) "\n" HEADER("07:00.0", PORT,
								      BRIDGE, "01",
								      TO_BUS("07",
									     "07")) "\n" HEADER("08:00.0",
												PORT,
												BRIDGE,
												"01",
												TO_BUS("09",
												       "08")) "\n" HEADER("09:00.0",
															  PORT,
															  BRIDGE,
															  "01",
															  TO_BUS("08",
																 "09"));
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	assert_int_equal(dump_of(text, &machine, &findings), 0);
	assert_string_equal(at(&machine, "00:01.0")->path, "0000:00:01.0");
	assert_null(at(&machine, "05:00.0")->path);
	assert_null(at(&machine, "07:00.0")->path);
	assert_null(at(&machine, "08:00.0")->path);
	assert_null(at(&machine, "09:00.0")->path);
}

/* The kernel takes it from there too (drivers/pci/probe.c, pci_setup_device). */
static void the_subsystem_of_a_bridge_is_in_a_capability(void **state)
{
	static const char with[] =
		"00:01.0 x\n00: 22 10 83 14 00 00 10 00 00 00 04 06 00 00 01 00\n"
		"10: 00 00 00 00 00 00 00 00 00 01 01 00 00 00 00 00\n20: " ZERO
		"30: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00\n"
		"40: 0d 00 00 00 43 10 15 88 00 00 00 00 00 00 00 00\n"
		"50: " ZERO "60: " ZERO "70: " ZERO "80: " ZERO "90: " ZERO "a0: " ZERO
		"b0: " ZERO "c0: " ZERO "d0: " ZERO "e0: " ZERO "f0: " ZERO;
	static const char without[] =
		HEADER("00:01.0", PORT, BRIDGE, "01", TO_BUS("01", "01"));
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine a = { 0 }, b = { 0 };

	assert_int_equal(dump_of(with, &a, &findings), 0);
	assert_string_equal(identity_text(at(&a, "00:01.0")->id).s,
			    "1022:1483:1043:8815");
	assert_int_equal(dump_of(without, &b, &findings), 0);
	assert_string_equal(identity_text(at(&b, "00:01.0")->id).s,
			    "1022:1483:0000:0000");
}

/* What is between and around the rows in the wild. */
static void the_rest_of_a_listing_is_passed_over(void **state)
{
	cleanup_free char *text = xasprintf(
		"$ lspci -vvvx\r\n\r\n%s\tKernel driver in use: radeon\r\n\t%0500d\n\n"
		"ff: a row of nothing\n%s",
		HEADER("29:00.0", GPU, VGA, "00", NORMAL), 0,
		HEADER("2a:00.0", GPU, VGA, "00", NORMAL));
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	text[strlen(text) - 1] = '\0'; /* no newline at the end */
	assert_int_equal(dump_of(text, &machine, &findings), 0);
	assert_int_equal(findings.n, 0);
	assert_int_equal(machine.functions.n, 2);
	assert_string_equal(identity_text(at(&machine, "2a:00.0")->id).s,
			    "1002:68c8:174b:3000");
}

static void a_function_that_stands_twice_is_kept_once(void **state)
{
	static const char same[] = HEADER("29:00.0", GPU, VGA, "00", NORMAL) "\n" HEADER(
		"0000:29:00.0", GPU, VGA, "00", NORMAL);
	static const char other[] = HEADER("29:00.0", GPU, VGA, "00", NORMAL) "\n" HEADER(
		"29:00.0", PORT, VGA, "00", NORMAL);
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine a = { 0 }, b = { 0 };

	assert_int_equal(dump_of(same, &a, &findings), 0);
	assert_int_equal(a.functions.n, 1);
	assert_int_equal(findings.n, 0);
	assert_int_equal(dump_of(other, &b, &findings), 0);
	assert_int_equal(b.functions.n, 1);
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "bad-dump");
}

static void functions_without_an_answer_are_left_out(void **state)
{
	static const char text[] =
		HEADER("29:00.0", GPU, VGA, "00", NORMAL) "\n2a:00.0 only listed\n\n" HEADER(
			"2b:00.0", "ff ff ff ff", "ff ff ff", "7f",
			NORMAL) "\n2c:00.0 one row\n00: 02 10 c8 68 00 00 10 00 00 00 00 03 00 00 00 00\n"
				"\n123456:00:00.0 x\n00: 02 10 c8 68 00 00 10 00 00 00 00 03 00 00 00 00\n";
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine machine = { 0 };

	assert_int_equal(dump_of(text, &machine, &findings), 0);
	assert_int_equal(machine.functions.n, 1);
	assert_string_equal(identity_device_text(machine.functions.v[0].id).s,
			    "1002:68c8");
	assert_int_equal(findings.n, 2);
	assert_string_equal(findings.v[0].address, "123456:00:00.0");
	assert_string_equal(findings.v[1].message,
			    "3 functions are left out: their bytes are missing, or all "
			    "ff as of a device that does not answer");
}

/* Each would have ended the program, or worse, in libpci. */
static void what_is_no_dump_is_one_error(void **state)
{
	static const char *const rows[] = {
		"00: 02 10 zz\n",
		"00: 02 10 c8 6\n",
		"00: 02  10\n",
		"00: 0210\n",
		"1000: 02 10 c8 68\n",
		"ffffffff: 02 10 c8 68\n",
		"fff: 02 10\n",
		"00: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_free char *text = xasprintf("29:00.0 x\n%s00: 02 10\n", rows[i]);
		cleanup_findings struct findings findings = { 0 };
		struct machine machine;

		assert_int_equal(dump_of(text, &machine, &findings), -EINVAL);
		assert_int_equal(findings.n, 1);
		assert_int_equal(findings.v[0].severity, SEVERITY_ERROR);
		assert_string_equal(findings.v[0].where, "dump:2");
	}
}

static void a_text_without_rows_is_no_dump(void **state)
{
	static const char *const texts[] = { "", "\n", "29:00.0 VGA\n", "00: 02 10\n",
					     "29:20.0 x\n00: 02 10\n" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_findings struct findings findings = { 0 };
		struct machine machine;

		assert_int_equal(dump_of(texts[i], &machine, &findings), -EINVAL);
		assert_int_equal(findings.n, 1);
		assert_string_equal(findings.v[0].message,
				    "no dump that 'lspci -x' printed; expected functions "
				    "with rows of bytes");
	}
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	struct machine machine;

	assert_int_equal(probe_dump(folder_path("missing"), "m", PROBE_NO_NAMES, &machine,
				    &findings),
			 -ENOENT);
	assert_int_equal(mkfifo(folder_path("fifo"), 0600), 0);
	assert_int_equal(
		probe_dump(folder_path("fifo"), "f", PROBE_NO_NAMES, &machine, &findings),
		-EINVAL);
	assert_int_equal(findings.n, 2);
}

/* The same machine, seen by the kernel and by its bytes. */
static void a_dump_agrees_with_sysfs(void **state)
{
	cleanup_findings struct findings findings = { 0 };
	cleanup_machine struct machine sysfs = { 0 }, dump = { 0 };
	cleanup_tree struct tree *tree = NULL;
	cleanup_free char *text = NULL;
	size_t n;

	text = read_whole(TEST_DATA "/machines/base-intel-61-d059.snapshot", &n);
	assert_int_equal(tree_open_snapshot(text, n, "s", &tree, &findings), 0);
	probe_machine(tree, "s", PROBE_NO_NAMES, &sysfs, &findings);
	assert_int_equal(probe_dump(TEST_DATA "/machines/base-intel-61-d059.lspci", "d",
				    PROBE_NO_NAMES, &dump, &findings),
			 0);
	assert_int_equal(findings.n, 0);
	assert_int_equal(dump.functions.n, sysfs.functions.n);
	for (size_t i = 0; i < dump.functions.n; i++) {
		const struct function *a = &sysfs.functions.v[i];
		const struct function *b = &dump.functions.v[i];

		assert_true(bdf_equal(a->bdf, b->bdf));
		assert_true(identity_equal(a->id, b->id));
		assert_int_equal(a->class, b->class);
		assert_int_equal(a->header_type, b->header_type);
		assert_string_equal(a->path, b->path);
	}
}

/* '0000:29:00.0 0300: 1002:68c8 (rev 01)', as lspci -Dn prints it. One line a function,
 * but for those that gave no answer. */
static char *as_lspci(const struct machine *machine)
{
	char *text;
	size_t size;
	FILE *out = xopen_memstream(&text, &size);

	for (size_t i = 0; i < machine->functions.n; i++) {
		const struct function *function = &machine->functions.v[i];

		fprintf(out, "%s %04x: %s\n", bdf_text(function->bdf).s,
			function->class >> 8, identity_device_text(function->id).s);
	}
	fclose(out);
	return text;
}

static char *expected_of(const char *name, size_t *ret_n_silent)
{
	cleanup_free char *path = corpus_path("topology/expected/%s.lspci-Dn.txt", name);
	cleanup_free char *whole = NULL;
	char *text, *save = NULL;
	size_t n, size;
	FILE *out = xopen_memstream(&text, &size);

	*ret_n_silent = 0;
	whole = read_whole(path, &n);
	for (char *line = strtok_r(whole, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *revision = strstr(line, " (");

		if (revision)
			*revision = '\0';
		if (strstr(line, "ffff:ffff"))
			++*ret_n_silent;
		else
			fprintf(out, "%s\n", line);
	}
	fclose(out);
	return text;
}

static void dumps_of_strangers_agree_with_lspci(void **state)
{
	cleanup_strings struct strings names = corpus_list("topology", "x-", ".txt");

	if (!names.n)
		skip();
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = corpus_path("topology/%s.txt", names.v[i]);
		cleanup_findings struct findings findings = { 0 };
		cleanup_machine struct machine machine = { 0 };
		cleanup_free char *got = NULL, *expected = NULL;
		size_t n_silent;

		print_message("%s\n", names.v[i]);
		assert_int_equal(
			probe_dump(path, names.v[i], PROBE_NO_NAMES, &machine, &findings),
			0);
		got = as_lspci(&machine);
		expected = expected_of(names.v[i], &n_silent);
		assert_string_equal(got, expected);
		assert_int_equal(findings.n, n_silent ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_what_their_bytes_say),
		cmocka_unit_test(paths_come_from_the_numbers_of_the_buses),
		cmocka_unit_test(odd_bus_numbers_give_no_path),
		cmocka_unit_test(the_subsystem_of_a_bridge_is_in_a_capability),
		cmocka_unit_test(the_rest_of_a_listing_is_passed_over),
		cmocka_unit_test(a_function_that_stands_twice_is_kept_once),
		cmocka_unit_test(functions_without_an_answer_are_left_out),
		cmocka_unit_test(what_is_no_dump_is_one_error),
		cmocka_unit_test(a_text_without_rows_is_no_dump),
		cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
		cmocka_unit_test(a_dump_agrees_with_sysfs),
		cmocka_unit_test(dumps_of_strangers_agree_with_lspci),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
