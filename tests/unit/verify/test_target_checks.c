/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of one target: is it there, is it bound, and since when. */
#include "unit/verify/gpu.h"

#define ADDED \
	"[    1.000000] vfio_pci: add [1002:68c8[ffffffff:ffffffff]] class 0x000000/00000000\n"

static void a_device_that_moved_is_found(void **state)
{
	struct scene scene cleanup_scene = { 0 };
	struct target *target;

	scene_begin(&scene);
	scene_function(&scene, "0000:2a:00.0", ID, 0x030000, "radeon", 17);
	target = scene_target(&scene, GPU, "1002:68c8");
	target->doubt = xstrdup("'1002:68c8' is at 0000:2a:00.0 now");
	target->doubt_remedy = xstrdup("name its place");
	judge_gpu(&scene, "");
	assert_int_equal(gpu_result(&scene, "target-present")->status, CHECK_FAIL);
	assert_says(gpu_result(&scene, "target-present")->message,
		    "no function is there; '1002:68c8' is at 0000:2a:00.0 now");
	assert_string_equal(gpu_result(&scene, "target-present")->remedy,
			    "name its place; then run 'vfio-bootcfg generate --rebuild'");
	assert_int_equal(gpu_result(&scene, "target-bound")->status, CHECK_FAIL);
	assert_int_equal(gpu_result(&scene, "target-identity")->status, CHECK_UNKNOWN);
}

static void another_device_at_the_address_is_not_the_target(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	scene_begin(&scene);
	scene_function(&scene, GPU, "10de:2684:0000:0000", 0x030000, "vfio-pci", 16);
	scene_function(&scene, "0000:2a:00.0", ID, 0x030000, NULL, 17);
	scene_target(&scene, GPU, ID)->doubt = xstrdup("'" ID "' is at 0000:2a:00.0 now");
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-identity")->message,
		    "it is '10de:2684:0000:0000', and '" ID "' was expected; '" ID
		    "' is at 0000:2a:00.0 now");
	assert_int_equal(scene.verification.verdict, VERDICT_FAIL);
}

/* A twin that got the address has the id, too. */
static void what_may_be_a_twin_is_no_pass(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "vfio-pci");
	scene.plan.targets[0].doubt = xstrdup("it may be the twin");
	scene.plan.is_unresolved = true;
	judge_gpu(&scene, "");
	assert_int_equal(gpu_result(&scene, "target-identity")->status, CHECK_UNKNOWN);
	assert_says(gpu_result(&scene, "target-identity")->message, "may be the twin");
	assert_int_equal(result_of(&scene.verification, "cmdline-applied", NULL)->status,
			 CHECK_UNKNOWN);
	assert_int_equal(scene.verification.verdict, VERDICT_UNKNOWN);
}

static void every_spelling_and_variant_of_the_driver_counts(void **state)
{
	static const struct {
		const char *planned, *driver;
		bool is_bound;
	} cases[] = {
		{ "vfio-pci", "vfio-pci", true },
		{ "vfio_pci", "vfio-pci", true },
		{ "vfio-pci", "mlx5_vfio_pci", true },
		{ "nvgrace_gpu_vfio_pci", "nvgrace-gpu-vfio-pci", true },
		{ "pci-stub", "pci-stub", true },
		{ "pci-stub", "vfio-pci", false },
		{ "vfio-pci", "pci-stub", false },
		{ "vfio-pci", "vfio-pciback", false },
		{ "vfio-pci", "pciback", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, cases[i].driver);
		scene.plan.driver = cases[i].planned;
		judge_gpu(&scene, "");
		assert_int_equal(gpu_result(&scene, "target-bound")->status,
				 cases[i].is_bound ? CHECK_PASS : CHECK_FAIL);
	}
}

static const char rebuild[] = "run 'vfio-bootcfg generate --rebuild'";

