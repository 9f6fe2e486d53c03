/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a configuration, in the words that its author reads. */
#include "unit/config/source.h"

#define DEVICE "[device gpu]\naddress = 29:00.0\n"

static void assert_faults(const struct test_file *files, const char *expected)
{
	struct test_config parsed;
	cleanup_free char *text = NULL;

	parse_files(files, &parsed);
	text = findings_text(&parsed.findings);
	assert_string_equal(text, expected);
	for (size_t i = 0; i < parsed.findings.n; i++)
		assert_int_equal(parsed.findings.v[i].severity, SEVERITY_ERROR);
	test_config_free(&parsed);
}

struct fault_case {
	const char *text, *expected;
};

static void assert_all_faults(const struct fault_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct test_file files[FILES_MAX] = { { "a.conf", cases[i].text,
							      0 } };

		assert_faults(files, cases[i].expected);
	}
}

#define ASSERT_FAULTS(cases) assert_all_faults(cases, sizeof(cases) / sizeof *(cases))

static void sections_and_keys_that_do_not_exist_are_named(void **state)
{
	static const struct fault_case cases[] = {
		{ "[vfio-bootcf]\nfoo = 1\n" DEVICE,
		  "a.conf:1: config-unknown-section: unknown section '[vfio-bootcf]': expected '[vfio-bootcfg]' or '[device NAME]' (did you mean '[vfio-bootcfg]'?)\n" },
		{ DEVICE "[gpu]\nfoo = 1\n",
		  "a.conf:3: config-unknown-section: unknown section '[gpu]': expected '[vfio-bootcfg]' or '[device NAME]'\n" },
		{ "[device]\naddress = 1\n",
		  "a.conf:1: config-unknown-section: unknown section '[device]': expected '[vfio-bootcfg]' or '[device NAME]'\n" },
		{ "[devcie gpu]\n",
		  "a.conf:1: config-unknown-section: unknown section '[devcie gpu]': expected '[vfio-bootcfg]' or '[device NAME]' (did you mean '[device gpu]'?)\n" },
		{ "[device:gpu]\n",
		  "a.conf:1: config-unknown-section: unknown section '[device:gpu]': expected '[vfio-bootcfg]' or '[device NAME]' (did you mean '[device gpu]'?)\n" },
		{ "[device \"gpu\"]\naddress = 29:00.0\nfoo = 1\n",
		  "a.conf:1: config-value: '\"gpu\"' cannot name a device: expected 1 to 64 of A-Z a-z 0-9 . _ -, the first no . or - (did you mean '[device gpu]'?)\n"
		  "a.conf:3: config-unknown-key: unknown key 'foo': expected 'address', 'path', 'id', 'functions', 'claim' or 'allow'\n" },
		{ "[device my gpu]\naddress = 29:00.0\n",
		  "a.conf:1: config-value: 'my gpu' cannot name a device: expected 1 to 64 of A-Z a-z 0-9 . _ -, the first no . or -\n" },
		{ "[device $(reboot)]\naddress = 29:00.0\n",
		  "a.conf:1: config-value: '$(reboot)' cannot name a device: expected 1 to 64 of A-Z a-z 0-9 . _ -, the first no . or -\n" },
		{ "[device gp\xc3\xbc]\naddress = 29:00.0\n",
		  "a.conf:1: config-syntax: U+00FC stands where only ASCII may: other characters belong in comments\n" },
		{ "[device -x]\naddress = 29:00.0\n",
		  "a.conf:1: config-value: '-x' cannot name a device: expected 1 to 64 of A-Z a-z 0-9 . _ -, the first no . or -\n" },
		{ "[device gpu]\nadress = 29:00.0\n",
		  "a.conf:2: config-unknown-key: unknown key 'adress': expected 'address', 'path', 'id', 'functions', 'claim' or 'allow' (did you mean 'address'?)\n" },
		{ "[vfio-bootcfg]\nClaim = id\n" DEVICE "driver = vfio-pci\n",
		  "a.conf:2: config-unknown-key: key 'Claim' belongs in '[device NAME]'\n"
		  "a.conf:5: config-unknown-key: key 'driver' belongs in '[vfio-bootcfg]'\n" },
		{ "driver = vfio-pci\n" DEVICE,
		  "a.conf:1: config-syntax: key 'driver' stands before the first section: expected '[vfio-bootcfg]' or '[device NAME]'\n" },
	};

	ASSERT_FAULTS(cases);
}

