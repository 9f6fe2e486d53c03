/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/config/source.h"

static void assert_faultless(const struct test_config *parsed)
{
	cleanup_free char *text = findings_text(&parsed->findings);

	assert_string_equal(text, "");
}

static void parse_good(const char *text, struct test_config *ret)
{
	parse_text(text, ret);
	assert_faultless(ret);
}

static void every_key_arrives(void **state)
{
	const struct device_rule *gpu;
	struct test_config parsed;

	parse_good("[vfio-bootcfg]\n"
		   "driver = mlx5_vfio_pci\n"
		   "iommu = pt\n"
		   "initramfs = dracut, mkinitcpio\n"
		   "bootloader = none\n"
		   "fallback-entry = no\n"
		   "[device gpu]\n"
		   "address = 29:00.0, 10000:E0:00.1\n"
		   "path = 0:3.1/0.0\n"
		   "id = 1002:68C8 1002:aa60:174b:aa60\n"
		   "functions = listed\n"
		   "claim = subsystem\n"
		   "allow = root-storage, boot-display\n",
		   &parsed);
	assert_string_equal(parsed.config.driver, "mlx5_vfio_pci");
	assert_string_equal(parsed.config.where_driver, "a.conf:2");
	assert_int_equal(parsed.config.iommu, IOMMU_PT);
	assert_int_equal(parsed.config.initramfs.n, 2);
	assert_string_equal(parsed.config.initramfs.v[1], "mkinitcpio");
	assert_int_equal(parsed.config.bootloader.n, 1);
	assert_string_equal(parsed.config.bootloader.v[0], "none");
	assert_false(parsed.config.fallback_entry);

	assert_int_equal(parsed.config.n_devices, 1);
	gpu = &parsed.config.devices[0];
	assert_string_equal(gpu->name, "gpu");
	assert_string_equal(gpu->where, "a.conf:7");
	assert_int_equal(gpu->n_addresses, 2);
	assert_string_equal(bdf_text(gpu->addresses[0]).s, "0000:29:00.0");
	assert_string_equal(bdf_text(gpu->addresses[1]).s, "10000:e0:00.1");
	assert_string_equal(gpu->where_address, "a.conf:8");
	assert_int_equal(gpu->paths.n, 1);
	assert_string_equal(gpu->paths.v[0], "0000:00:03.1/00.0");
	assert_string_equal(gpu->where_path, "a.conf:9");
	assert_int_equal(gpu->n_ids, 2);
	assert_string_equal(identity_pattern_text(&gpu->ids[0]).s, "1002:68c8");
	assert_string_equal(identity_pattern_text(&gpu->ids[1]).s, "1002:aa60:174b:aa60");
	assert_string_equal(gpu->where_id, "a.conf:10");
	assert_int_equal(gpu->functions, FUNCTIONS_LISTED);
	assert_int_equal(gpu->claim, CLAIM_SUBSYSTEM);
	assert_string_equal(gpu->where_claim, "a.conf:12");
	assert_int_equal(gpu->allow.n, 2);
	assert_string_equal(gpu->allow.v[0], "root-storage");
	test_config_free(&parsed);
}

static void what_is_left_out_has_its_default(void **state)
{
	struct test_config parsed;

	parse_good("[device gpu]\nid = 1002:68c8\nallow = ; nothing\n", &parsed);
	assert_string_equal(parsed.config.driver, "vfio-pci");
	assert_null(parsed.config.where_driver);
	assert_int_equal(parsed.config.iommu, IOMMU_ON);
	assert_int_equal(parsed.config.initramfs.n, 0);
	assert_int_equal(parsed.config.bootloader.n, 0);
	assert_true(parsed.config.fallback_entry);
	assert_int_equal(parsed.config.devices[0].functions, FUNCTIONS_ALL);
	assert_int_equal(parsed.config.devices[0].claim, CLAIM_AUTO);
	assert_int_equal(parsed.config.devices[0].allow.n, 0);
	assert_null(parsed.config.devices[0].where_address);
	assert_null(parsed.config.devices[0].where_claim);
	test_config_free(&parsed);
}

/* All of these describe [device gpu] at 0000:29:00.0 and nothing else. */
static void one_device_may_be_written_in_many_ways(void **state)
{
	static const char *const texts[] = {
		"[device gpu]\naddress=29:00.0",
		"[device gpu]\naddress = 0000:29:00.0\n\n",
		"; x\n  [ Device gpu ]\n\tADDRESS\t=\t29:0.0\t# y\n",
		"[device gpu]\r\naddress = 29:00.0\r\n",
		"\xef\xbb\xbf[device gpu]\naddress = 29:00.0\n",
		"[device gpu]\naddress = \"29:00.0\"\n",
		"[device gpu]\naddress = ' 29:00.0 ' ; y\n",
		"[device gpu]\naddress = \\\n  29:00.0\n",
		"[device gpu]\naddress = 29:00.0,\n",
		"[VFIO-BOOTCFG]\nIOMMU = On\n[device gpu]\naddress = 29:00.0\nfunctions = ALL\n",
		"# caf\xc3\xa9\n[device gpu]\naddress = 29:00.0;\xe2\x82\xac\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct test_config parsed;

		parse_good(texts[i], &parsed);
		assert_int_equal(parsed.config.n_devices, 1);
		assert_string_equal(parsed.config.devices[0].name, "gpu");
		assert_int_equal(parsed.config.devices[0].n_addresses, 1);
		assert_string_equal(bdf_text(parsed.config.devices[0].addresses[0]).s,
				    "0000:29:00.0");
		assert_int_equal(parsed.config.devices[0].functions, FUNCTIONS_ALL);
		test_config_free(&parsed);
	}
}

