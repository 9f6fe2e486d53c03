/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The claim is the simplest one that is exact. */
#include "unit/plan/scene.h"

#define GPU   "1002:68c8:174b:3000"
#define AUDIO "1002:aa60:174b:aa60"

/* A GPU with its audio function at 29:00. */
static void begin(struct scene *s)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "00:01.0", "8086:1901:0000:0000", 0x060400);
	scene_function(s, "29:00.0", GPU, 0x030000);
	scene_function(s, "29:00.1", AUDIO, 0x040300);
	rule_address(scene_rule(s, "gpu"), "29:00.0");
}

static void a_lone_device_is_claimed_by_id(void **state)
{
	struct scene s;

	begin(&s);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 2);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ID);
	assert_int_equal(s.plan.targets[1].claim, CLAIM_ID);
	assert_string_equal(s.plan.targets[0].reason,
			    "no function that the host keeps has id '1002:68c8'");
	scene_end(&s);
}

/* The line that the guides end with, and that users compare. */
static void the_classic_line_is_exact(void **state)
{
	struct scene s;

	begin(&s);
	s.machine.iommu.kind = IOMMU_AMD;
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_cmdline(
		&s,
		"rd.driver.pre=vfio-pci vfio-pci.ids=1002:68c8,1002:aa60 amd_iommu=on");
	scene_end(&s);
}

static void another_board_is_told_apart_by_subsystem(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "2a:00.0", "1002:68c8:1458:2100", 0x030000);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_SUBSYSTEM);
	assert_int_equal(s.plan.targets[1].claim, CLAIM_ID);
	assert_cmdline(&s, "rd.driver.pre=vfio-pci "
			   "vfio-pci.ids=1002:68c8:174b:3000,1002:aa60 intel_iommu=on");
	scene_end(&s);
}

static void true_twins_are_claimed_by_address(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "2a:00.0", GPU, 0x030000);
	scene_function(&s, "2a:00.1", AUDIO, 0x040300);
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 2);
	assert_true(s.plan.needs_early);
	assert_cmdline(
		&s, "rd.driver.pre=vfio-pci vfio_bootcfg.devices="
		    "0000:29:00.0=1002:68c8:174b:3000,0000:29:00.1=1002:aa60:174b:aa60 "
		    "intel_iommu=on");
	scene_end(&s);
}

/* Both twins are wanted: nothing is left that an id could take wrongly. */
static void twins_that_are_both_targets_share_an_id(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "2a:00.0", GPU, 0x030000);
	rule_address(scene_rule(&s, "second"), "2a:00.0");
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_targets, 3);
	assert_cmdline(&s, "rd.driver.pre=vfio-pci vfio-pci.ids=1002:68c8,1002:aa60 "
			   "intel_iommu=on");
	scene_end(&s);
}

static void a_builtin_competitor_is_beaten_by_address(void **state)
{
	struct scene s;

	begin(&s);
	scene_match(&s.system.kernels[0], &scene_index(&s)[1], "radeon", MODULE_BUILTIN);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
	assert_true(strstr(s.plan.targets[0].reason, "'radeon' is built into"));
	assert_int_equal(s.plan.targets[1].claim, CLAIM_ID);
	scene_end(&s);
}

static void a_forced_id_that_takes_a_twin_is_refused(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "2a:00.0", GPU, 0x030000);
	s.config.devices[0].claim = CLAIM_ID;
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "twin-taken");
	assert_string_equal(scene_finding(&s, "twin-taken")->message,
			    "'claim = id' would take 0000:2a:00.0 too, its twin");
	scene_end(&s);
}

static void a_forced_subsystem_is_refused_for_true_twins_only(void **state)
{
	struct scene s;

	begin(&s);
	scene_function(&s, "2a:00.0", "1002:68c8:1458:2100", 0x030000);
	s.config.devices[0].claim = CLAIM_SUBSYSTEM;
	scene_index(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	scene_end(&s);

	begin(&s);
	scene_function(&s, "2a:00.0", GPU, 0x030000);
	s.config.devices[0].claim = CLAIM_SUBSYSTEM;
	scene_index(&s);
	scene_plan(&s);
	assert_refused(&s, "twin-taken");
	scene_end(&s);
}

static void a_claim_by_address_asks_for_the_early_binder(void **state)
{
	struct scene s;

	begin(&s);
	s.config.devices[0].claim = CLAIM_ADDRESS;
	s.system.has_early_binder = false;
	scene_index(&s);
	scene_plan(&s);
	assert_int_equal(scene_finding(&s, "early-binder-missing")->severity,
			 SEVERITY_WARNING);
	scene_end(&s);
}

/* vfio variant drivers have no `ids` parameter. */
static void a_variant_driver_is_bound_by_override(void **state)
{
	struct scene s;

	begin(&s);
	free(s.config.driver);
	s.config.driver = xstrdup("mlx5_vfio_pci");
	modules_free(&s.system.kernels[0].reserving);
	modules_add(&s.system.kernels[0].reserving, "mlx5_vfio_pci", MODULE_LOADABLE);
	scene_index(&s);
	scene_plan(&s);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
	scene_end(&s);
}

/* 102 entries of vvvv:dddd are 1019 characters, 103 are 1029. */
static void ids_past_the_parameter_are_refused(void **state)
{
	for (unsigned n = 102; n <= 103; n++) {
		struct scene s;

		scene_begin(&s);
		scene_vfio(scene_kernel(&s, "6.1.0"), MODULE_LOADABLE);
		for (unsigned i = 0; i < n; i++) {
			char address[20], id[24];

			snprintf(address, sizeof address, "%02x:00.0", i);
			snprintf(id, sizeof id, "1af4:%04x:1af4:0001", 0x2000 + i);
			scene_function(&s, address, id, 0x020000);
			rule_address(scene_rule(&s, "many"), address);
		}
		scene_index(&s);
		scene_plan(&s);
		assert_int_equal(findings_have_errors(&s.findings), n == 103);
		if (n == 103)
			assert_string_equal(
				scene_finding(&s, "ids-too-long")->message,
				"103 ids take 1029 characters, and 'vfio-pci.ids=' holds 1023");
		scene_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lone_device_is_claimed_by_id),
		cmocka_unit_test(the_classic_line_is_exact),
		cmocka_unit_test(another_board_is_told_apart_by_subsystem),
		cmocka_unit_test(true_twins_are_claimed_by_address),
		cmocka_unit_test(twins_that_are_both_targets_share_an_id),
		cmocka_unit_test(a_builtin_competitor_is_beaten_by_address),
		cmocka_unit_test(a_forced_id_that_takes_a_twin_is_refused),
		cmocka_unit_test(a_forced_subsystem_is_refused_for_true_twins_only),
		cmocka_unit_test(a_claim_by_address_asks_for_the_early_binder),
		cmocka_unit_test(a_variant_driver_is_bound_by_override),
		cmocka_unit_test(ids_past_the_parameter_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
