/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/log_line.h"
#include "unit/evidence/log.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define BANNER "[    0.000000] Linux version 6.12.1 (x@y) #1\n"

static void only_the_last_boot_counts(void **state)
{
	cleanup_kernel_log struct kernel_log log =
		log_of("[    0.000000] Linux version 6.1.0 (x@y) #1\n"
		       "[    0.000000] Kernel command line: old\n"
		       "[    1.000000] DMAR: IOMMU disabled\n"
		       "[    2.000000] nvme nvme0: pci function 0000:03:00.0\n"
		       "[    0.000000] Linux version 6.12.1 (x@y) #1\n"
		       "[    1.000000] AMD-Vi: Interrupt remapping enabled\n");

	assert_string_equal(log.release, "6.12.1");
	assert_null(log.cmdline);
	assert_int_equal(log.has_start, YES);
	assert_int_equal(log.n_lines, 6);
	assert_int_equal(log.n, 2);
	assert_int_equal(log.v[0].kind, MESSAGE_BOOT);
	assert_int_equal(log.v[0].line, 5);
	assert_int_equal(log.v[1].kind, MESSAGE_REMAPPING_ACTIVE);
	assert_true(log.v[1].time == 1);
	assert_ptr_equal(kernel_log_first(&log, MESSAGE_BOOT), &log.v[0]);
	assert_null(kernel_log_first(&log, MESSAGE_CLAIMED));
}

/* An X server quotes the command line, and people quote banners. */
static void a_quotation_begins_no_boot(void **state)
{
	cleanup_kernel_log struct kernel_log log = log_of(
		"Jun 23 14:21:50 host kernel: Linux version 6.15.3 (x@y) #1\n"
		"Jun 23 14:21:50 host kernel: Kernel command line: a b\n"
		"Jun 23 14:21:51 host kernel: AMD-Vi: Interrupt remapping enabled\n"
		"Jun 23 14:21:55 host gdm-x-session[9]: (II) Kernel command line: c\n"
		"Jun 23 14:21:55 host gdm-x-session[9]: Kernel command line: c\n"
		"Jun 23 14:21:55 host gdm-x-session[9]: Linux version 1.2.3\n");
	cleanup_kernel_log struct kernel_log late =
		log_of(BANNER "[  100.000000] Linux version 1.2.3\n");

	assert_string_equal(log.release, "6.15.3");
	assert_string_equal(log.cmdline, "a b");
	assert_int_equal(count_kind(&log, MESSAGE_REMAPPING_ACTIVE), 1);
	assert_string_equal(late.release, "6.12.1");
	assert_int_equal(late.n, 1);
}

static void the_journal_tells_where_a_boot_ends(void **state)
{
	cleanup_kernel_log struct kernel_log log =
		log_of("-- Journal begins at Mon 2021-06-28 09:22:12 MST. --\n" BANNER
		       "[    1.000000] AMD-Vi: Interrupt remapping enabled\n"
		       "-- Boot 0123456789abcdef0123456789abcdef --\n"
		       "[    5.000000] DMAR: IOMMU enabled\n");

	assert_int_equal(log.has_start, NO);
	assert_null(log.release);
	assert_int_equal(log.n, 1);
	assert_int_equal(log.v[0].kind, MESSAGE_IOMMU_ECHO);
}

static void a_log_without_a_banner_has_lost_its_start(void **state)
{
	cleanup_kernel_log struct kernel_log some = log_of("[    5.0] x\n");
	cleanup_kernel_log struct kernel_log none = log_of("");

	assert_int_equal(some.has_start, NO);
	assert_true(some.is_present);
	assert_int_equal(none.has_start, UNKNOWN);
	assert_int_equal(none.n_lines, 0);
}