static void values_that_are_none_say_what_was_expected(void **state)
{
	static const struct fault_case cases[] = {
		{ "[vfio-bootcfg]\ndriver = --help\n" DEVICE,
		  "a.conf:2: config-value: '--help' cannot name a driver: expected 1 to 55 of A-Z a-z 0-9 _ -, such as 'vfio-pci'\n" },
		{ "[vfio-bootcfg]\ndriver = vfio-pci foo\n" DEVICE,
		  "a.conf:2: config-value: 'vfio-pci foo' cannot name a driver: expected 1 to 55 of A-Z a-z 0-9 _ -, such as 'vfio-pci'\n" },
		{ "[vfio-bootcfg]\ndriver = a234567890123456789012345678901234567890123456789012345x\n" DEVICE,
		  "a.conf:2: config-value: 'a234567890123456789012345678901234567890123456789012345x' cannot name a driver: expected 1 to 55 of A-Z a-z 0-9 _ -, such as 'vfio-pci'\n" },
		{ "[vfio-bootcfg]\niommu = off\n" DEVICE,
		  "a.conf:2: config-value: 'off' is no value of 'iommu': expected 'on', 'pt' or 'leave'\n" },
		{ "[vfio-bootcfg]\nfallback-entry = yess\niommu =\n" DEVICE,
		  "a.conf:2: config-value: 'yess' is no value of 'fallback-entry': expected 'yes' or 'no' (did you mean 'yes'?)\n"
		  "a.conf:3: config-value: key 'iommu' has no value: expected 'on | pt | leave'\n" },
		{ "[vfio-bootcfg]\ninitramfs = dracut dracutt, dracut\n" DEVICE,
		  "a.conf:2: config-value: 'dracutt' is no value of 'initramfs': expected 'auto', 'none', 'dracut', 'mkinitcpio', 'initramfs-tools', 'booster', 'mkinitfs' or 'nixos' (did you mean 'dracut'?)\n"
		  "a.conf:2: config-value: 'dracut' is listed twice\n" },
		{ DEVICE "id = 10de\n",
		  "a.conf:3: config-value: '10de' is no id: expected 'VVVV:DDDD[:SVVV:SDDD]'\n" },
		{ "[device gpu]\naddress = 1002:68c8, 29:00\nid = 29:00.0\npath = 29:00\n",
		  "a.conf:2: config-value: '1002:68c8' is no address: expected '[DOMAIN:]BUS:DEVICE.FUNCTION' (did you mean 'id = 1002:68c8'?)\n"
		  "a.conf:2: config-value: '29:00' is no address: expected '[DOMAIN:]BUS:DEVICE.FUNCTION'\n"
		  "a.conf:3: config-value: '29:00.0' is no id: expected 'VVVV:DDDD[:SVVV:SDDD]' (did you mean 'address = 29:00.0'?)\n"
		  "a.conf:4: config-value: '29:00' is no path: expected '[DOMAIN:]BUS:DEVICE.FUNCTION[/DEVICE.FUNCTION]...'\n" },
		{ "[device gpu]\naddress = 00:03.1/00.0\n",
		  "a.conf:2: config-value: '00:03.1/00.0' is no address: expected '[DOMAIN:]BUS:DEVICE.FUNCTION' (did you mean 'path = 00:03.1/00.0'?)\n" },
		{ "[device gpu]\naddress = ,\n",
		  "a.conf:2: config-value: key 'address' has no value: expected '[DOMAIN:]BUS:DEVICE.FUNCTION'\n" },
		{ DEVICE "functions = one\nclaim = adress\n",
		  "a.conf:3: config-value: 'one' is no value of 'functions': expected 'all' or 'listed'\n"
		  "a.conf:4: config-value: 'adress' is no value of 'claim': expected 'auto', 'id', 'subsystem' or 'address' (did you mean 'address'?)\n" },
		{ DEVICE "allow = boot-dispaly, twin-taken\n",
		  "a.conf:3: config-value: 'boot-dispaly' is no value of 'allow': expected 'boot-display', 'default-network', 'group-host-device' or 'root-storage' (did you mean 'boot-display'?)\n"
		  "a.conf:3: config-value: 'twin-taken' is no value of 'allow': expected 'boot-display', 'default-network', 'group-host-device' or 'root-storage'\n" },
	};

	ASSERT_FAULTS(cases);
}

