/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/report/nouns.h"

#include <jansson.h>

static void a_function_has_every_key_in_its_order(void **state)
{
	static const struct sketch sketches[] = {
		{ "29:00.0", "1002:68c8:174b:3000", 0x030000, "radeon", "Cedar", 14 },
		{ "10000:01:00.0", "1022:1419:0000:0000", 0x080600, NULL, "IOMMU",
		  NO_GROUP },
	};
	cleanup_machine struct machine machine = { .has_functions = true,
						   .has_sysfs = true };
	cleanup_system struct system system = { 0 };
	struct function *gpu;

	add_function(&machine, &sketches[0]);
	add_function(&machine, &sketches[1]);
	gpu = &machine.functions.v[0];
	gpu->path = xstrdup("0000:00:03.1/00.0");
	gpu->is_boot_display = YES;
	strings_add(&gpu->uses, "/");
	machine.functions.v[1].is_boot_display = NO;
	functions_index(&machine.functions);
	add_kernel(&system, "6.1.0", &machine.functions.v[0], "amdgpu radeon");
	add_kernel(&system, "6.12.0", &machine.functions.v[0], "+radeon");
	CATCH(text, report_list_json(out, &machine, &system));
	assert_string_equal(
		text,
		"{\"schema\":\"vfio-bootcfg.list/1\",\"functions\":[\n"
		"{\"address\":\"0000:29:00.0\",\"path\":\"0000:00:03.1/00.0\",\"vendor\":\"1002\",\"device\":\"68c8\","
		"\"subsystem_vendor\":\"174b\",\"subsystem_device\":\"3000\",\"class\":\"030000\",\"description\":\"Cedar\","
		"\"iommu_group\":14,\"driver\":\"radeon\",\"competitors\":[{\"module\":\"amdgpu\",\"builtin\":false},"
		"{\"module\":\"radeon\",\"builtin\":true}],\"boot_display\":true,\"uses\":[\"/\"],\"twins\":[]},\n"
		"{\"address\":\"10000:01:00.0\",\"path\":null,\"vendor\":\"1022\",\"device\":\"1419\","
		"\"subsystem_vendor\":\"0000\",\"subsystem_device\":\"0000\",\"class\":\"080600\",\"description\":\"IOMMU\","
		"\"iommu_group\":null,\"driver\":null,\"competitors\":[],\"boot_display\":false,\"uses\":[],\"twins\":[]}\n"
		"]}\n");
}

/* Not asked is not the same as none: an image build has no kernel to ask. */
static void competitors_are_null_without_a_kernel(void **state)
{
	static const struct sketch sketch = { "1:0.0",	"1002:68c8:174b:3000",
					      0x030000, NULL,
					      "",	0 };
	cleanup_machine struct machine machine = { .has_functions = true };

	add_function(&machine, &sketch);
	functions_index(&machine.functions);
	CATCH(text, report_list_json(out, &machine, NULL));
	assert_non_null(strstr(text, "\"competitors\":null,\"boot_display\":null,"));
	assert_non_null(strstr(text, "\"iommu_group\":0,"));
}

/* A dump of config space: whoever asks for what is not in use must not be told all. */
static void uses_are_null_without_sysfs(void **state)
{
	static const struct sketch sketch = { "1:0.0",	"1002:68c8:174b:3000",
					      0x030000, NULL,
					      "",	NO_GROUP };
	cleanup_machine struct machine machine = { .has_functions = true };

	add_function(&machine, &sketch);
	functions_index(&machine.functions);
	CATCH(text, report_list_json(out, &machine, NULL));
	assert_non_null(strstr(text, "\"boot_display\":null,\"uses\":null,"));
}

static void an_empty_machine_is_an_empty_list(void **state)
{
	cleanup_machine struct machine machine = { 0 };

	CATCH(text, report_list_json(out, &machine, NULL));
	assert_string_equal(text,
			    "{\"schema\":\"vfio-bootcfg.list/1\",\"functions\":[\n]}\n");
}

static void whatever_bytes_a_device_has_it_is_json(void **state)
{
	static const struct sketch sketch = {
		"1:0.0",	 "1234:1111:1af4:1100",	    0x030000,
		"a\xff\"\\\033", "caf\xc3\xa9\x01\xe2\x82", 1
	};
	cleanup_machine struct machine machine = { .has_functions = true };
	json_t *value;

	add_function(&machine, &sketch);
	functions_index(&machine.functions);
	CATCH(text, report_list_json(out, &machine, NULL));
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
	value = json_loads(text, 0, NULL);
	assert_non_null(value);
	json_decref(value);
	assert_non_null(strstr(text, "\"a\\uFFFD\\\"\\\\\\u001B\""));
	assert_non_null(strstr(text, "\"caf\\u00E9\\u0001\\uFFFD\\uFFFD\""));
}

static void at_most_64_twins_are_listed(void **state)
{
	cleanup_machine struct machine machine = { .has_functions = true };
	json_t *value, *functions, *twins;

	for (int i = 0; i < 100; i++) {
		char address[16];
		struct sketch sketch = { address,  "8086:1889:8086:0000",
					 0x020000, "iavf",
					 "VF",	   i };

		snprintf(address, sizeof address, "01:%02x.%x", i >> 3, i & 7);
		add_function(&machine, &sketch);
	}
	functions_index(&machine.functions);
	CATCH(text, report_list_json(out, &machine, NULL));
	value = json_loads(text, 0, NULL);
	functions = json_object_get(value, "functions");
	assert_int_equal(json_array_size(functions), 100);
	twins = json_object_get(json_array_get(functions, 0), "twins");
	assert_int_equal(json_array_size(twins), 64);
	assert_string_equal(json_string_value(json_array_get(twins, 0)), "0000:01:00.1");
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_has_every_key_in_its_order),
		cmocka_unit_test(competitors_are_null_without_a_kernel),
		cmocka_unit_test(uses_are_null_without_sysfs),
		cmocka_unit_test(an_empty_machine_is_an_empty_list),
		cmocka_unit_test(whatever_bytes_a_device_has_it_is_json),
		cmocka_unit_test(at_most_64_twins_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
