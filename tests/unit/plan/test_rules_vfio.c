/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the driver or VFIO would refuse: a target of which it is said, and one of which it
 * is not. */
#include "unit/plan/scene.h"

/* One function, which is the target, and a kernel. */
static struct function *begin(struct scene *s, const char *address, const char *identity,
			      uint32_t class, const char *release)
{
	scene_begin(s);
	scene_vfio(scene_kernel(s, release), MODULE_LOADABLE);
	scene_function(s, address, identity, class);
	rule_address(scene_rule(s, "it"), address);
	return scene_index(s);
}

static struct function *begin_gpu(struct scene *s, uint32_t class, const char *release)
{
	return begin(s, "01:00.0", "10de:2684:1043:88e2", class, release);
}

static void an_iommu_is_no_target(void **state)
{
	struct scene s;

	begin(&s, "00:00.2", "1022:1419:1022:1419", 0x080600, "6.1.0")->iommu_group =
		NO_GROUP;
	scene_plan(&s);
	assert_refused(&s, "target-is-iommu");
	scene_end(&s);

	begin(&s, "00:00.2", "1022:1419:1022:1419", 0x088000, "6.1.0");
	scene_plan(&s);
	assert_int_equal(s.findings.n, 0);
	scene_end(&s);
}

static void the_denylist_of_the_driver_is_known(void **state)
{
	static const struct {
		const char *identity;
		const char *driver;
		const char *cmdline; /* or NULL */
		const char *options; /* or NULL */
		bool refused;
	} cases[] = {
		{ "8086:37c8:8086:0000", "vfio-pci", NULL, NULL, true },
		{ "8086:19e3:8086:0000", "vfio-pci", NULL, NULL, true },
		{ "8086:0cfe:8086:0000", "vfio-pci", NULL, NULL, true },
		{ "8086:37ca:8086:0000", "vfio-pci", NULL, NULL, false },
		{ "1022:37c8:8086:0000", "vfio-pci", NULL, NULL, false },
		{ "8086:37c8:8086:0000", "pci-stub", NULL, NULL, false },
		{ "8086:37c8:8086:0000", "vfio-pci", "vfio_pci.disable_denylist=1", NULL,
		  false },
		{ "8086:37c8:8086:0000", "vfio-pci", "vfio-pci.disable_denylist", NULL,
		  false },
		{ "8086:37c8:8086:0000", "vfio-pci", "vfio-pci.disable_denylist=on", NULL,
		  false },
		{ "8086:37c8:8086:0000", "vfio-pci", "vfio-pci.disable_denylist=off",
		  NULL, true },
		{ "8086:37c8:8086:0000", "vfio-pci", NULL, "disable_denylist=Y", false },
		/* The kernel command line comes last. */
		{ "8086:37c8:8086:0000", "vfio-pci", "vfio-pci.disable_denylist=0",
		  "disable_denylist=Y", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, "3d:00.0", cases[i].identity, 0x0b4000, "6.1.0");
		modules_free(&s.system.kernels[0].reserving);
		modules_add(&s.system.kernels[0].reserving, "pci_stub", MODULE_LOADABLE);
		scene_vfio(&s.system.kernels[0], MODULE_LOADABLE);
		free(s.config.driver);
		s.config.driver = xstrdup(cases[i].driver);
		if (cases[i].cmdline)
			scene_cmdline(&s, cases[i].cmdline);
		if (cases[i].options)
			scene_setting(&s, SETTING_OPTIONS, "vfio_pci", cases[i].options,
				      1);
		scene_plan(&s);
		assert_int_equal(!!scene_finding(&s, "vfio-denylist"), cases[i].refused);
		if (cases[i].refused)
			assert_refused(&s, "vfio-denylist");
		scene_end(&s);
	}
}

static void firmware_that_keeps_memory_mapped_is_warned_of(void **state)
{
	struct scene s;

	begin_gpu(&s, 0x030000, "6.1.0")->has_direct_region = true;
	scene_plan(&s);
	assert_findings(&s, "warning rmrr-device test.conf:3 0000:01:00.0");
	scene_end(&s);
}

