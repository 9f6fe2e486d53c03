/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "sys/redact.h"
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_redacted(const char *text, const char *expected)
{
	cleanup_redactor struct redactor *redactor = redactor_new("tower.example.org");
	cleanup_free char *result = redact(redactor, text);

	assert_string_equal(result, expected);
}

static void what_tells_whose_machine_it_is_goes(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "root=UUID=0f2c8e1a-9b3d-4c5e-8f70-112233445566 ro",
		  "root=UUID=redacted-1 ro" },
		{ "root=UUID=4A2B-11CD ro", "root=UUID=redacted-1 ro" },
		{ "root=PARTUUID=0a1b2c3d-02 ro", "root=PARTUUID=redacted-1 ro" },
		{ "root=\"LABEL=My Disk\"", "root=\"LABEL=redacted-1 Disk\"" },
		{ "rd.luks.uuid=luks-0f2c8e1a-9b3d-4c5e-8f70-112233445566",
		  "rd.luks.uuid=luks-redacted-1" },
		{ "/dev/disk/by-id/nvme-Vendor_S4EWNX0R", "/dev/disk/by-id/redacted-1" },
		{ "dev-disk-by\\x2dlabel-box.device - /dev/disk/by-label/box...",
		  "dev-disk-by\\x2dlabel-redacted-1.device - "
		  "/dev/disk/by-label/redacted-1..." },
		{ "BTRFS: device label fedora devid 1",
		  "BTRFS: device label redacted-1 devid 1" },
		{ "systemd[1]: Hostname set to <box>.",
		  "systemd[1]: Hostname set to <redacted-1>." },
		{ "/dev/mapper/vg_tower-root", "/dev/mapper/vg_redacted-1-root" },
		{ "towers tower1 tower.", "towers tower1 redacted-1." },
		{ "eth0: address 52:54:00:12:34:56", "eth0: address redacted-1" },
		{ "renamed to enx525400123456: ok", "renamed to enxredacted-1: ok" },
		{ "from 192.168.1.20.", "from redacted-1." },
		{ "from fe80::5054:ff:fe12:3456: up", "from redacted-1: up" },
		{ "ip=10.0.0.2::10.0.0.1:255.0.0.0:box:eth0:off ro", "ip=redacted-1 ro" },
		{ "ip=box ro", "ip=redacted-1 ro" },
		{ "usb 1-2: SerialNumber: 00 A1", "usb 1-2: SerialNumber: redacted-1" },
		{ "systemd.machine_id=0123456789abcdef0123456789abcdef",
		  "systemd.machine_id=redacted-1" },
		{ "Linux version 6.12.1 (me@box) (gcc 14) #1 SMP",
		  "Linux version 6.12.1 (redacted-1) (gcc 14) #1 SMP" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_redacted(cases[i].text, cases[i].expected);
}

/* Whoever reads the report needs these. */
static void what_names_devices_and_versions_stays(void **state)
{
	static const char *const cases[] = {
		"",
		"pci 0000:00:1f.2: [8086:2922] type 00 class 0x010601",
		"pci 10000:e1:00.0: Adding to iommu group 16",
		"vfio_pci: add [1002:68c8[174b:3000]] class 0x000000/00000000",
		"vfio-pci.ids=1b36:000d,1b36:0010,10ec:8139,1234:1111,8086:293e",
		"vfio_bootcfg.devices=0000:29:00.0=1002:68c8:174b:3000",
		"12:34:56 up, 00:11:22, std::string ::",
		"BAR 0: [mem 0xfe000000-0xfe0000ff 64bit pref]",
		"Linux version 6.1.0-50-amd64 (gcc-12 (Debian 12.2.0) 12.2.0) #1",
		"Command line: BOOT_IMAGE=/vmlinuz-6.12.1 root=/dev/mapper/root ro",
		"rtc_cmos 00:03: RTC can wake from S4",
		"microcode: updated early: 0xf0 -> 0xf8, date = 2023-09-28",
		"PM: hibernation: Registered nosave memory: [mem 0x0-0xfff]",
		"listens on 0.0.0.0, 00:00:00:00:00:00 00000000000000000000000000000000",
		"UUID=",
		"LABEL= x",
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_redacted(cases[i], cases[i]);
}

static void the_same_value_has_the_same_placeholder(void **state)
{
	cleanup_redactor struct redactor *redactor = redactor_new(NULL);
	cleanup_free char *first = redact(
		redactor, "a UUID=4A2B-11CD b 0F2C8E1A-9B3D-4C5E-8F70-112233445566");
	cleanup_free char *second =
		redact(redactor, "UUID=0f2c8e1a-9b3d-4c5e-8f70-112233445566 10.0.0.1 "
				 "by-uuid/4A2B-11CD");

	assert_string_equal(first, "a UUID=redacted-1 b redacted-2");
	assert_string_equal(second, "UUID=redacted-2 redacted-3 by-uuid/redacted-1");
}

/* A log may be of any length, and what was seen in it is kept. */
static void past_thousands_of_values_the_placeholder_has_no_number(void **state)
{
	cleanup_redactor struct redactor *redactor = redactor_new(NULL);

	for (int i = 0; i < 5000; i++) {
		char text[40], expected[40];
		cleanup_free char *result = NULL;

		snprintf(text, sizeof text, "10.%d.%d.1", i / 250, i % 250);
		snprintf(expected, sizeof expected, i < 4096 ? "redacted-%d" : "redacted",
			 i + 1);
		result = redact(redactor, text);
		assert_string_equal(result, expected);
	}
}

/* Each of these took minutes when every word was read to the end of the line. */
static void long_lines_take_no_longer_than_their_bytes(void **state)
{
	static const char *const parts[] = { "aa:",	  "a:",	 "1.", "ip=",
					     "aaaaaaaa-", "enx", "a",  "LABEL=x\"" };
	cleanup_redactor struct redactor *redactor = redactor_new(NULL);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		enum { REPEATS = 300000 };
		size_t n = strlen(parts[i]);
		cleanup_free char *text = xcalloc(REPEATS * n + 1, 1);
		cleanup_free char *result = NULL;

		for (size_t r = 0; r < REPEATS; r++)
			memcpy(text + r * n, parts[i], n);
		result = redact(redactor, text);
		assert_true(strlen(result) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_tells_whose_machine_it_is_goes),
		cmocka_unit_test(what_names_devices_and_versions_stays),
		cmocka_unit_test(the_same_value_has_the_same_placeholder),
		cmocka_unit_test(past_thousands_of_values_the_placeholder_has_no_number),
		cmocka_unit_test(long_lines_take_no_longer_than_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