static void contradictions_name_both_places(void **state)
{
	static const struct fault_case cases[] = {
		{ "[vfio-bootcfg]\ninitramfs = none, dracut\nbootloader = grub auto\n" DEVICE,
		  "a.conf:2: config-contradiction: 'none' stands alone: 'initramfs' cannot list more beside it\n"
		  "a.conf:3: config-contradiction: 'auto' stands alone: 'bootloader' cannot list more beside it\n" },
		{ DEVICE "[device b]\naddress = 1:0.0, 0000:29:00.0\n",
		  "a.conf:4: config-contradiction: '0000:29:00.0' belongs to [device gpu] already (a.conf:2)\n" },
		{ "[device a]\npath = 0:3.1/0.0\n[device b]\npath = 00:03.1/00.0\n",
		  "a.conf:4: config-contradiction: '0000:00:03.1/00.0' belongs to [device a] already (a.conf:2)\n" },
		{ "[device a]\naddress = 29:00.0 0000:29:0.0\nid = 1002:68c8 1002:68C8\n",
		  "a.conf:2: config-value: '0000:29:00.0' is listed twice\n"
		  "a.conf:3: config-value: '1002:68c8' is listed twice\n" },
		{ DEVICE "[device GPU]\naddress = 1:0.0\n",
		  "a.conf:3: config-repeated-section: section '[device GPU]' began in line 1 already\n" },
		{ DEVICE "Address = 1:0.0\n",
		  "a.conf:3: config-repeated-key: key 'Address' was given in line 2 already\n" },
		{ "[device a]\nclaim = id\n" DEVICE,
		  "a.conf:1: config-incomplete: [device a] names no function: expected 'address', 'path' or 'id'\n" },
	};

	ASSERT_FAULTS(cases);
}

static void a_configuration_without_devices_is_an_error(void **state)
{
	static const struct fault_case cases[] = {
		{ "", "a.conf: config-empty: no '[device NAME]' section\n" },
		{ "\n\n# nothing\n",
		  "a.conf: config-empty: no '[device NAME]' section\n" },
		{ "[vfio-bootcfg]\niommu = pt\n",
		  "a.conf: config-empty: no '[device NAME]' section\n" },
	};
	static const struct test_file two[FILES_MAX] = {
		{ "a.conf", "", 0 }, { "b.conf", "[vfio-bootcfg]\n", 0 }
	};

	ASSERT_FAULTS(cases);
	assert_faults(
		two,
		"a.conf: config-empty: no '[device NAME]' section in any of the 2 files\n");
}

/* iniparser refuses the whole file for its second line; the others are judged all the
 * same. */
static void every_fault_of_every_file_is_said(void **state)
{
	static const struct test_file files[FILES_MAX] = {
		{ "a.conf",
		  "[device a]\nnonsense\nid = 1\n[device b] ; mine\nclaim = x\n", 0 },
		{ "b.conf", "[device \xff]\nid = 1\n[vfio-bootcfg]\niommu = maybe\n", 0 },
		{ "c.conf",
		  "\x7f"
		  "ELF\0\1",
		  6 },
		{ "d.conf", "[device A]\naddress = 1:0.0\n", 0 },
	};

	assert_faults(
		files,
		"a.conf:2: config-syntax: no entry: expected 'KEY = VALUE' or '[SECTION]'\n"
		"a.conf:3: config-value: '1' is no id: expected 'VVVV:DDDD[:SVVV:SDDD]'\n"
		"a.conf:4: config-syntax: text stands behind the ']' of a section: a comment needs a line of its own\n"
		"a.conf:5: config-value: 'x' is no value of 'claim': expected 'auto', 'id', 'subsystem' or 'address'\n"
		"b.conf:1: config-syntax: byte 0xff is not UTF-8\n"
		"b.conf:4: config-value: 'maybe' is no value of 'iommu': expected 'on', 'pt' or 'leave'\n"
		"c.conf:1: config-syntax: a NUL byte: expected text in UTF-8\n"
		"d.conf:1: config-repeated-section: section '[device A]' began at a.conf:1 already\n");
}