/* 7.0 prints 'Kernel command line: a b \' again and again. */
static void a_wrapped_command_line_is_joined(void **state)
{
	cleanup_kernel_log struct kernel_log log =
		log_of("[    0.000000] Command line: early\n"
		       "[    0.000000] Kernel command line: a b \\\n"
		       "[    0.000000] Kernel command line: c=\"d e\" \\\n"
		       "[    0.000000] Kernel command line: f\n"
		       "[    1.000000] x\n");
	cleanup_kernel_log struct kernel_log kmsg =
		log_of("6,1,0,-;Kernel command line: initrd=\\x5ca \\x5c\n"
		       "6,2,0,-;Kernel command line: b\n");

	assert_string_equal(log.cmdline, "a b c=\"d e\" f");
	assert_string_equal(kmsg.cmdline, "initrd=\\a b");
}

static void lines_may_end_as_they_like(void **state)
{
	static const char *const texts[] = {
		"[    1.000000] DMAR: IOMMU enabled",
		"[    1.000000] DMAR: IOMMU enabled\r\n",
		"\n\n[    1.000000] DMAR: IOMMU enabled\n\n",
		"\r\n\r\n[    1.000000] DMAR: IOMMU enabled \r\r\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_kernel_log struct kernel_log log = log_of(texts[i]);

		assert_int_equal(log.n, 1);
		assert_string_equal(log.v[0].text, "DMAR: IOMMU enabled");
		assert_int_equal(log.v[0].line, i < 2 ? 1 : 3);
	}
}

static void only_a_change_of_hands_is_a_claim(void **state)
{
	cleanup_kernel_log struct kernel_log log =
		log_of("[    1.0] pci 0000:03:00.0: PME# supported\n"
		       "[    1.000001] nvme 0000:03:00.0: a\n"
		       "[    1.000002] nvme 0000:03:00.0: b\n"
		       "[    1.000003] e1000e 0000:04:00.0 eth0: c\n"
		       "[    1.000004] pcieport 0000:00:1c.0: AER: x from 0000:03:00.0\n"
		       "[    1.000005] nvme 0000:03:00.0: d\n"
		       "[    1.000006] vfio-pci 0000:03:00.0: e\n"
		       "[    1.000007] nvme 0000:03:00.0: f\n"
		       "[    1.000008] vfio-pci 10000:03:00.0: g\n");
	static const struct {
		const char *bdf, *driver;
	} claims[] = {
		{ "0000:03:00.0", "nvme" },	{ "0000:04:00.0", "e1000e" },
		{ "0000:00:1c.0", "pcieport" }, { "0000:03:00.0", "vfio-pci" },
		{ "0000:03:00.0", "nvme" },	{ "10000:03:00.0", "vfio-pci" },
	};

	assert_int_equal(log.n, sizeof claims / sizeof *claims);
	for (size_t i = 0; i < log.n; i++) {
		assert_int_equal(log.v[i].kind, MESSAGE_CLAIMED);
		assert_string_equal(bdf_text(log.v[i].bdf).s, claims[i].bdf);
		assert_string_equal(log.v[i].driver, claims[i].driver);
		assert_null(log.v[i].message);
	}
}

/* A driver speaks while it probes, and then fails: that was no claim, the next one is. */
static void after_a_failed_probe_a_driver_counts_anew(void **state)
{
	static const char *const failures[] = {
		"vfio-pci: probe of 0000:03:00.0 failed with error -22",
		"vfio-pci 0000:03:00.0: probe with driver vfio-pci failed with error -22",
	};

	for (size_t i = 0; i < 2; i++) {
		cleanup_free char *text =
			xasprintf("[    1.000001] vfio-pci 0000:03:00.0: a\n"
				  "[    1.000002] %s\n"
				  "[    1.000003] vfio-pci 0000:03:00.0: b\n",
				  failures[i]);
		cleanup_kernel_log struct kernel_log log = log_of(text);

		assert_int_equal(log.n, 3);
		assert_int_equal(log.v[0].kind, MESSAGE_CLAIMED);
		assert_int_equal(log.v[1].kind, MESSAGE_PROBE_FAILED);
		assert_int_equal(log.v[1].error, 22);
		assert_int_equal(log.v[2].kind, MESSAGE_CLAIMED);
		assert_string_equal(log.v[2].text, "vfio-pci 0000:03:00.0: b");
	}
}

