/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A section names exactly the functions that are meant, or says why it cannot. */
#include "unit/plan/scene.h"

#define GPU   "10de:2684:1458:40bf"
#define AUDIO "10de:22ba:1458:40bf"

static void begin(struct scene *s)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "00:01.0", "8086:a70d:0000:0000", 0x060400);
	scene_function(s, "01:00.0", GPU, 0x030000)->path = xstrdup("0000:00:01.0/00.0");
	scene_function(s, "01:00.1", AUDIO, 0x040300);
	scene_function(s, "02:00.0", "8086:125c:1849:125c", 0x020000);
}

static void end_with(struct scene *s, const char *code, const char *message)
{
	scene_index(s);
	scene_plan(s);
	assert_refused(s, code);
	assert_string_equal(scene_finding(s, code)->message, message);
	scene_end(s);
}

static void an_address_is_widened_to_its_slot(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "gpu"), "01:00.1");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 2);
	assert_int_equal(s.plan.targets[0].function->bdf.function, 0);
	scene_end(&s);
}

static void listed_functions_are_not_widened(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "gpu"), "01:00.1")->functions = FUNCTIONS_LISTED;
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 1);
	scene_end(&s);
}

static void a_path_names_the_function_below_its_bridges(void **state)
{
	struct scene s;

	begin(&s);
	strings_add(&scene_rule(&s, "gpu")->paths, "0000:00:01.0/00.0");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 2);
	scene_end(&s);
}

static void an_id_names_every_function_that_has_it(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "03:00.0", GPU, 0x030000);
	rule_id(scene_rule(&s, "gpus"), "10de:2684");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 3);
	assert_string_equal(
		scene_finding(&s, "ambiguous-device")->message,
		"2 functions have id '10de:2684', and all of them are reserved");
	assert_string_equal(
		scene_finding(&s, "ambiguous-device")->remedy,
		"if one of them is meant, name it beside the id in [device gpus]: by 'address = 0000:01:00.0', 'address = 0000:03:00.0', or by its 'path'");
	scene_end(&s);
}

static void an_absent_id_suggests_the_nearest(void **state)
{
	struct scene s;

	begin(&s);
	rule_id(scene_rule(&s, "gpu"), "10de:2704");
	end_with(
		&s, "no-such-device",
		"no device has id '10de:2704' (did you mean '10de:2684' at 0000:01:00.0?)");
}

static void an_absent_address_suggests_the_nearest(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "nic"), "02:00.1");
	end_with(
		&s, "no-such-device",
		"no function is at '0000:02:00.1' (did you mean '0000:01:00.1', a device?)");
}

/* A host bridge differs in two digits, and could not be reserved anyway. */
static void nothing_far_is_suggested(void **state)
{
	static const struct {
		const char *address, *message;
	} cases[] = {
		{ "29:00.0", "no function is at '0000:29:00.0'" },
		{ "10:00.1",
		  "no function is at '0000:10:00.1' (did you mean '0000:01:00.1', a device?)" },
		{ "00:03.0", "no function is at '0000:00:03.0'" },
		{ "12:00.0",
		  "no function is at '0000:12:00.0' (did you mean '0000:02:00.0', a device?)" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s);
		scene_function(&s, "00:00.0", "8086:29c0:1af4:1100", 0x060000);
		scene_function(&s, "00:02.0", "8086:29c0:1af4:1100", 0x060400);
		rule_address(scene_rule(&s, "nic"), cases[i].address);
		end_with(&s, "no-such-device", cases[i].message);
	}
}

static void an_address_that_holds_another_id_has_moved(void **state)
{
	struct scene s;

	begin(&s);
	rule_id(rule_address(scene_rule(&s, "gpu"), "02:00.0"), "10de:2684");
	end_with(
		&s, "address-moved",
		"0000:02:00.0 has id '8086:125c', not '10de:2684'; '10de:2684' is at 0000:01:00.0, which may be the device after a move, or a twin of it");
}

/* An id guards each card that is named, not the first alone. */
static void an_id_vouches_for_its_own_slot(void **state)
{
	struct scene s;

	begin(&s);
	rule_id(rule_address(rule_address(scene_rule(&s, "gpu"), "01:00.0"), "02:00.0"),
		"10de:2684");
	end_with(
		&s, "address-moved",
		"0000:02:00.0 has id '8086:125c', not '10de:2684'; no function has that id");

	begin(&s);
	rule_id(rule_address(rule_address(scene_rule(&s, "gpu"), "01:00.0"), "01:00.1"),
		"10de:2684");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);
}