static void yes_and_no_have_the_usual_spellings(void **state)
{
	static const struct {
		const char *word;
		bool is_yes;
	} cases[] = {
		{ "yes", true }, { "True", true },   { "on", true },   { "1", true },
		{ "no", false }, { "false", false }, { "OFF", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *text = xasprintf(
			"[vfio-bootcfg]\nfallback-entry = %s\n[device a]\nid = 1002:68c8\n",
			cases[i].word);
		struct test_config parsed;

		parse_good(text, &parsed);
		assert_int_equal(parsed.config.fallback_entry, cases[i].is_yes);
		test_config_free(&parsed);
	}
}

static void a_later_file_replaces_keys_and_adds_devices(void **state)
{
	static const struct test_file files[FILES_MAX] = {
		{ "a.conf",
		  "[vfio-bootcfg]\ndriver = pci-stub\niommu = pt\ninitramfs = dracut\n[device a]\nid = 1002:68c8\n",
		  0 },
		{ "b.conf", "", 0 },
		{ "c.conf",
		  "[device c]\naddress = 1:0.0\n[vfio-bootcfg]\ndriver = vfio-pci\ninitramfs = auto\n",
		  0 },
	};
	struct test_config parsed;

	parse_files(files, &parsed);
	assert_faultless(&parsed);
	assert_string_equal(parsed.config.driver, "vfio-pci");
	assert_string_equal(parsed.config.where_driver, "c.conf:4");
	assert_int_equal(parsed.config.iommu, IOMMU_PT);
	assert_int_equal(parsed.config.initramfs.n, 0);
	assert_int_equal(parsed.config.n_devices, 2);
	assert_string_equal(parsed.config.devices[0].where, "a.conf:5");
	assert_string_equal(parsed.config.devices[1].where, "c.conf:1");
	test_config_free(&parsed);
}

/* Twins have one id; each is told by its address. */
static void two_devices_may_have_the_same_id(void **state)
{
	struct test_config parsed;

	parse_good("[device a]\nid = 1002:68c8\naddress = 1:0.0\n"
		   "[device b]\nid = 1002:68c8\naddress = 2:0.0\n",
		   &parsed);
	assert_int_equal(parsed.config.n_devices, 2);
	test_config_free(&parsed);
}

static void each_claim_has_the_name_that_sets_it(void **state)
{
	for (enum claim claim = CLAIM_AUTO; claim <= CLAIM_ADDRESS; claim++) {
		cleanup_free char *text = xasprintf(
			"[device a]\nid = 1002:68c8\nclaim = %s\n", claim_name(claim));
		struct test_config parsed;

		parse_good(text, &parsed);
		assert_int_equal(parsed.config.devices[0].claim, claim);
		test_config_free(&parsed);
	}
}

static void the_refusals_are_the_choices_of_allow(void **state)
{
	struct strings refusals cleanup_strings = { 0 };
	cleanup_free char *values = NULL;

	for (size_t i = 0; i < config_n_refusals; i++)
		strings_add(&refusals, config_refusals[i]);
	strings_sort(&refusals);
	assert_int_equal(refusals.n, config_n_refusals);
	for (size_t i = 0; i < config_n_refusals; i++)
		assert_string_equal(refusals.v[i], config_refusals[i]);

	values = strings_join(&refusals, " | ");
	assert_string_equal(config_keys[config_n_keys - 1].name, "allow");
	assert_string_equal(config_keys[config_n_keys - 1].values, values);
}

static void the_example_is_a_configuration(void **state)
{
	char bytes[8192] = "";
	FILE *file = fopen(TEST_DATA "/../docs/example.conf", "re");
	struct test_config parsed;

	assert_non_null(file);
	assert_true(fread(bytes, 1, sizeof bytes - 1, file) > 0);
	fclose(file);
	parse_good(bytes, &parsed);
	assert_int_equal(parsed.config.n_devices, 2);
	test_config_free(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_arrives),
		cmocka_unit_test(what_is_left_out_has_its_default),
		cmocka_unit_test(one_device_may_be_written_in_many_ways),
		cmocka_unit_test(yes_and_no_have_the_usual_spellings),
		cmocka_unit_test(a_later_file_replaces_keys_and_adds_devices),
		cmocka_unit_test(two_devices_may_have_the_same_id),
		cmocka_unit_test(each_claim_has_the_name_that_sets_it),
		cmocka_unit_test(the_refusals_are_the_choices_of_allow),
		cmocka_unit_test(the_example_is_a_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
