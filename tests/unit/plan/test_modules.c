/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules come from each kernel's own index, and one plan serves kernels that differ. */
#include "unit/plan/scene.h"

/* A realtek NIC and a kernel of each kind: virqfd is a module before 6.2 alone. */
static struct function *begin(struct scene *s)
{
	struct kernel *old, *new;

	scene_begin(s);
	old = scene_kernel(s, "6.1.0");
	scene_vfio(old, MODULE_LOADABLE);
	modules_add(&old->reserving, "vfio_virqfd", MODULE_LOADABLE);
	new = scene_kernel(s, "6.12.0");
	scene_vfio(new, MODULE_LOADABLE);
	scene_function(s, "03:00.0", "10ec:8168:1849:8168", 0x020000);
	rule_address(scene_rule(s, "nic"), "03:00.0");
	return scene_index(s);
}

static void assert_list(const struct strings *list, const char *expected)
{
	char *text = strings_join(list, " ");

	assert_string_equal(text, expected);
	free(text);
}

static void a_name_that_one_kernel_lacks_is_not_shared(void **state)
{
	struct scene s;

	begin(&s);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_list(&s.plan.kernels[0].modules,
		    "vfio_pci vfio vfio_iommu_type1 vfio_virqfd");
	assert_list(&s.plan.kernels[1].modules, "vfio_pci vfio vfio_iommu_type1");
	assert_list(&s.plan.modules, "vfio_pci vfio vfio_iommu_type1");
	scene_end(&s);
}

/* Only the first softdep line of a module counts, so what is there must be kept in ours.
 */
static void a_softdep_keeps_what_the_kernel_asks_for(void **state)
{
	struct scene s;
	struct function *nic = begin(&s);
	struct kernel *kernel = &s.system.kernels[1];
	struct softdep *softdep;

	scene_match(kernel, nic, "r8169", MODULE_LOADABLE);
	softdep = array_add(kernel->softdeps, kernel->n_softdeps);
	softdep->module = xstrdup("r8169");
	strings_add(&softdep->pre, "realtek");
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.n_softdeps, 1);
	assert_string_equal(s.plan.softdeps[0].module, "r8169");
	assert_list(&s.plan.softdeps[0].pre, "vfio-pci realtek");
	scene_end(&s);
}

static void a_softdep_that_hides_ours_is_warned_of(void **state)
{
	static const struct {
		const char *where, *pre;
		bool is_warned;
	} cases[] = {
		{ "/etc/modprobe.d/00-user.conf:3", "realtek", true },
		{ "/etc/modprobe.d/00-user.conf:3", "vfio_pci", false },
		{ NULL, "realtek", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;
		struct function *nic = begin(&s);
		struct kernel *kernel = &s.system.kernels[1];
		struct softdep *softdep;
		const struct finding *finding;

		scene_match(kernel, nic, "r8169", MODULE_LOADABLE);
		softdep = array_add(kernel->softdeps, kernel->n_softdeps);
		softdep->module = xstrdup("r8169");
		strings_add(&softdep->pre, cases[i].pre);
		if (cases[i].where)
			softdep->where_before = xstrdup(cases[i].where);
		scene_plan(&s);
		finding = scene_finding(&s, "foreign-configuration");
		assert_int_equal(!!finding, cases[i].is_warned);
		if (finding)
			assert_string_equal(finding->where, cases[i].where);
		scene_end(&s);
	}
}

static void builtin_in_one_kernel_and_module_in_the_other_is_both(void **state)
{
	struct scene s;
	struct function *nic = begin(&s);

	scene_match(&s.system.kernels[0], nic, "r8169", MODULE_LOADABLE);
	scene_match(&s.system.kernels[1], nic, "r8169", MODULE_BUILTIN);
	scene_plan(&s);
	assert_int_equal(s.plan.targets[0].claim, CLAIM_ADDRESS);
	assert_int_equal(s.plan.n_softdeps, 1);
	scene_end(&s);
}

/* Ubuntu 22.04: vfio-pci=y. There is nothing to load, so nothing is listed. */
static void a_builtin_driver_is_not_listed(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "5.15.0"), MODULE_BUILTIN);
	scene_function(&s, "03:00.0", "10ec:8168:1849:8168", 0x020000);
	rule_address(scene_rule(&s, "nic"), "03:00.0");
	scene_match(&s.system.kernels[0], scene_index(&s), "r8169", MODULE_LOADABLE);
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_int_equal(s.plan.modules.n, 0);
	assert_int_equal(s.plan.n_softdeps, 0);
	assert_cmdline(&s, "vfio-pci.ids=10ec:8168 intel_iommu=on");
	scene_end(&s);
}

static void pci_stub_is_listed_alone(void **state)
{
	struct scene s;

	begin(&s);
	free(s.config.driver);
	s.config.driver = xstrdup("pci-stub");
	for (size_t i = 0; i < 2; i++) {
		modules_free(&s.system.kernels[i].reserving);
		modules_add(&s.system.kernels[i].reserving, "pci_stub", MODULE_LOADABLE);
	}
	scene_plan(&s);
	assert_plan_is_good(&s);
	assert_list(&s.plan.modules, "pci_stub");
	assert_cmdline(&s,
		       "rd.driver.pre=pci-stub pci-stub.ids=10ec:8168 intel_iommu=on");
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_one_kernel_lacks_is_not_shared),
		cmocka_unit_test(a_softdep_keeps_what_the_kernel_asks_for),
		cmocka_unit_test(a_softdep_that_hides_ours_is_warned_of),
		cmocka_unit_test(builtin_in_one_kernel_and_module_in_the_other_is_both),
		cmocka_unit_test(a_builtin_driver_is_not_listed),
		cmocka_unit_test(pci_stub_is_listed_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