static void an_empty_address_with_an_id_says_where_the_device_is(void **state)
{
	struct scene s;

	begin(&s);
	rule_id(rule_address(scene_rule(&s, "gpu"), "05:00.0"), "10de:2684");
	end_with(
		&s, "address-moved",
		"no function is at '0000:05:00.0'; '10de:2684' is at 0000:01:00.0, which may be the device after a move, or a twin of it");
}

/* The configuration has an address alone; the last generate saw what was there. */
static void a_recorded_device_that_moved_is_noticed(void **state)
{
	struct scene s;
	struct record_target *was;
	struct identity_pattern id;

	begin(&s);
	rule_address(scene_rule(&s, "gpu"), "02:00.0");
	assert_true(identity_pattern_parse(GPU, &id));
	was = array_add(s.record.v, s.record.n);
	was->name = xstrdup("gpu");
	was->bdf = (struct bdf){ .bus = 2 };
	was->id = id.id;
	end_with(&s, "address-moved",
		 "0000:02:00.0 was '10de:2684:1458:40bf' when it was reserved and is "
		 "'8086:125c:1849:125c' now; '10de:2684' is at 0000:01:00.0 now");
}

/* verify asks the same plan what was to be on the command line. */
static void a_device_that_moved_is_still_claimed_as_it_was(void **state)
{
	struct scene s;
	struct record_target *was;
	struct identity_pattern id;

	begin(&s);
	scene_function(&s, "03:00.0", GPU, 0x030000);
	rule_id(rule_address(scene_rule(&s, "gpu"), "02:00.0"), "10de:2684");
	assert_true(identity_pattern_parse(GPU, &id));
	was = array_add(s.record.v, s.record.n);
	*was = (struct record_target){
		.name = xstrdup("gpu"),
		.bdf = { .bus = 2 },
		.id = id.id,
	};
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "address-moved");
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
	assert_true(s.plan.targets[0].id.has_subsystem);
	assert_true(identity_equal(s.plan.targets[0].id.id, id.id));
	scene_end(&s);
}

static void a_bridge_is_refused(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "bridge"), "00:01.0");
	end_with(
		&s, "target-is-bridge",
		"0000:00:01.0 is a bridge (class 060400), which no virtual machine can be given");

	begin(&s);
	scene_function(&s, "00:00.0", "8086:29c0:1af4:1100", 0x060000);
	scene_index(&s);
	rule_address(scene_rule(&s, "host"), "00:00.0");
	end_with(
		&s, "target-is-bridge",
		"0000:00:00.0 is a bridge (class 060000), which no virtual machine can be given");
}

static void two_sections_may_not_want_one_function(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "gpu"), "01:00.0");
	rule_address(scene_rule(&s, "sound"), "01:00.1")->functions = FUNCTIONS_LISTED;
	end_with(
		&s, "target-repeated",
		"[device sound] and [device gpu] (test.conf:3) both take 0000:01:00.1: 'functions = all' adds the rest of the slot to what is named");

	begin(&s);
	rule_address(scene_rule(&s, "nic"), "02:00.0");
	rule_address(scene_rule(&s, "other"), "02:00.0");
	end_with(&s, "target-repeated",
		 "[device other] and [device nic] (test.conf:3) both name 0000:02:00.0");
}

/* Each names one function, and both are widened to the slot. */
static void a_slot_that_two_sections_want_is_said_once(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(scene_rule(&s, "gpu"), "01:00.0");
	rule_address(scene_rule(&s, "sound"), "01:00.1");
	scene_index(&s);
	scene_plan(&s);
	assert_int_equal(s.findings.n, 1);
	assert_refused(&s, "target-repeated");
	assert_string_equal(
		s.findings.v[0].remedy,
		"name the slot in one section alone, or set 'functions = listed' in both");
	scene_end(&s);
}

static void one_section_may_name_a_function_twice(void **state)
{
	struct scene s;

	begin(&s);
	rule_address(rule_address(scene_rule(&s, "gpu"), "01:00.0"), "01:00.1");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 2);
	scene_end(&s);
}

/* Building an image: the machine at hand is not the one that will boot. */
static void an_id_is_taken_on_trust_for_an_image(void **state)
{
	struct scene s;

	begin(&s);
	s.machine.is_stand_in = true;
	rule_id(scene_rule(&s, "card"), "1002:744c");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_non_null(scene_finding(&s, "device-not-seen"));
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ID);
	assert_cmdline(&s, "rd.driver.pre=vfio-pci vfio-pci.ids=1002:744c "
			   "intel_iommu=on amd_iommu=on");
	scene_end(&s);
}

static void an_address_needs_hardware_to_be_looked_up_in(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
	s.machine.has_functions = s.machine.has_sysfs = false;
	rule_address(scene_rule(&s, "gpu"), "01:00.0")->claim = CLAIM_ADDRESS;
	end_with(&s, "no-such-device",
		 "there is no hardware to look '0000:01:00.0' up in");
}

