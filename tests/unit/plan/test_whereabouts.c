/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that is not at its place, and its twins, which have its id: the host's own
 * must never be named for it, nor taken. */
#include "unit/plan/scene.h"

#define NIC    "8086:10d3:8086:0000"
#define OTHER  "8086:125c:1849:125c"
#define FIRST  "0000:00:02.0/00.0"
#define SECOND "0000:00:03.0/00.0"
#define THIRD  "0000:00:04.0/00.0"

static void add_nic(struct scene *scene, const char *address, const char *id,
		    const char *path)
{
	struct function *function = scene_function(scene, address, id, 0x020000);

	function->path = path ? xstrdup(path) : NULL;
}

/* What a generate saw that reserved 02:00.0 beside its twin at 01:00.0. */
static void begin(struct scene *scene, const char *path)
{
	struct identity_pattern id;
	struct record_target *target;
	struct record_twin *twin;

	scene_begin(scene);
	scene_vfio(scene_kernel(scene, "6.1.0"), MODULE_LOADABLE);
	assert_true(identity_pattern_parse(NIC, &id));
	target = array_add(scene->record.v, scene->record.n);
	*target = (struct record_target){ .name = xstrdup("nic"),
					  .bdf = { .bus = 2 },
					  .id = id.id,
					  .path = path ? xstrdup(path) : NULL };
	twin = array_add(scene->record.twins, scene->record.n_twins);
	*twin = (struct record_twin){ .bdf = { .bus = 1 }, .id = id.id };
	rule_address(scene_rule(scene, "nic"), "02:00.0");
}

static void end_with(struct scene *scene, const char *code, const char *message)
{
	scene_index(scene);
	scene_plan(scene);
	assert_refused(scene, code);
	assert_message(scene, code, message);
	assert_non_null(scene->plan.targets[0].doubt);
	scene_end(scene);
}

static void a_device_whose_twin_is_left_is_gone(void **state)
{
	static const char message[] =
		"no function is at '0000:02:00.0'; the device is gone: 0000:01:00.0 has "
		"the same id, but was there before as its twin";
	struct scene s;

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "01:00.0", NIC, FIRST);
	end_with(&s, "no-such-device", message);

	/* The same where the configuration has no id: nor is the twin suggested. */
	begin(&s, NULL);
	add_nic(&s, "01:00.0", NIC, NULL);
	end_with(&s, "no-such-device", message);
}

/* Its address has another device now. */
static void a_twin_is_not_where_a_changed_device_is(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	add_nic(&s, "01:00.0", NIC, FIRST);
	add_nic(&s, "02:00.0", OTHER, THIRD);
	end_with(&s, "address-moved",
		 "0000:02:00.0 was '" NIC "' when it was reserved and is '" OTHER
		 "' now; the device is gone: 0000:01:00.0 has the same id, but was there "
		 "before as its twin");

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "01:00.0", NIC, FIRST);
	add_nic(&s, "02:00.0", OTHER, THIRD);
	end_with(&s, "address-moved",
		 "0000:02:00.0 has id '8086:125c', not '8086:10d3'; the device is gone: "
		 "0000:01:00.0 has the same id, but was there before as its twin");
}

/* Every bus number is one higher; the path is what it was. */
static void its_path_tells_it_from_its_twin(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "03:00.0", NIC, FIRST);
	add_nic(&s, "04:00.0", NIC, SECOND);
	end_with(&s, "address-moved",
		 "no function is at '0000:02:00.0'; '8086:10d3' is at 0000:04:00.0 now");
}

static void one_of_several_is_not_said_to_be_it(void **state)
{
	struct scene s;

	begin(&s, NULL);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "01:00.0", NIC, NULL);
	add_nic(&s, "03:00.0", NIC, NULL);
	end_with(
		&s, "address-moved",
		"no function is at '0000:02:00.0'; '8086:10d3' is at 0000:01:00.0, 0000:03:00.0, of which one may be the device after a move, and the others are its twins");
}

