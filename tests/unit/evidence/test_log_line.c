/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/log_line.h"
#include "unit/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RELAYED = 1, FOREIGN = 2 };

static const struct {
	const char *line;
	const char *message;
	double time;
	int flags;
} cases[] = {
	/* dmesg */
	{ "[    3.928695] DMAR: x", "DMAR: x", 3.928695, 0 },
	{ "[123456.000001] DMAR: x", "DMAR: x", 123456.000001, 0 },
	{ "[    3.928695][    T1] DMAR: x", "DMAR: x", 3.928695, 0 },
	{ "[    3.928695] [   C12] DMAR: x", "DMAR: x", 3.928695, 0 },
	{ "<6>[    3.928695] DMAR: x", "DMAR: x", 3.928695, 0 },
	{ "kern  :info  : [    3.928695] DMAR: x", "DMAR: x", 3.928695, 0 },
	{ "kern  :warn  : DMAR: x", "DMAR: x", NAN, 0 },
	{ "2026-11-21T09:33:11,000000+00:00 DMAR: x", "DMAR: x", NAN, 0 },
	{ "[Sat Nov 21 09:33:11 2026] DMAR: x", "DMAR: x", NAN, 0 },
	{ "[Nov21 09:33] DMAR: x", "DMAR: x", NAN, 0 },
	{ "[  +0.000123] DMAR: x", "DMAR: x", NAN, 0 },
	{ "[    1.500000 <    0.250000>] DMAR: x", "DMAR: x", 1.5, 0 },
	{ "[<    0.250000>] DMAR: x", "DMAR: x", NAN, 0 },
	{ "DMAR: x", "DMAR: x", NAN, 0 },
	{ "[    3.928695] ", "", 3.928695, 0 },
	{ "[    3.928695]", "", 3.928695, 0 },
	/* /dev/kmsg */
	{ "6,286,1336660,-;pci 0000:00:01.0: x", "pci 0000:00:01.0: x", 1.33666, 0 },
	{ "6,286,1336660,-,caller=T1,new=a;DMAR: x", "DMAR: x", 1.33666, 0 },
	{ "6,1,0,-;Command line: initrd=\\x5cinitrd a\\x1bb\\xzz",
	  "Command line: initrd=\\initrd a\\x1bb\\xzz", 0, 0 },
	{ "14,286,1336660,-;DMAR: x", "DMAR: x", 1.33666, FOREIGN },
	{ "14,286,1336660,-;vfio-bootcfg: x", "vfio-bootcfg: x", 1.33666, 0 },
	{ "6,286,1336660,-", "6,286,1336660,-", NAN, 0 },
	/* the journal, syslog */
	{ "Nov 21 10:20:01 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "Nov  1 10:20:01 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "Nov 21 10:20:01.123456 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "Nov 21 10:20:01   kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "Sat 2026-11-21 10:20:01 UTC host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "2026-11-21T10:20:01+0000 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "2026-11-21T10:20:01.123456+00:00 host kernel: [    0.500000] DMAR: x",
	  "DMAR: x", 0.5, RELAYED },
	{ "1732180801.123456 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "[    3.928695] host kernel: DMAR: x", "DMAR: x", 3.928695, RELAYED },
	{ "[    3.928695] kernel: DMAR: x", "DMAR: x", 3.928695, RELAYED },
	{ "Nov 21 10:20:01 host kernel: [    0.500000] DMAR: x", "DMAR: x", 0.5,
	  RELAYED },
	{ "M\xc3\xa4r 21 10:20:01 host kernel: DMAR: x", "DMAR: x", NAN, RELAYED },
	{ "Nov 21 10:20:01 host gdm-x-session[12]: DMAR: x", "DMAR: x", NAN,
	  RELAYED | FOREIGN },
	{ "Nov 21 10:20:01 host stage-1-init: [Wed Sep 21 23:42:44 UTC 2022] DMAR: x",
	  NULL, NAN, RELAYED | FOREIGN },
	{ "Nov 21 10:20:01 host vfio-bootcfg: 0000:29:00.0: x",
	  "vfio-bootcfg: 0000:29:00.0: x", NAN, RELAYED },
	{ "[    3.928695] host vfio-bootcfg: x", "vfio-bootcfg: x", 3.928695, RELAYED },
	/* a serial console, and what else there is */
	{ "\x1b[32m[    3.928695] \x1b[0m\x1b[33mDMAR: \x1b[0mx", "DMAR: x", 3.928695,
	  0 },
	{ "\x1b"
	  "c\x1b[?7l\x1b[2JBooting from ROM..\r[    0.000000] DMAR: x",
	  "DMAR: x", 0, 0 },
	{ "\r[    3.928695] DMAR: x\r", "DMAR: x", 3.928695, 0 },
	{ "[    3.928695] DMAR: \xffx\x01y\tz  ", "DMAR: ?xy z", 3.928695, 0 },
	{ "[    3.928695] DMAR: \xc3\xa4\xed\xa0\x80", "DMAR: \xc3\xa4???", 3.928695, 0 },
	{ "[drm] Initialized x", "[drm] Initialized x", NAN, 0 },
	{ "[UFW BLOCK] IN=x", "[UFW BLOCK] IN=x", NAN, 0 },
	{ "[Firmware Bug]: 12: x", "[Firmware Bug]: 12: x", NAN, 0 },
	{ "[   22.9100.0: DMAR: x", "[   22.9100.0: DMAR: x", NAN, 0 },
	{ "[root@host ~]# dmesg", "[root@host ~]# dmesg", NAN, 0 },
	{ "", "", NAN, 0 },
	{ "\x1b", "", NAN, 0 },
	{ "\x1b[12", "", NAN, 0 },
	{ "[", "[", NAN, 0 },
	{ "[1", "[1", NAN, 0 },
	{ "[1.", "[1.", NAN, 0 },
	{ "<", "<", NAN, 0 },
	{ "<6>", "", NAN, 0 },
	{ "1,2,3", "1,2,3", NAN, 0 },
	{ "{\"MESSAGE\":\"DMAR: x\"}", "{\"MESSAGE\":\"DMAR: x\"}", NAN, 0 },
};

static void everything_before_the_message_is_taken_off(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].line);
		/* Exactly as long, so that a sanitizer sees a read past it. */
		char *bytes = malloc(n ? n : 1), *buffer = malloc(n + 1);
		struct log_line line;

		memcpy(bytes, cases[i].line, n);
		log_line_parse(bytes, n, buffer, &line);
		if (cases[i].message)
			assert_string_equal(line.message, cases[i].message);
		if (isnan(cases[i].time) != isnan(line.time) ||
		    (!isnan(line.time) && fabs(line.time - cases[i].time) > 1e-9))
			fail_msg("'%s' is at %f", cases[i].line, line.time);
		if (line.is_relayed != !!(cases[i].flags & RELAYED) ||
		    line.is_kernel == !!(cases[i].flags & FOREIGN))
			fail_msg("'%s' is of somebody else", cases[i].line);
		free(bytes);
		free(buffer);
	}
}

static void nul_bytes_are_no_end(void **state)
{
	static const char bytes[] = "\0\0[    1.000000] DMAR: \0x";
	char buffer[sizeof bytes];
	struct log_line line;

	log_line_parse(bytes, sizeof bytes - 1, buffer, &line);
	assert_string_equal(line.message, "DMAR: x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_before_the_message_is_taken_off),
		cmocka_unit_test(nul_bytes_are_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