static void virtual_functions_are_taken_one_by_one(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "02:10.0", "8086:10ed:8086:0000", 0x020000)
		->is_virtual_function = true;
	scene_function(&s, "02:10.2", "8086:10ed:8086:0000", 0x020000)
		->is_virtual_function = true;
	rule_address(scene_rule(&s, "vf"), "02:10.0");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 1);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
	scene_end(&s);
}

/* Each suggestion is a look at all functions, and there may be as many addresses. */
static void only_the_first_absent_addresses_get_a_suggestion(void **state)
{
	size_t n = 0;
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
	scene_function(&s, "01:00.0", "8086:10d3:8086:0000", 0x020000);
	scene_rule(&s, "many");
	for (unsigned i = 0; i < 30; i++) {
		/* One digit is wrong: 00, 02 … 0f, 11 … f1. */
		unsigned bus = i < 15 ? i + (i > 0) : (i - 14) << 4 | 1;
		cleanup_free char *address = xasprintf("%02x:00.0", bus);

		rule_address(&s.config.devices[0], address);
	}
	scene_index(&s);
	scene_plan(&s);
	assert_int_equal(s.findings.n, 30);
	for (size_t i = 0; i < s.findings.n; i++)
		n += strstr(s.findings.v[i].message, "did you mean") != NULL;
	assert_int_equal(n, 20);
	scene_end(&s);
}

static void many_places_of_an_id_are_not_all_named(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
	for (unsigned i = 0; i < 9; i++) {
		cleanup_free char *address = xasprintf("02:%02x.0", i);

		scene_function(&s, address, "8086:10d3:8086:0000", 0x020000);
	}
	rule_id(rule_address(scene_rule(&s, "nic"), "01:00.0"), "8086:10d3");
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "address-moved");
	assert_non_null(strstr(scene_finding(&s, "address-moved")->message,
			       "0000:02:07.0, more, of which one may be"));
	scene_end(&s);
}

static void an_id_that_vouches_for_nothing_is_warned_of(void **state)
{
	static const struct {
		const char *address, *id;
		enum functions_request functions;
		const char *findings;
	} cases[] = {
		{ "01:00.0", "10de:22ba", FUNCTIONS_ALL, "" },
		{ "01:00.0", "10de:22ba", FUNCTIONS_LISTED,
		  "warning no-such-device - -" },
		{ "01:00.0", "8086:125c", FUNCTIONS_ALL, "warning no-such-device - -" },
		{ "01:00.0", "1234:11e8", FUNCTIONS_ALL, "warning no-such-device - -" },
		{ NULL, "8086:125c", FUNCTIONS_ALL, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct device_rule *rule;
		struct scene s;

		begin(&s);
		rule = rule_id(rule_id(scene_rule(&s, "gpu"), "10de:2684"), cases[i].id);
		rule->functions = cases[i].functions;
		if (cases[i].address)
			rule_address(rule, cases[i].address);
		scene_index(&s);
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_widened_to_its_slot),
		cmocka_unit_test(listed_functions_are_not_widened),
		cmocka_unit_test(a_path_names_the_function_below_its_bridges),
		cmocka_unit_test(an_id_names_every_function_that_has_it),
		cmocka_unit_test(an_absent_id_suggests_the_nearest),
		cmocka_unit_test(an_absent_address_suggests_the_nearest),
		cmocka_unit_test(nothing_far_is_suggested),
		cmocka_unit_test(an_address_that_holds_another_id_has_moved),
		cmocka_unit_test(an_id_vouches_for_its_own_slot),
		cmocka_unit_test(an_id_that_vouches_for_nothing_is_warned_of),
		cmocka_unit_test(an_empty_address_with_an_id_says_where_the_device_is),
		cmocka_unit_test(a_recorded_device_that_moved_is_noticed),
		cmocka_unit_test(a_device_that_moved_is_still_claimed_as_it_was),
		cmocka_unit_test(a_bridge_is_refused),
		cmocka_unit_test(two_sections_may_not_want_one_function),
		cmocka_unit_test(a_slot_that_two_sections_want_is_said_once),
		cmocka_unit_test(one_section_may_name_a_function_twice),
		cmocka_unit_test(an_id_is_taken_on_trust_for_an_image),
		cmocka_unit_test(an_address_needs_hardware_to_be_looked_up_in),
		cmocka_unit_test(virtual_functions_are_taken_one_by_one),
		cmocka_unit_test(only_the_first_absent_addresses_get_a_suggestion),
		cmocka_unit_test(many_places_of_an_id_are_not_all_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