/* One was pulled, and the other one has its address now. */
static void a_twin_at_the_address_is_not_taken(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "02:00.0", NIC, FIRST);
	end_with(
		&s, "address-moved",
		"0000:02:00.0 has the id that it had, but it may be the twin of what was reserved there: the path was '" SECOND
		"' and is '" FIRST "' now");

	begin(&s, NULL);
	add_nic(&s, "02:00.0", NIC, NULL);
	end_with(
		&s, "address-moved",
		"0000:02:00.0 has the id that it had, but it may be the twin of what was reserved there: 0000:01:00.0, which had the same id, is not there any more");
}

/* The ids of the section were changed since, and fit neither: that says it all. */
static void a_doubt_is_said_once(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:125c");
	add_nic(&s, "02:00.0", NIC, FIRST);
	add_nic(&s, "05:00.0", OTHER, NULL);
	scene_index(&s);
	scene_plan(&s);
	assert_int_equal(s.findings.n, 1);
	assert_string_equal(s.findings.v[0].code, "address-moved");
	assert_non_null(s.plan.targets[0].doubt);
	scene_end(&s);
}

/* The firmware exchanged the bus numbers: the place by its path is what was reserved, and
 * that is named before the twin. */
static void a_twin_that_got_the_address_is_not_what_is_recommended(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "01:00.0", NIC, SECOND);
	add_nic(&s, "02:00.0", NIC, FIRST);
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "address-moved");
	assert_true(s.plan.is_unresolved);
	assert_message(
		&s, "address-moved",
		"0000:02:00.0 has the id that it had, but the device that was reserved is at 0000:01:00.0 now: its path is '" SECOND
		"', and that of 0000:02:00.0 is '" FIRST "'");
	assert_string_equal(
		s.plan.targets[0].doubt_remedy,
		"name it by 'path = " SECOND
		"' (or 'address = 0000:01:00.0') and not by its old address in [device nic]; 'path = " FIRST
		"' is the twin, for who means that one");
	scene_end(&s);
}

/* It is the host's card that was pulled, or the section names the slot and not the bus.
 */
static void what_did_not_move_is_taken(void **state)
{
	struct scene s;

	begin(&s, SECOND);
	add_nic(&s, "02:00.0", NIC, SECOND);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_null(s.plan.targets[0].doubt);
	assert_false(s.plan.is_unresolved);
	scene_end(&s);

	begin(&s, SECOND);
	strings_add(&s.config.devices[0].paths, FIRST);
	add_nic(&s, "02:00.0", NIC, FIRST);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);

	/* By its id alone, all of them are meant. */
	begin(&s, SECOND);
	s.config.devices[0].n_addresses = 0;
	rule_id(&s.config.devices[0], "8086:10d3");
	add_nic(&s, "02:00.0", NIC, FIRST);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);
}

/* What the host keeps is remembered, virtual functions aside. */
static void twins_are_found(void **state)
{
	struct scene s;

	begin(&s, NULL);
	add_nic(&s, "01:00.0", NIC, NULL);
	add_nic(&s, "02:00.0", NIC, NULL);
	add_nic(&s, "03:00.0", "8086:10d3:1849:0000", NULL);
	add_nic(&s, "03:10.0", NIC, NULL);
	add_nic(&s, "04:00.0", OTHER, NULL);
	s.machine.functions.v[3].is_virtual_function = true;
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_true(s.plan.targets[0].has_twins);
	assert_int_equal(s.plan.n_twins, 2);
	assert_int_equal(s.plan.twins[0]->bdf.bus, 3);
	assert_int_equal(s.plan.twins[1]->bdf.bus, 1);
	scene_end(&s);

	begin(&s, NULL);
	add_nic(&s, "02:00.0", NIC, NULL);
	add_nic(&s, "02:00.1", NIC, NULL);
	scene_index(&s);
	scene_plan(&s);
	assert_false(s.plan.targets[0].has_twins);
	assert_int_equal(s.plan.n_twins, 0);
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_whose_twin_is_left_is_gone),
		cmocka_unit_test(a_twin_is_not_where_a_changed_device_is),
		cmocka_unit_test(its_path_tells_it_from_its_twin),
		cmocka_unit_test(one_of_several_is_not_said_to_be_it),
		cmocka_unit_test(a_twin_at_the_address_is_not_taken),
		cmocka_unit_test(a_doubt_is_said_once),
		cmocka_unit_test(a_twin_that_got_the_address_is_not_what_is_recommended),
		cmocka_unit_test(what_did_not_move_is_taken),
		cmocka_unit_test(twins_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
