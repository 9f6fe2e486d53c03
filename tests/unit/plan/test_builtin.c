/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is built into a kernel, with the evidence for it. */
#include "unit/plan/scene.h"

/* A USB controller, which is the target, and two kernels; the newer has xhci built in. */
static struct module *begin(struct scene *s, enum module_evidence evidence,
			    const char *release)
{
	struct kernel *old, *new;
	struct function *usb;
	struct module *module;

	scene_begin(s);
	old = scene_kernel(s, "6.1.0-50-amd64");
	scene_vfio(old, MODULE_LOADABLE);
	new = scene_kernel(s, "6.12.107");
	scene_vfio(new, MODULE_LOADABLE);
	scene_function(s, "09:00.0", "1b36:000d:1af4:1100", 0x0c0330);
	rule_address(scene_rule(s, "usb"), "09:00.0");
	usb = scene_index(s);
	old = &s->system.kernels[0];
	scene_match(old, usb, "xhci_pci", MODULE_LOADABLE);
	scene_match(new, usb, "xhci_pci", MODULE_BUILTIN);
	module = &new->matches[0].modules.v[0];
	module->evidence = evidence;
	module->evidence_release = release;
	return module;
}

static void the_evidence_is_in_the_reason(void **state)
{
	static const char old[] = "6.1.0-50-amd64";
	static const struct {
		enum module_evidence evidence;
		const char *release;
		const char *text;
	} cases[] = {
		{ EVIDENCE_BUILTIN_ALIAS, NULL,
		  "known from its alias in modules.builtin.modinfo" },
		{ EVIDENCE_ALIAS, old,
		  "known from its alias in modules.alias of kernel '6.1.0-50-amd64'" },
		{ EVIDENCE_SETTING, NULL, "known from its alias in modprobe.d" },
		{ EVIDENCE_DRIVER, NULL, "known from the driver that holds the device" },
		{ EVIDENCE_DRIVER, old,
		  "known from the driver that holds the device under kernel "
		  "'6.1.0-50-amd64'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_free char *reason = xasprintf(
			"'xhci_pci' is built into kernel '6.12.107' (%s) and probes "
			"before any module",
			cases[i].text);
		struct scene s;

		begin(&s, cases[i].evidence, cases[i].release);
		scene_plan(&s);
		assert_plan_is_good(&s);
		assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
		assert_string_equal(s.plan.targets[0].reason, reason);
		scene_end(&s);
	}
}

static void a_builtin_competitor_is_noted_for_each_target(void **state)
{
	struct scene s;

	begin(&s, EVIDENCE_DRIVER, NULL);
	scene_plan(&s);
	assert_findings(&s, "note competitor-builtin test.conf:3 0000:09:00.0");
	assert_message(
		&s, "competitor-builtin",
		"'xhci_pci' is built into kernel '6.12.107' (known from the driver that "
		"holds the device): it has 0000:09:00.0 before the initramfs "
		"runs, where the early binder takes the device from it");
	scene_end(&s);
}

/* A function that is reserved does not tell who had it before. */
static void the_record_tells_who_held_what_is_reserved_now(void **state)
{
	static const struct {
		const char *id;
		enum claim claim;
	} cases[] = {
		{ "1b36:000d:1af4:1100", CLAIM_ADDRESS },
		{ "1b36:000d:1af4:1101", CLAIM_ID },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct record_builtin *builtin;
		struct identity_pattern id;
		struct scene s;

		scene_begin(&s);
		scene_vfio(scene_kernel(&s, "6.12.107"), MODULE_LOADABLE);
		scene_function(&s, "09:00.0", "1b36:000d:1af4:1100", 0x0c0330);
		rule_address(scene_rule(&s, "usb"), "09:00.0");
		scene_index(&s);
		assert_true(identity_pattern_parse(cases[i].id, &id));
		builtin = array_add(s.record.builtins, s.record.n_builtins);
		builtin->module = xstrdup("xhci_hcd");
		builtin->id = id.id;
		scene_plan(&s);
		assert_int_equal(s.plan.targets[0].claim, cases[i].claim);
		scene_end(&s);
	}
}

static void a_competitor_that_is_a_module_everywhere_is_not_noted(void **state)
{
	struct scene s;

	begin(&s, EVIDENCE_ALIAS, NULL)->state = MODULE_LOADABLE;
	scene_plan(&s);
	assert_int_equal(s.findings.n, 0);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ID);
	assert_null(s.plan.targets[0].competitors[0].builtin_in);
	scene_end(&s);
}

/* What is asked for cannot work, and why is said with the same evidence. */
static void an_id_against_a_builtin_competitor_is_refused(void **state)
{
	struct scene s;

	begin(&s, EVIDENCE_DRIVER, NULL);
	s.config.devices[0].claim = CLAIM_ID;
	scene_plan(&s);
	assert_findings(&s, "error claim-impossible - 0000:09:00.0");
	assert_message(
		&s, "claim-impossible",
		"'claim = id' cannot work: 'xhci_pci' is built into kernel "
		"'6.12.107' (known from the driver that holds the device) and has the "
		"device first");
	assert_non_null(scene_finding(&s, "claim-impossible")->remedy);
	scene_end(&s);
}

static void a_builtin_driver_is_noted_with_its_kernels(void **state)
{
	struct scene s;

	begin(&s, EVIDENCE_ALIAS, NULL)->state = MODULE_LOADABLE;
	for (size_t i = 0; i < 2; i++) {
		modules_free(&s.system.kernels[i].reserving);
		scene_vfio(&s.system.kernels[i], MODULE_BUILTIN);
	}
	scene_plan(&s);
	assert_findings(&s, "note driver-builtin - -");
	assert_message(&s, "driver-builtin",
		       "'vfio-pci' is built into kernel '6.1.0-50-amd64', '6.12.107': "
		       "the kernel command line reaches it there, and modprobe.d does "
		       "not");
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_evidence_is_in_the_reason),
		cmocka_unit_test(a_builtin_competitor_is_noted_for_each_target),
		cmocka_unit_test(the_record_tells_who_held_what_is_reserved_now),
		cmocka_unit_test(a_competitor_that_is_a_module_everywhere_is_not_noted),
		cmocka_unit_test(an_id_against_a_builtin_competitor_is_refused),
		cmocka_unit_test(a_builtin_driver_is_noted_with_its_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