static const struct {
	const char *driver, *modules, *cmdline;
	enum claim claim;
	const char *log, *says, *remedy; /* NULL: rebuild */
} causes[] = {
	{ "radeon", "radeon", "vfio_bootcfg=off", CLAIM_ID, "",
	  "told this boot to reserve nothing", "or run 'vfio-bootcfg revert'" },
	{ "radeon", "radeon vfio_pci", "", CLAIM_ADDRESS,
	  "[    1.0] x\n[    1.000000] vfio-bootcfg: 0000:29:00.0: left alone: identity is 10de:0001:0002:0003, expected 1002:68c8:174b:3000\n",
	  "the early binder", "correct the address in the configuration" },
	{ "radeon", "vfio_pci radeon", "", CLAIM_ID,
	  "[    1.000000] vfio-pci 0000:29:00.0: 8086:37c8 exists in vfio-pci device denylist, driver probing disallowed.\n"
	  "[    1.000001] vfio-pci 0000:29:00.0: probe with driver vfio-pci failed with error -22\n",
	  "refused it with error -22", "vfio-pci.disable_denylist=1" },
	{ NULL, "vfio_pci", "", CLAIM_ID,
	  "[    1.000001] vfio-pci: probe of 0000:29:00.0 failed with error -16\n",
	  "because it has virtual functions", "set its sriov_numvfs to 0" },
	{ "radeon", "radeon", "vfio-pci.ids=zz", CLAIM_ID,
	  "[    1.000000] vfio_pci: invalid id string \"zz\"\n",
	  "an entry of ids= is malformed", "correct 'vfio-pci.ids='" },
	{ "radeon", "radeon", "", CLAIM_ID,
	  "[    1.000000] ids: string doesn't fit in 1023 chars.\n", "ids= is longer",
	  "correct 'vfio-pci.ids='" },
	{ "radeon", "radeon", "", CLAIM_ID, "", "'vfio-pci' was never loaded", NULL },
	{ "radeon", "radeon", "", CLAIM_ID,
	  "[    1.000000] Module vfio_pci is blacklisted\n", "was never loaded",
	  "remove 'module_blacklist='" },
	{ "radeon", "radeon", "module_blacklist=nouveau,vfio_pci", CLAIM_ID,
	  "[    1.000000] Module vfio_pci is blacklisted\n",
	  "'module_blacklist=nouveau,vfio_pci' keeps it out",
	  "remove 'module_blacklist=nouveau,vfio_pci'" },
	{ "radeon", "radeon", "modprobe.blacklist=vfio-pci", CLAIM_ID, "",
	  "'modprobe.blacklist=vfio-pci' keeps it out",
	  "remove 'modprobe.blacklist=vfio-pci'" },
	{ "radeon", "vfio_pci radeon", "vfio-pci.ids=10de:1,8086:2", CLAIM_ID, "",
	  "no id that 'vfio-pci' was given fits '1002:68c8'", NULL },
	{ "radeon", "vfio_pci radeon",
	  "vfio_bootcfg.devices=10000:29:00.0=1002:68c8:174b:3000", CLAIM_ADDRESS, "",
	  "'vfio_bootcfg.devices=' on the kernel command line does not name it", NULL },
	{ "radeon", "vfio_pci radeon", "", CLAIM_ADDRESS, "",
	  "the kernel command line has no 'vfio_bootcfg.devices='", NULL },
	{ "radeon", "vfio_pci radeon",
	  "vfio_bootcfg.devices=0000:29:00.0=1002:68c8:174b:3000", CLAIM_ADDRESS, "",
	  "came too late, or was not told", NULL },
	{ "radeon", "radeon vfio_pci", "vfio-pci.ids=1002:68c8", CLAIM_ID, ADDED,
	  "'radeon' was loaded before 'vfio-pci' and took it first",
	  "its softdep loads 'vfio-pci' before 'radeon'" },
	{ "radeon", "radeon vfio_pci", "vfio-pci.ids=1002:68c8", CLAIM_ID, "",
	  "the driver was loaded without the ids of the kernel command line",
	  "BusyBox's modprobe knows 'vfio_pci.ids=' alone" },
	{ NULL, "vfio_pci", "vfio-pci.ids=1002:68c8", CLAIM_ID, ADDED,
	  "no driver holds it: 'vfio-pci' was not told of it, or gave it back", NULL },
};

