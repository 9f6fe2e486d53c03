/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What operands leave of a configuration. */
#include "plan/selection.h"
#include "unit/plan/scene.h"

/* Two sections: 'gpu' with an address and its id, 'nics' with an id alone. */
static void begin(struct scene *scene)
{
	struct device_rule *gpu;

	scene_begin(scene);
	scene_function(scene, "29:00.0", "1002:68c8:174b:3000", 0x030000);
	scene_function(scene, "29:00.1", "1002:aa60:174b:aa60", 0x040300);
	scene_function(scene, "2a:00.0", "8086:10d3:8086:a01f", 0x020000);
	scene_function(scene, "2b:00.0", "8086:10d3:8086:a01f", 0x020000);
	scene_function(scene, "2c:00.0", "1b36:0010:1af4:1100", 0x010802);
	scene_index(scene);
	gpu = rule_address(rule_id(scene_rule(scene, "gpu"), "1002:68c8"), "29:00.0");
	gpu->where_address = xstrdup("test.conf:4");
	strings_add(&gpu->allow, "boot-display");
	rule_id(scene_rule(scene, "nics"), "8086:10d3");
}

/* Asserts 'SECTION ADDRESS…', of all sections that are left, and their targets. */
static void assert_selection(const char *operands, const char *sections,
			     const char *targets)
{
	struct scene scene;
	cleanup_strings struct strings words = { 0 }, names = { 0 }, found = { 0 };
	cleanup_free char *got_names = NULL, *got_targets = NULL;

	begin(&scene);
	strings_split(&words, operands, " ");
	select_devices(&scene.config, &words, &scene.machine, NULL, &scene.findings);
	assert_int_equal(scene.findings.n, 0);
	for (size_t i = 0; i < scene.config.n_devices; i++)
		strings_add(&names, scene.config.devices[i].name);
	scene_plan(&scene);
	assert_null(scene_finding(&scene, "address-moved"));
	for (size_t i = 0; i < scene.plan.n_targets; i++)
		strings_add(&found, bdf_text(scene.plan.targets[i].bdf).s + 5);
	got_names = strings_join(&names, " ");
	got_targets = strings_join(&found, " ");
	assert_string_equal(got_names, sections);
	assert_string_equal(got_targets, targets);
	scene_end(&scene);
}

static void operands_name_sections_and_addresses(void **state)
{
	static const struct {
		const char *operands, *sections, *targets;
	} cases[] = {
		{ "", "gpu nics", "29:00.0 29:00.1 2a:00.0 2b:00.0" },
		{ "gpu", "gpu", "29:00.0 29:00.1" },
		{ "GPU", "gpu", "29:00.0 29:00.1" }, /* the case does not matter */
		{ "nics gpu", "gpu nics", "29:00.0 29:00.1 2a:00.0 2b:00.0" },
		{ "29:00.0", "gpu", "29:00.0 29:00.1" },
		{ "0000:29:00.1", "gpu", "29:00.0 29:00.1" }, /* of its slot */
		{ "2b:00.0", "nics", "2b:00.0" }, /* one of those that it reserves */
		{ "2c:00.0", "command-line", "2c:00.0" },
		{ "gpu 29:00.0 2c:00.0", "gpu command-line", "29:00.0 29:00.1 2c:00.0" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_selection(cases[i].operands, cases[i].sections, cases[i].targets);
}

/* Its ids vouch for what its section is right about, and for no more. */
static void a_companion_of_another_card_is_refused(void **state)
{
	cleanup_strings struct strings words = { 0 };
	struct scene scene;

	begin(&scene);
	scene.config.devices[0].ids[0].id.device = 0x68c9;
	strings_add(&words, "29:00.1");
	select_devices(&scene.config, &words, &scene.machine, NULL, &scene.findings);
	scene_plan(&scene);
	assert_refused(&scene, "address-moved");
	scene_end(&scene);
}

static void an_address_keeps_what_its_section_allows(void **state)
{
	cleanup_strings struct strings words = { 0 };
	struct scene scene;

	begin(&scene);
	strings_add(&words, "29:00.1");
	select_devices(&scene.config, &words, &scene.machine, NULL, &scene.findings);
	assert_true(strings_has(&scene.config.devices[0].allow, "boot-display"));
	scene_end(&scene);
}

static void an_address_leaves_the_rest_of_a_path_section(void **state)
{
	cleanup_strings struct strings words = { 0 };
	struct scene scene;
	struct device_rule *old;

	begin(&scene);
	scene.machine.functions.v[4].path = xstrdup("0000:00:01.0/00.0");
	scene.machine.functions.v[3].path = xstrdup("0000:00:02.0/00.0");
	functions_index(&scene.machine.functions);
	old = scene_rule(&scene, "old");
	strings_add(&old->paths, "0000:00:01.0/00.0");
	strings_add(&old->paths, "0000:00:02.0/00.0");
	strings_add(&words, "2c:00.0");
	select_devices(&scene.config, &words, &scene.machine, NULL, &scene.findings);
	scene_plan(&scene);
	assert_string_equal(scene.config.devices[0].name, "old");
	assert_int_equal(scene.plan.n_targets, 1);
	scene_end(&scene);
}

static void what_is_neither_is_an_error(void **state)
{
	cleanup_strings struct strings words = { 0 };
	struct scene scene;

	begin(&scene);
	strings_add(&words, "gpus");
	select_devices(&scene.config, &words, &scene.machine, NULL, &scene.findings);
	assert_message(
		&scene, "no-such-device",
		"no device section is called 'gpus', and it is no address such as '29:00.0'");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operands_name_sections_and_addresses),
		cmocka_unit_test(a_companion_of_another_card_is_refused),
		cmocka_unit_test(an_address_keeps_what_its_section_allows),
		cmocka_unit_test(an_address_leaves_the_rest_of_a_path_section),
		cmocka_unit_test(what_is_neither_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
