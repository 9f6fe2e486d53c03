/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is built into a kernel and takes a function, and what tells so. */
#include "probe/kernels.h"

#include "unit/probe/root.h"

#define assert_matches(site, kernel, function, expected)                     \
	do {                                                                 \
		char *matches_ = site_matches((site), (kernel), (function)); \
		assert_string_equal(matches_, (expected));                   \
		free(matches_);                                              \
	} while (0)

/* Before kernel 7 the index of a kernel does not say what its built-in drivers take. */
static void a_driver_that_holds_a_function_and_is_no_module_is_built_in(void **state)
{
	static const char release[] = "6.14.5-300.fc42.x86_64";
	static const struct {
		const char *release, *driver, *module, *builtin_module;
		bool is_stand_in;
		const char *expected;
	} cases[] = {
		/* The module of that name is built in; sysfs knows better. */
		{ release, "xhci_hcd", NULL, NULL, false, "xhci_hcd+" },
		{ release, "xhci_hcd", NULL, "xhci_pci", false, "xhci_pci+" },
		{ release, "i801_smbus", NULL, "i2c_i801", false, "i2c_i801+" },
		/* No module is called like that. */
		{ release, "i801_smbus", NULL, NULL, false, "i801_smbus+" },
		{ release, "pcie-port", NULL, NULL, false, "pcie_port+" },
		/* A kernel runs that is not installed: only a link tells the module. */
		{ "6.14.4-300.fc42.x86_64", "xhci_hcd", NULL, NULL, false, "" },
		{ "6.14.4-300.fc42.x86_64", "xhci_hcd", "xhci_pci", NULL, false,
		  "xhci_pci+" },
		{ "6.14.4-300.fc42.x86_64", "xhci_hcd", NULL, "xhci_pci", false,
		  "xhci_pci+" },
		{ "6.14.4-300.fc42.x86_64", "nvme", "nvme", NULL, false, "" },
		{ "6.14.4-300.fc42.x86_64", "vfio-pci", "vfio_pci", NULL, false, "" },
		{ "6.14.4-300.fc42.x86_64", "xhci_hcd", "xhci_pci", NULL, true, "" },
		/* Another machine. */
		{ NULL, "xhci_hcd", NULL, NULL, false, "" },
		{ release, "xhci_hcd", NULL, NULL, true, "" },
		/* A module is what its aliases say. */
		{ release, "xhci_hcd", "xhci_pci", NULL, false, "" },
		/* The index says module: sysfs did not tell which. */
		{ release, "nvme", NULL, NULL, false, "" },
	};
	struct site site;

	site_begin(&site, "fedora-like");
	site_function(&site, "1b36:000d:1af4:1100", 0x0c0330);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct function *function = &site.machine.functions.v[0];

		site.machine.release = (char *)cases[i].release;
		site.machine.is_stand_in = cases[i].is_stand_in;
		function->driver = (char *)cases[i].driver;
		function->driver_module = (char *)cases[i].module;
		function->builtin_module = (char *)cases[i].builtin_module;
		site_probe(&site);
		assert_matches(&site, 0, function, cases[i].expected);
		site.machine.release = function->driver = function->driver_module =
			function->builtin_module = NULL;
	}
	site_end(&site);
}

/* Where the files of a machine hold no link from any driver to its module, what is loaded
 * tells: 'bochs-drm' is the driver of 'bochs'. */