static void a_line_may_be_a_claim_and_a_fault(void **state)
{
	cleanup_kernel_log struct kernel_log log = log_of(
		"[    1.000000] xhci_hcd 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT x]\n");

	assert_int_equal(log.n, 2);
	assert_int_equal(log.v[0].kind, MESSAGE_CLAIMED);
	assert_int_equal(log.v[1].kind, MESSAGE_DMA_FAULT);
	assert_int_equal(log.v[0].line, log.v[1].line);
}

static void a_long_line_is_cut_and_its_rest_skipped(void **state)
{
	size_t n = 3 * 1024 * 1024, size;
	char *text cleanup_free = xcalloc(n + 200, 1);
	cleanup_kernel_log struct kernel_log log = { 0 };

	/* More than one block of it, and lines before and after. */
	strcpy(text,
	       "[    1.000000] DMAR: IOMMU enabled\n[    1.000001] DMAR: IOMMU disabled ");
	size = strlen(text);
	memset(text + size, 'x', n);
	strcpy(text + size + n,
	       " DMAR: IOMMU enabled\n[    2.000000] AMD-Vi: Interrupt remapping enabled\n");
	read_log(text, strlen(text), &log);
	assert_int_equal(log.n_lines, 3);
	assert_int_equal(log.n, 3);
	assert_int_equal(log.v[1].kind, MESSAGE_IOMMU_OFF);
	assert_true(strlen(log.v[1].text) <= 400);
	assert_int_equal(log.v[2].line, 3);
	assert_int_equal(log.v[2].kind, MESSAGE_REMAPPING_ACTIVE);
}

/* Wherever the blocks that are read end. */
static void every_line_is_read_whatever_its_place(void **state)
{
	static const char line[] =
		"[    1.000000] pci 0000:01:00.0: Adding to iommu group 1\n";
	enum { N = 150000 };
	char *text cleanup_free = xcalloc(N, sizeof line);
	cleanup_kernel_log struct kernel_log log = { 0 };
	size_t n = sizeof line - 1;

	for (size_t i = 0; i < N; i++)
		memcpy(text + i * n, line, n);
	read_log(text, N * n, &log);
	assert_int_equal(log.n_lines, N);
	assert_int_equal(log.n, 65536);
	assert_int_equal(log.n_dropped, N - 65536);
	for (size_t i = 0; i < log.n; i++)
		assert_int_equal(log.v[i].line, i + 1);
}

static void records_of_one_kind_do_not_crowd_out_others(void **state)
{
	enum { N = 10000 };
	size_t size;
	char *text = NULL;
	FILE *out = xopen_memstream(&text, &size);
	cleanup_kernel_log struct kernel_log log = { 0 };

	for (size_t i = 0; i < N; i++)
		fprintf(out,
			"[    1.000000] DMAR: [DMA Read] Request device [01:00.0] fault addr 0\n");
	fprintf(out, "[    2.000000] AMD-Vi: Interrupt remapping enabled\n");
	fclose(out);
	read_log(text, size, &log);
	free(text);
	assert_int_equal(count_kind(&log, MESSAGE_DMA_FAULT), 4096);
	assert_int_equal(count_kind(&log, MESSAGE_REMAPPING_ACTIVE), 1);
	assert_int_equal(log.n_dropped, N - 4096);
}

/* /dev/kmsg: what stands there, then an error, again and again. */
struct kmsg {
	const struct kmsg_step {
		const char *text; /* or NULL: the error */
		int error;
	} * steps;
};

static ssize_t read_kmsg(void *cookie, char *buffer, size_t n)
{
	struct kmsg *kmsg = cookie;
	const struct kmsg_step *step = kmsg->steps++;

	if (!step->text) {
		errno = step->error;
		return -1;
	}
	assert_true(strlen(step->text) <= n);
	memcpy(buffer, step->text, strlen(step->text));
	return (ssize_t)strlen(step->text);
}

static int read_steps(const struct kmsg_step *steps, struct kernel_log *ret)
{
	struct kmsg kmsg = { steps };
	FILE *stream =
		fopencookie(&kmsg, "r", (cookie_io_functions_t){ .read = read_kmsg });
	int r = kernel_log_read(stream, "/dev/kmsg", ret);

	fclose(stream);
	return r;
}