static void a_file_past_the_limit_is_refused_with_the_number(void **state)
{
	cleanup_free char *big = xcalloc(CONFIG_SIZE_MAX + 2, 1);
	struct test_file files[FILES_MAX] = { { "a.conf", big, CONFIG_SIZE_MAX + 1 } };
	struct test_config parsed;

	memset(big, '#', CONFIG_SIZE_MAX + 1);
	assert_faults(
		files,
		"a.conf: config-too-large: the file has 1048577 bytes: at most 1048576 are read\n");

	/* The largest file is read: comments, and one device. */
	for (size_t i = 1000; i < CONFIG_SIZE_MAX; i += 1000)
		big[i] = '\n';
	memcpy(big + CONFIG_SIZE_MAX - 31, "\n[device gpu]\naddress = 29:00.0\n", 32);
	files[0].n = CONFIG_SIZE_MAX;
	parse_files(files, &parsed);
	assert_int_equal(parsed.findings.n, 0);
	assert_int_equal(parsed.config.n_devices, 1);
	test_config_free(&parsed);
}

static void more_faults_than_anyone_reads_end_with_their_number(void **state)
{
	cleanup_free char *text = xcalloc(5000, 3);
	struct test_config parsed;

	for (size_t i = 0; i < 4000; i++)
		memcpy(text + 2 * i, "x\n", 2);
	parse_text(text, &parsed);
	assert_int_equal(parsed.findings.n, 1001);
	assert_string_equal(parsed.findings.v[1000].message,
			    "more than 1000 faults: those from here on are not shown");
	test_config_free(&parsed);
}

static void a_copy_that_is_not_there_is_an_error(void **state)
{
	const struct config_source source = { "a.conf", DEVICE, strlen(DEVICE),
					      "/proc/self/fd/-1" };
	struct test_config parsed = { 0 };
	cleanup_free char *text = NULL;

	config_parse(&source, 1, &parsed.config, &parsed.findings);
	text = findings_text(&parsed.findings);
	assert_string_equal(
		text, "a.conf: config-unreadable: iniparser cannot read the file\n");
	test_config_free(&parsed);
}

/* The bytes are judged, the copy is read: values may come from neither alone. */
static void a_copy_that_differs_is_an_error(void **state)
{
	static const char other[] = "[device gpu]\naddress = 28:00.0\n";
	cleanup_free char *path = NULL;
	int fd = sealed_copy(other, strlen(other), &path);
	const struct config_source source = { "a.conf", DEVICE, strlen(DEVICE), path };
	struct test_config parsed = { 0 };

	config_parse(&source, 1, &parsed.config, &parsed.findings);
	assert_int_equal(parsed.findings.n, 1);
	assert_string_equal(parsed.findings.v[0].code, "config-unreadable");
	assert_string_equal(parsed.findings.v[0].where, "a.conf:2");
	test_config_free(&parsed);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_and_keys_that_do_not_exist_are_named),
		cmocka_unit_test(values_that_are_none_say_what_was_expected),
		cmocka_unit_test(contradictions_name_both_places),
		cmocka_unit_test(a_configuration_without_devices_is_an_error),
		cmocka_unit_test(every_fault_of_every_file_is_said),
		cmocka_unit_test(a_file_past_the_limit_is_refused_with_the_number),
		cmocka_unit_test(more_faults_than_anyone_reads_end_with_their_number),
		cmocka_unit_test(a_copy_that_is_not_there_is_an_error),
		cmocka_unit_test(a_copy_that_differs_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
