/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels.h"

#include "unit/probe/root.h"

#define assert_matches(site, kernel, function, expected)                     \
	do {                                                                 \
		char *matches_ = site_matches((site), (kernel), (function)); \
		assert_string_equal(matches_, (expected));                   \
		free(matches_);                                              \
	} while (0)

static void each_kernel_is_asked_from_its_own_index(void **state)
{
	static const struct {
		const char *identity;
		uint32_t class;
		const char *in_6_1, *in_6_12;
	} cases[] = {
		{ "1002:68c8:174b:3000", 0x030000, "radeon", "radeon" },
		{ "1002:6798:1002:3000", 0x030000, "amdgpu radeon", "amdgpu radeon" },
		{ "1002:aa60:174b:aa60", 0x040300, "snd_hda_intel", "snd_hda_intel" },
		{ "10de:2684:1043:88e2", 0x030000, "nouveau", "nouveau" },
		{ "8086:56a0:8086:1020", 0x030000, "i915", "i915 xe" },
		{ "1b36:000d:1af4:1100", 0x0c0330, "xhci_pci", "xhci_pci" },
		{ "1b36:0010:1af4:1100", 0x010802, "nvme", "nvme" },
		{ "10ec:8139:1af4:1100", 0x020000, "8139cp 8139too", "8139cp 8139too" },
		{ "1234:1111:1af4:1100", 0x030000, "bochs", "bochs" }, /* two aliases */
		{ "1af4:1000:1af4:0001", 0x020000, "virtio_pci", "virtio_pci+" },
		{ "1234:11e8:1af4:1100", 0x00ff00, "", "" },
		{ "15b3:101e:15b3:0001", 0x020000, "mlx5_core", "mlx5_core" },
	};
	struct site site;

	site_begin(&site, "debian13-two-kernels");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		site_function(&site, cases[i].identity, cases[i].class);
	site_probe(&site);
	assert_int_equal(site.findings.n, 0);
	assert_int_equal(site.system.n_kernels, 2);
	assert_string_equal(site.system.kernels[0].release, "6.1.0-50-amd64");
	assert_string_equal(site.system.kernels[1].release, "6.12.107+deb13-amd64");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct function *function = &site.machine.functions.v[i];

		assert_matches(&site, 0, function, cases[i].in_6_1);
		assert_matches(&site, 1, function, cases[i].in_6_12);
	}
	site_end(&site);
}

static void the_vfio_family_is_module_built_in_or_gone(void **state)
{
	static const struct {
		const char *kind;
		size_t kernel;
		enum module_state vfio_pci, virqfd, pci_stub;
	} cases[] = {
		{ "debian13-two-kernels", 0, MODULE_LOADABLE, MODULE_LOADABLE,
		  MODULE_LOADABLE },
		{ "debian13-two-kernels", 1, MODULE_LOADABLE, MODULE_MISSING,
		  MODULE_LOADABLE },
		{ "builtin-vfio", 0, MODULE_BUILTIN, MODULE_BUILTIN, MODULE_BUILTIN },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct kernel *kernel;
		struct site site;

		site_begin(&site, cases[i].kind);
		site_probe(&site);
		kernel = &site.system.kernels[cases[i].kernel];
		assert_int_equal(kernel_module_state(kernel, "vfio-pci"),
				 cases[i].vfio_pci);
		assert_int_equal(kernel_module_state(kernel, "vfio_virqfd"),
				 cases[i].virqfd);
		assert_int_equal(kernel_module_state(kernel, "pci_stub"),
				 cases[i].pci_stub);
		site_end(&site);
	}
}