static void a_driver_without_a_link_is_a_module_that_matches_and_is_loaded(void **state)
{
	static const struct {
		const char *loaded; /* NULL: unknown */
		const char *link;   /* from another driver */
		const char *expected;
	} cases[] = {
		{ "bochs", NULL, "bochs" },
		{ NULL, NULL, "bochs" },
		{ "e1000e", NULL, "bochs bochs_drm+" },
		{ "bochs", "e1000e", "bochs bochs_drm+" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct function *functions;
		struct site site;

		site_begin(&site, "debian12");
		site_function(&site, "1234:1111:1af4:1100", 0x030000);
		site_function(&site, "8086:10d3:8086:0000", 0x020000);
		functions = site.machine.functions.v;
		functions[0].driver = xstrdup("bochs-drm");
		functions[1].driver = xstrdup("e1000e");
		if (cases[i].link)
			functions[1].driver_module = xstrdup(cases[i].link);
		site.machine.release = xstrdup("6.1.0-50-amd64");
		site.machine.modules.known = cases[i].loaded ? YES : UNKNOWN;
		if (cases[i].loaded)
			strings_add(&site.machine.modules.names, cases[i].loaded);
		site_probe(&site);
		assert_matches(&site, 0, &functions[0], cases[i].expected);
		site_end(&site);
	}
}

/* The one module of a kernel that matches, and what tells so. The caller frees it. */
static char *evidence(const struct site *site, size_t kernel,
		      const struct function *function)
{
	cleanup_free char *modalias = function_modalias(function);
	struct modules modules = kernel_matches(&site->system.kernels[kernel], modalias);

	assert_int_equal(modules.n, 1);
	return module_evidence_text(&modules.v[0]);
}

#define assert_evidence(site, kernel, function, expected)                 \
	do {                                                              \
		char *evidence_ = evidence((site), (kernel), (function)); \
		assert_string_equal(evidence_, (expected));               \
		free(evidence_);                                          \
	} while (0)

static void every_match_says_what_tells_it(void **state)
{
	struct function *functions;
	struct site site;

	site_begin(&site, "debian13-two-kernels");
	folder_write("etc/modprobe.d/mine.conf",
		     "alias pci:v00001234d000011E8* e1000e\n");
	site_function(&site, "1af4:1000:1af4:0001", 0x020000);
	site_function(&site, "1234:11e8:1af4:1100", 0x00ff00);
	site_probe(&site);
	functions = site.machine.functions.v;
	assert_evidence(&site, 0, &functions[0], "its alias in modules.alias");
	assert_evidence(&site, 1, &functions[0],
			"its alias in modules.alias of kernel '6.1.0-50-amd64'");
	assert_evidence(&site, 1, &functions[1], "its alias in modprobe.d");
	site_end(&site);

	site_begin(&site, "ubuntu2604-like");
	site_function(&site, "1b36:000d:1af4:1100", 0x0c0330);
	site_probe(&site);
	assert_evidence(&site, 0, site.machine.functions.v,
			"its alias in modules.builtin.modinfo");
	/* The driver that holds it says the same once more. */
	site.machine.release = xstrdup("7.0.0-10-generic");
	site.machine.functions.v[0].driver = xstrdup("xhci_hcd");
	site.machine.functions.v[0].builtin_module = xstrdup("xhci_pci");
	site_probe(&site);
	assert_evidence(&site, 0, site.machine.functions.v,
			"its alias in modules.builtin.modinfo");
	site_end(&site);
}

/* A driver that sysfs names is known to the other kernels, too. */
static void what_holds_a_function_under_one_kernel_does_so_under_all(void **state)
{
	struct function *function;
	struct site site;

	site_begin(&site, "fedora-like");
	folder_write("usr/lib/modules/6.13.0/modules.order", "");
	folder_write("usr/lib/modules/6.13.0/modules.builtin",
		     "kernel/drivers/usb/host/xhci-pci.ko\n");
	function = site_function(&site, "1b36:000d:1af4:1100", 0x0c0330);
	function->driver = xstrdup("xhci_hcd");
	function->builtin_module = xstrdup("xhci_pci");
	site.machine.release = xstrdup("6.14.5-300.fc42.x86_64");
	site_probe(&site);
	assert_evidence(&site, 0, function,
			"the driver that holds the device under kernel "
			"'6.14.5-300.fc42.x86_64'");
	assert_evidence(&site, 1, function, "the driver that holds the device");
	site_end(&site);
}

static void a_built_in_vfio_pci_that_holds_a_function_does_not_compete(void **state)
{
	struct function *function;
	struct site site;

	site_begin(&site, "builtin-vfio");
	function = site_function(&site, "1234:11e8:1af4:1100", 0x00ff00);
	function->driver = xstrdup("vfio-pci");
	site.machine.release = xstrdup("5.15.0-91-generic");
	site_probe(&site);
	assert_matches(&site, 0, function, "");
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_driver_that_holds_a_function_and_is_no_module_is_built_in),
		cmocka_unit_test(
			a_driver_without_a_link_is_a_module_that_matches_and_is_loaded),
		cmocka_unit_test(every_match_says_what_tells_it),
		cmocka_unit_test(
			what_holds_a_function_under_one_kernel_does_so_under_all),
		cmocka_unit_test(
			a_built_in_vfio_pci_that_holds_a_function_does_not_compete),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