static void kmsg_ends_where_it_would_block(void **state)
{
	static const struct kmsg_step steps[] = {
		{ "5,0,0,-;Linux version 6.12.1 (x@y)\n", 0 },
		{ "6,1,1000000,-;DMAR: IOMMU enabled\n DEVICE=+pci:0000:00:01.0\n", 0 },
		{ NULL, EAGAIN },
	};
	cleanup_kernel_log struct kernel_log log = { 0 };

	assert_int_equal(read_steps(steps, &log), 0);
	assert_int_equal(log.has_start, YES);
	assert_int_equal(log.n, 2);
	assert_true(log.v[1].time == 1);
}

static void what_kmsg_overwrote_is_missed(void **state)
{
	static const struct kmsg_step steps[] = {
		{ "5,0,0,-;Linux version 6.12.1 (x@y)\n", 0 },
		{ NULL, EPIPE },
		{ "6,9,1000000,-;DMAR: IOMMU enabled\n", 0 },
		{ NULL, EAGAIN },
	};
	cleanup_kernel_log struct kernel_log log = { 0 };

	assert_int_equal(read_steps(steps, &log), 0);
	assert_int_equal(log.has_start, NO);
	assert_int_equal(log.n, 2);
}

static void a_failed_read_is_told(void **state)
{
	static const struct kmsg_step steps[] = {
		{ "5,0,0,-;Linux version 6.12.1 (x@y)\n", 0 },
		{ NULL, EIO },
	};
	cleanup_kernel_log struct kernel_log log = { 0 };

	assert_int_equal(read_steps(steps, &log), -EIO);
	assert_false(log.is_present);
}

static ssize_t read_nothing(void *cookie, char *buffer, size_t n)
{
	errno = EPIPE;
	return -1;
}

/* A file that only pretends to be /dev/kmsg. */
static void gaps_without_end_are_an_error(void **state)
{
	FILE *stream =
		fopencookie(NULL, "r", (cookie_io_functions_t){ .read = read_nothing });
	cleanup_kernel_log struct kernel_log log = { 0 };

	assert_int_equal(kernel_log_read(stream, "x", &log), -EPIPE);
	fclose(stream);
}

static void other_forms_do_no_harm(void **state)
{
	static const char *const texts[] = {
		"{\"dmesg\":[{\"pri\":6,\"time\":1.0,\"msg\":\"DMAR: IOMMU enabled\"}]}\n",
		"{\"MESSAGE\":[68,77],\"_SOURCE_MONOTONIC_TIMESTAMP\":\"1\"}\n",
		"\x1f\x8b\x08",
		"\xff\xfe[\0 \0",
		"]]]]]]]]]",
		"[[[[[[[[[[[[",
		"\x1b[",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		cleanup_kernel_log struct kernel_log log = log_of(texts[i]);

		assert_int_equal(log.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_last_boot_counts),
		cmocka_unit_test(a_quotation_begins_no_boot),
		cmocka_unit_test(the_journal_tells_where_a_boot_ends),
		cmocka_unit_test(a_log_without_a_banner_has_lost_its_start),
		cmocka_unit_test(a_wrapped_command_line_is_joined),
		cmocka_unit_test(lines_may_end_as_they_like),
		cmocka_unit_test(only_a_change_of_hands_is_a_claim),
		cmocka_unit_test(after_a_failed_probe_a_driver_counts_anew),
		cmocka_unit_test(a_line_may_be_a_claim_and_a_fault),
		cmocka_unit_test(a_long_line_is_cut_and_its_rest_skipped),
		cmocka_unit_test(every_line_is_read_whatever_its_place),
		cmocka_unit_test(records_of_one_kind_do_not_crowd_out_others),
		cmocka_unit_test(kmsg_ends_where_it_would_block),
		cmocka_unit_test(what_kmsg_overwrote_is_missed),
		cmocka_unit_test(a_failed_read_is_told),
		cmocka_unit_test(gaps_without_end_are_an_error),
		cmocka_unit_test(other_forms_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