/* Since 6.0 the kernel takes the framebuffer away, from VGA functions alone. */
static void a_framebuffer_that_stays_is_warned_of(void **state)
{
	static const struct {
		uint32_t class;
		const char *release, *driver, *framebuffer;
		const char *reason; /* NULL: none */
	} cases[] = {
		{ 0x030000, "5.15.0-91-generic", "vfio-pci", "efifb",
		  "kernel '5.15.0-91-generic' leaves it there" },
		{ 0x030000, "6.0.0", "vfio-pci", "efifb", NULL },
		{ 0x030000, "6.12.107", "vfio-pci", "simpledrm", NULL },
		{ 0x038000, "6.12.107", "vfio-pci", "simpledrm",
		  "the kernel takes it from VGA functions alone" },
		{ 0x030200, "6.12.107", "vfio-pci", "BOOTFB",
		  "the kernel takes it from VGA functions alone" },
		{ 0x030000, "6.12.107", "pci-stub", "efifb",
		  "'pci-stub' leaves it there" },
		{ 0x030200, "5.15.0", "vfio-pci", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct function *gpu;
		struct scene s;

		gpu = begin_gpu(&s, cases[i].class, cases[i].release);
		if (cases[i].framebuffer)
			gpu->framebuffer = xstrdup(cases[i].framebuffer);
		free(s.config.driver);
		s.config.driver = xstrdup(cases[i].driver);
		scene_plan(&s);
		assert_int_equal(!!scene_finding(&s, "framebuffer-overlap"),
				 !!cases[i].reason);
		if (cases[i].reason) {
			const struct finding *f =
				scene_finding(&s, "framebuffer-overlap");

			assert_int_equal(f->severity, SEVERITY_WARNING);
			assert_non_null(strstr(f->message, cases[i].reason));
			assert_non_null(strstr(f->remedy, "sysfb_init"));
		}
		scene_end(&s);
	}
}

static void a_function_without_a_group_is_warned_of(void **state)
{
	struct scene s;

	begin_gpu(&s, 0x030000, "6.1.0")->iommu_group = NO_GROUP;
	scene_plan(&s);
	assert_findings(&s, "warning no-iommu-group test.conf:3 0000:01:00.0");
	scene_end(&s);

	begin_gpu(&s, 0x030000, "6.1.0")->iommu_group = NO_GROUP;
	s.machine.has_sysfs = false; /* a dump has none to show */
	scene_plan(&s);
	assert_findings(&s, "warning safety-unknown - -");
	scene_end(&s);
}

static void virtual_functions_come_and_go(void **state)
{
	struct scene s;

	begin_gpu(&s, 0x020000, "6.1.0")->is_virtual_function = true;
	scene_plan(&s);
	assert_findings(&s, "warning virtual-function test.conf:3 0000:01:00.0");
	scene_end(&s);

	begin_gpu(&s, 0x020000, "6.1.0")->n_virtual_functions = 7;
	scene_plan(&s);
	assert_findings(&s, "warning has-virtual-functions test.conf:3 0000:01:00.0");
	assert_message(&s, "has-virtual-functions",
		       "0000:01:00.0 has 7 virtual functions, and 'vfio-pci' refuses it "
		       "while it has any (error -16)");
	scene_end(&s);
}

static void what_can_be_unplugged_may_come_late(void **state)
{
	struct scene s;

	begin_gpu(&s, 0x030000, "6.1.0")->is_removable = true;
	scene_plan(&s);
	assert_findings(&s, "");
	scene_end(&s);

	begin_gpu(&s, 0x030000, "6.1.0")->is_removable = true;
	s.config.devices[0].claim = CLAIM_ADDRESS;
	scene_plan(&s);
	assert_findings(&s, "warning removable-device test.conf:3 0000:01:00.0");
	scene_end(&s);
}

/* An id waits for it; the early binder, which knows addresses, does not. */
static void what_is_behind_vmd_comes_late(void **state)
{
	static const struct {
		const char *address;
		enum claim claim;
		const char *findings;
	} cases[] = {
		{ "10000:e1:00.0", CLAIM_AUTO,
		  "note vmd-child test.conf:3 10000:e1:00.0" },
		{ "10000:e1:00.0", CLAIM_ADDRESS,
		  "warning late-device test.conf:3 10000:e1:00.0" },
		{ "ffff:e1:00.0", CLAIM_ADDRESS, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, cases[i].address, "144d:a808:144d:a801", 0x010802, "6.1.0");
		s.config.devices[0].claim = cases[i].claim;
		scene_plan(&s);
		assert_findings(&s, cases[i].findings);
		scene_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_iommu_is_no_target),
		cmocka_unit_test(the_denylist_of_the_driver_is_known),
		cmocka_unit_test(firmware_that_keeps_memory_mapped_is_warned_of),
		cmocka_unit_test(a_framebuffer_that_stays_is_warned_of),
		cmocka_unit_test(a_function_without_a_group_is_warned_of),
		cmocka_unit_test(virtual_functions_come_and_go),
		cmocka_unit_test(what_can_be_unplugged_may_come_late),
		cmocka_unit_test(what_is_behind_vmd_comes_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