static void what_is_not_bound_has_one_cause(void **state)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		struct scene scene cleanup_scene = { 0 };
		const struct check_result *result;

		begin_gpu(&scene, causes[i].driver);
		scene.plan.targets[0].claim = causes[i].claim;
		scene_modules(&scene, causes[i].modules);
		scene_cmdline(&scene, causes[i].cmdline, "");
		judge_gpu(&scene, causes[i].log);
		result = gpu_result(&scene, "target-bound");
		assert_int_equal(result->status, CHECK_FAIL);
		assert_says(result->message, causes[i].says);
		assert_says(result->remedy,
			    causes[i].remedy ? causes[i].remedy : rebuild);
		assert_true(result->n_evidence > 0);
	}
}

/* The driver has it, and no machine can use it. */
static void a_device_in_trouble_is_a_warning(void **state)
{
	static const struct {
		const char *log, *says, *remedy;
	} cases[] = {
		{ "not ready 65535ms after resume; giving up",
		  "did not come back from a reset", "vfio-pci.disable_idle_d3=1" },
		{ "Unable to change power state from D3cold to D0, device inaccessible",
		  "gone from the bus", "switch the computer off and on" },
		{ "Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff",
		  "the video BIOS cannot be read", "romfile=" },
		{ "can't enable device: BAR 0 [mem 0x0-0xf] not claimed", "left no room",
		  "Above 4G Decoding" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		char *log cleanup_free =
			xasprintf("[    9.000000] vfio-pci " GPU ": %s\n", cases[i].log);
		const struct check_result *result;

		begin_gpu(&scene, "vfio-pci");
		scene_modules(&scene, "vfio_pci radeon");
		judge_gpu(&scene, log);
		result = gpu_result(&scene, "target-bound");
		assert_int_equal(result->status, CHECK_WARN);
		assert_says(result->message, cases[i].says);
		assert_says(result->remedy, cases[i].remedy);
		assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	}
}

/* What is no module may be built in, unless the files of the kernel say otherwise. */
static void a_driver_that_may_be_built_in_is_not_called_missing(void **state)
{
	static const struct {
		const char *driver, *log;
		enum module_state state; /* MODULE_MISSING: the kernel is not known */
		bool is_missing;
	} cases[] = {
		{ "vfio-pci", "", MODULE_MISSING, true },
		{ "vfio-pci",
		  "[    0.400000] VFIO - User Level meta-driver version: 0.3\n",
		  MODULE_MISSING, false },
		{ "vfio-pci",
		  "[    0.400000] VFIO - User Level meta-driver version: 0.3\n",
		  MODULE_LOADABLE, true },
		{ "vfio-pci", "", MODULE_BUILTIN, false },
		{ "pci-stub", "", MODULE_MISSING, false },
		{ "pci-stub", "", MODULE_LOADABLE, true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		const char *message;

		begin_gpu(&scene, "radeon");
		scene.plan.driver = cases[i].driver;
		scene.kernel.release = (char *)"6.12.1";
		if (cases[i].state != MODULE_MISSING)
			*array_add(scene.plan.kernels, scene.plan.n_kernels) =
				(struct plan_kernel){ .kernel = &scene.kernel,
						      .driver = cases[i].state };
		scene_modules(&scene, "radeon");
		judge_gpu(&scene, cases[i].log);
		message = gpu_result(&scene, "target-bound")->message;
		if ((strstr(message, "was never loaded") != NULL) != cases[i].is_missing)
			fail_msg("case %zu: %s", i, message);
	}
}

static void a_built_in_driver_is_told_from_a_module(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, "xhci_hcd");
	free(scene.machine.functions.v[0].driver_module);
	scene.machine.functions.v[0].driver_module = NULL;
	scene_modules(&scene, "vfio_pci");
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-bound")->message,
		    "'xhci_hcd' is built into this kernel");
	assert_says(gpu_result(&scene, "target-bound")->remedy, "claim = address");
}

static void an_override_to_another_driver_is_named(void **state)
{
	struct scene scene cleanup_scene = { 0 };

	begin_gpu(&scene, NULL);
	scene.machine.functions.v[0].driver_override = xstrdup("pciback");
	scene_modules(&scene, "vfio_pci");
	judge_gpu(&scene, "");
	assert_says(gpu_result(&scene, "target-bound")->message,
		    "its driver_override is 'pciback'");
}