static void only_a_variant_of_vfio_pci_reserves_beside_it(void **state)
{
	static const struct {
		const char *driver, *module;
		enum module_state state;
	} cases[] = {
		{ "mlx5-vfio-pci", "mlx5_vfio_pci", MODULE_LOADABLE },
		{ "mlx5_core", "mlx5_core", MODULE_MISSING },
		{ "vfio", "vfio", MODULE_MISSING },
		{ "vfio-pci-core", "vfio_pci_core", MODULE_MISSING },
		{ "vfio-pci", "vfio_pci", MODULE_LOADABLE },
		{ "pci-stub", "pci_stub", MODULE_LOADABLE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;

		site_begin(&site, "arch");
		assert_int_equal(probe_system(&site.root, &site.machine, cases[i].driver,
					      NULL, 0, &site.system, &site.findings),
				 0);
		assert_int_equal(
			kernel_module_state(&site.system.kernels[0], cases[i].module),
			cases[i].state);
		site_end(&site);
	}
}

/* A variant driver of vfio may have both kinds of alias. */
static void a_module_with_a_vfio_pci_alias_does_not_compete(void **state)
{
	struct function *function;
	struct site site;

	site_begin(&site, "arch");
	folder_write("etc/modprobe.d/variant.conf",
		     "alias pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5-vfio-pci\n");
	function = site_function(&site, "15b3:101e:15b3:0001", 0x020000);
	site_probe(&site);
	assert_matches(&site, 0, function, "mlx5_core");
	site_end(&site);
}

static void aliases_of_the_administrator_count(void **state)
{
	struct function *function;
	struct site site;

	site_begin(&site, "debian12");
	folder_write("etc/modprobe.d/mine.conf", "alias pci:v00001234d000011E8* e1000e\n"
						 "alias pci:v00001234* not-installed\n");
	function = site_function(&site, "1234:11e8:1af4:1100", 0x00ff00);
	site_probe(&site);
	assert_matches(&site, 0, function, "e1000e");
	site_end(&site);
}

/* Since kernel 7; libkmod would not look there for what modules.alias knows. */
static void aliases_of_built_in_modules_are_read(void **state)
{
	const struct function *functions;
	struct site site;

	site_begin(&site, "ubuntu2604-like");
	site_function(&site, "1b36:000d:1af4:1100", 0x0c0330);
	site_function(&site, "1af4:1000:1af4:0001", 0x020000);
	site_function(&site, "1912:0014:1912:0014", 0x0c0330);
	site_probe(&site);
	functions = site.machine.functions.v;
	assert_matches(&site, 0, &functions[0], "xhci_pci+");
	assert_matches(&site, 0, &functions[1], "virtio_pci+");
	assert_matches(&site, 0, &functions[2], "xhci_pci+ xhci_pci_renesas");
	site_end(&site);
}

static const struct softdep *softdep_of(struct site *site, const char *module)
{
	site_probe(site);
	return kernel_softdep(&site->system.kernels[0], module);
}

static void the_first_softdep_line_of_all_files_counts(void **state)
{
	static const struct {
		const char *file, *text;
		const char *pre; /* of r8169; NULL: no softdep */
	} cases[] = {
		{ "etc/modprobe.d/z.conf", "softdep r8169 pre: vfio-pci\n", "realtek" },
		{ "etc/modprobe.d/a.conf", "softdep r8169 pre: vfio-pci a post: b\n",
		  "vfio-pci a" },
		/* Ours is an answer to what is there without it. */
		{ "etc/modprobe.d/00-vfio-bootcfg.conf",
		  "softdep r8169 pre: vfio-pci realtek\n", "realtek" },
		{ "etc/modprobe.d/a", "softdep r8169 pre: vfio-pci\n", "realtek" },
		{ "run/modprobe.d/a.conf", "softdep r81* pre: vfio-pci\n", "vfio-pci" },
		{ "usr/local/lib/modprobe.d/a.conf", "softdep r8169\tpre: vfio-pci\n",
		  "vfio-pci" },
		{ "usr/lib/modprobe.d/a.conf", "softdep r\\\n8169 pre: vfio-pci",
		  "vfio-pci" },
		{ "etc/modprobe.d/a.conf", "#softdep r8169 pre: vfio-pci\n", "realtek" },
		{ "etc/modprobe.d/a.conf", "softdep r8169\n", "realtek" },
		{ "etc/modprobe.d/a.conf", "softdep r8169 vfio-pci\n", "" },
		{ "etc/modprobe.d/a.conf",
		  "softdep r8169 post: c pre: vfio-pci\nsoftdep r8169 pre: b\n",
		  "vfio-pci" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct softdep *softdep;
		cleanup_free char *pre = NULL;
		struct site site;

		site_begin(&site, "debian12");
		site_function(&site, "10ec:8168:10ec:0123", 0x020000);
		folder_write(cases[i].file, cases[i].text);
		softdep = softdep_of(&site, "r8169");
		assert_non_null(softdep);
		pre = strings_join(&softdep->pre, " ");
		assert_string_equal(pre, cases[i].pre);
		site_end(&site);
	}
}

static void a_file_in_etc_hides_its_namesake(void **state)
{
	const struct softdep *softdep;
	struct site site;

	site_begin(&site, "debian12");
	site_function(&site, "1234:1111:1af4:1100", 0x030000);
	folder_write("usr/lib/modprobe.d/bochs.conf", "softdep bochs pre: a\n");
	assert_string_equal(softdep_of(&site, "bochs")->pre.v[0], "a");
	folder_write("run/modprobe.d/bochs.conf", "softdep bochs post: b\n");
	softdep = softdep_of(&site, "bochs");
	assert_int_equal(softdep->pre.n, 0);
	assert_string_equal(softdep->post.v[0], "b");
	folder_link("etc/modprobe.d/bochs.conf", "/dev/null");
	assert_null(softdep_of(&site, "bochs"));
	assert_int_equal(site.findings.n, 0);
	site_end(&site);
}

static void only_modules_that_match_have_softdeps(void **state)
{
	struct site site;

	site_begin(&site, "debian12");
	site_function(&site, "1234:1111:1af4:1100", 0x030000);
	assert_null(softdep_of(&site, "r8169"));
	assert_int_equal(site.system.kernels[0].n_softdeps, 0);
	site_end(&site);
}

static void kernels_are_in_version_order_and_leftovers_are_noted(void **state)
{
	static const char *const releases[] = { "5.10.0-9-amd64", "6.1.0-9-amd64",
						"6.1.0-50-amd64",
						"6.12.107+deb13-amd64" };
	struct finding finding;
	struct site site;

	site_begin(&site, "debian13-two-kernels");
	folder_write("usr/lib/modules/6.1.0-9-amd64/modules.order", "");
	folder_write("usr/lib/modules/5.10.0-9-amd64/modules.builtin", "");
	folder_write("usr/lib/modules/6.1.0-20-amd64/updates/dkms/nvidia.ko", "");
	folder_write("usr/lib/modules/6.1.0-20-amd64/modules.dep.bin", "");
	folder_write("usr/lib/modules/README", "");
	site_probe(&site);
	assert_int_equal(site.system.n_kernels, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(site.system.kernels[i].release, releases[i]);
	finding = site_finding(&site, "kernel-leftover");
	assert_int_equal(finding.severity, SEVERITY_NOTE);
	assert_string_equal(finding.where, "/lib/modules/6.1.0-20-amd64");
	site_end(&site);
}

static void kernels_of_a_root_without_lib_are_found(void **state)
{
	struct site site;

	site_begin(&site, "arch");
	assert_int_equal(unlink(folder_path("lib")), 0);
	site_function(&site, "1002:68c8:174b:3000", 0x030000);
	site_probe(&site);
	assert_int_equal(site.system.n_kernels, 1);
	assert_matches(&site, 0, &site.machine.functions.v[0], "radeon");
	/* One of its own beside those of usr/lib. */
	folder_write("lib/modules/7.0.0/modules.order", "");
	folder_write("lib/modules/7.0.0/modules.builtin", "");
	folder_write("usr/lib/modules/7.0.0/modules.order", "");
	site_probe(&site);
	assert_int_equal(site.system.n_kernels, 2);
	assert_string_equal(site.system.kernels[1].release, "7.0.0");
	site_end(&site);
}

static void a_kernel_without_an_index_is_a_warning(void **state)
{
	struct finding finding;
	struct site site;

	site_begin(&site, "debian12");
	site_run("rm '%s'/usr/lib/modules/*/modules.*.bin", folder_root);
	site_function(&site, "1002:68c8:174b:3000", 0x030000);
	site_probe(&site);
	finding = site_finding(&site, "no-module-index");
	assert_int_equal(finding.severity, SEVERITY_WARNING);
	assert_string_equal(finding.where, "/lib/modules/6.1.0-50-amd64");
	assert_string_equal(finding.remedy, "run 'depmod 6.1.0-50-amd64'");
	assert_int_equal(kernel_module_state(&site.system.kernels[0], "vfio_pci"),
			 MODULE_MISSING);
	site_end(&site);
}

static void a_root_without_kernels_has_none(void **state)
{
	struct site site;

	site_begin(&site, "empty");
	site_function(&site, "1002:68c8:174b:3000", 0x030000);
	site_probe(&site);
	assert_int_equal(site.system.n_kernels, 0);
	assert_int_equal(site.findings.n, 0);
	site_end(&site);
}

/* libkmod adds the blacklists of /proc/cmdline to every root; nothing of ours may differ.
 */
static void what_is_blacklisted_competes_all_the_same(void **state)
{
	struct site site;

	site_begin(&site, "debian12");
	site_function(&site, "1002:68c8:174b:3000", 0x030000);
	folder_write("etc/modprobe.d/a.conf",
		     "blacklist radeon\ninstall radeon /bin/false\n");
	site_probe(&site);
	assert_matches(&site, 0, &site.machine.functions.v[0], "radeon");
	site_end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kernel_is_asked_from_its_own_index),
		cmocka_unit_test(the_vfio_family_is_module_built_in_or_gone),
		cmocka_unit_test(only_a_variant_of_vfio_pci_reserves_beside_it),
		cmocka_unit_test(a_module_with_a_vfio_pci_alias_does_not_compete),
		cmocka_unit_test(aliases_of_the_administrator_count),
		cmocka_unit_test(aliases_of_built_in_modules_are_read),
		cmocka_unit_test(the_first_softdep_line_of_all_files_counts),
		cmocka_unit_test(a_file_in_etc_hides_its_namesake),
		cmocka_unit_test(only_modules_that_match_have_softdeps),
		cmocka_unit_test(kernels_are_in_version_order_and_leftovers_are_noted),
		cmocka_unit_test(kernels_of_a_root_without_lib_are_found),
		cmocka_unit_test(a_kernel_without_an_index_is_a_warning),
		cmocka_unit_test(a_root_without_kernels_has_none),
		cmocka_unit_test(what_is_blacklisted_competes_all_the_same),
	};

	return cmocka_run_group_tests(tests, site_begin_group, site_end_group);
}