static void who_came_first_is_proven_in_many_ways(void **state)
{
	static const struct {
		const char *modules, *log;
		bool is_builtin; /* the competitor */
		const char *status, *says;
	} cases[] = {
		{ "vfio_pci radeon", "", false, "pass",
		  "no other driver that fits came" },
		{ "vfio_pci", "", false, "pass", "no other driver that fits came" },
		{ "vfio_pci", "", true, "unknown", "'radeon' came before" },
		{ "radeon vfio_pci", "", false, "unknown", "in silence" },
		{ "radeon vfio_pci",
		  "[    1.000000] vfio-bootcfg: 0000:29:00.0: bound to vfio-pci\n", false,
		  "pass", "'vfio-pci' was the first" },
		{ "radeon vfio_pci",
		  "[    1.000000] pci 0000:29:00.0: bus: 'pci': really_probe: probing driver vfio-pci with device\n",
		  false, "pass", "'vfio-pci' was the first" },
		{ "vfio_pci radeon",
		  "[    1.000000] radeon 0000:29:00.0: VRAM: 1024M\n"
		  "[    9.000000] vfio-pci 0000:29:00.0: vgaarb: VGA decodes changed: x\n",
		  false, "warn", "'radeon' had it first, at 1.000 s" },
		/* A stub leaves the device as it is. */
		{ "vfio_pci", "[    1.000000] pci-stub 0000:29:00.0: claimed by stub\n",
		  false, "pass", "no other driver" },
		{ "vfio_pci",
		  "[    1.000000] input: x as /devices/pci0000:00/0000:29:00.0/sound/card0/input1\n",
		  false, "warn", "a driver of the host" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };

		begin_gpu(&scene, "vfio-pci");
		scene.plan.targets[0].competitors[0].is_builtin = cases[i].is_builtin;
		scene_modules(&scene, cases[i].modules);
		judge_gpu(&scene, cases[i].log);
		assert_string_equal(status_of(&scene, "first-claim"), cases[i].status);
		assert_says(gpu_result(&scene, "first-claim")->message, cases[i].says);
		assert_int_equal(scene.verification.verdict, VERDICT_PASS);
	}
}

/* As it is pasted into bug reports. */
static void an_excerpt_shows_what_the_refusal_means(void **state)
{
	static const char refused[] =
		"[    1.000000] vfio-pci: probe of 0000:29:00.0 failed with error -22\n";
	static const struct {
		const char *before, *message, *remedy;
	} cases[] = {
		{ "", "error -22, as where it has no IOMMU group", "firmware setup" },
		{ "[    0.500000] pci 0000:29:00.0: Adding to iommu group 14\n",
		  "error -22", "look at the kernel log" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		cleanup_free char *log = xasprintf("%s%s", cases[i].before, refused);
		const struct check_result *result;

		scene_begin(&scene);
		scene.machine.has_sysfs = false;
		scene.machine.has_functions = false;
		scene_target(&scene, "0000:29:00.0", "1002:68c8");
		scene_log(&scene, log);
		scene_judge(&scene);
		result = result_of(&scene.verification, "target-bound", NULL);
		assert_says(result->message, cases[i].message);
		assert_says(result->remedy, cases[i].remedy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_excerpt_shows_what_the_refusal_means),
		cmocka_unit_test(a_device_that_moved_is_found),
		cmocka_unit_test(another_device_at_the_address_is_not_the_target),
		cmocka_unit_test(what_may_be_a_twin_is_no_pass),
		cmocka_unit_test(every_spelling_and_variant_of_the_driver_counts),
		cmocka_unit_test(what_is_not_bound_has_one_cause),
		cmocka_unit_test(a_device_in_trouble_is_a_warning),
		cmocka_unit_test(a_driver_that_may_be_built_in_is_not_called_missing),
		cmocka_unit_test(a_built_in_driver_is_told_from_a_module),
		cmocka_unit_test(an_override_to_another_driver_is_named),
		cmocka_unit_test(who_came_first_is_proven_in_many_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
