/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/system.h"
#include "unit/check.h"

static void add_module(struct modules *modules, const char *name, enum module_state state)
{
	*array_add(modules->v, modules->n) =
		(struct module){ .name = xstrdup(name), .state = state };
}

static struct kernel *add_kernel(struct system *system)
{
	struct kernel *kernel = array_add(system->kernels, system->n_kernels);

	kernel->release = xstrdup("6.1.0-50-amd64");
	return kernel;
}

static void a_modalias_that_was_not_asked_about_matches_nothing(void **state)
{
	struct system system cleanup_system = { 0 };
	struct kernel *kernel = add_kernel(&system);
	struct alias_match *match;

	assert_int_equal(kernel_matches(kernel, "pci:b").n, 0);
	match = array_add(kernel->matches, kernel->n_matches);
	match->modalias = xstrdup("pci:b");
	add_module(&match->modules, "radeon", MODULE_LOADABLE);
	assert_int_equal(kernel_matches(kernel, "pci:a").n, 0);
	assert_int_equal(kernel_matches(kernel, "pci:c").n, 0);
	assert_int_equal(kernel_matches(kernel, "").n, 0);
	assert_int_equal(kernel_matches(kernel, "pci:b").n, 1);
	assert_string_equal(kernel_matches(kernel, "pci:b").v[0].name, "radeon");
}

static void names_of_drivers_find_their_modules(void **state)
{
	struct system system cleanup_system = { 0 };
	struct kernel *kernel = add_kernel(&system);

	add_module(&kernel->reserving, "pci_stub", MODULE_BUILTIN);
	add_module(&kernel->reserving, "vfio", MODULE_LOADABLE);
	add_module(&kernel->reserving, "vfio_pci", MODULE_LOADABLE);
	add_module(&kernel->reserving, "vfio_pci_core", MODULE_MISSING);
	assert_int_equal(kernel_module_state(kernel, "pci-stub"), MODULE_BUILTIN);
	assert_int_equal(kernel_module_state(kernel, "vfio"), MODULE_LOADABLE);
	assert_int_equal(kernel_module_state(kernel, "vfio_pci"), MODULE_LOADABLE);
	assert_int_equal(kernel_module_state(kernel, "vfio-pci"), MODULE_LOADABLE);
	assert_int_equal(kernel_module_state(kernel, "vfio-pci_core"), MODULE_MISSING);
	assert_int_equal(kernel_module_state(kernel, "vfio_p"), MODULE_MISSING);
	assert_int_equal(kernel_module_state(kernel, "nouveau"), MODULE_MISSING);
}

static void softdeps_are_found_by_module(void **state)
{
	struct system system cleanup_system = { 0 };
	struct kernel *kernel = add_kernel(&system);
	struct softdep *softdep;

	assert_null(kernel_softdep(kernel, "r8169"));
	softdep = array_add(kernel->softdeps, kernel->n_softdeps);
	softdep->module = xstrdup("r8169");
	strings_add(&softdep->pre, "realtek");
	softdep = array_add(kernel->softdeps, kernel->n_softdeps);
	softdep->module = xstrdup("snd_hda_intel");
	assert_string_equal(kernel_softdep(kernel, "r8169")->pre.v[0], "realtek");
	assert_non_null(kernel_softdep(kernel, "snd-hda-intel"));
	assert_null(kernel_softdep(kernel, "snd"));
}

static void a_file_that_was_not_read_is_none(void **state)
{
	struct system system cleanup_system = { 0 };

	assert_null(system_file(&system, "/etc/default/grub"));
	array_add(system.files, system.n_files)->path = xstrdup("/etc/default/grub");
	array_add(system.files, system.n_files)->path = xstrdup("/etc/mkinitcpio.conf");
	assert_ptr_equal(system_file(&system, "/etc/mkinitcpio.conf"), &system.files[1]);
	assert_null(system_file(&system, "/etc/default"));
	assert_null(system_file(&system, "etc/default/grub"));
}

static void every_kind_has_the_name_that_configurations_use(void **state)
{
	assert_string_equal(initramfs_name(INITRAMFS_DRACUT), "dracut");
	assert_string_equal(initramfs_name(INITRAMFS_MKINITCPIO), "mkinitcpio");
	assert_string_equal(initramfs_name(INITRAMFS_TOOLS), "initramfs-tools");
	assert_string_equal(bootloader_name(BOOTLOADER_GRUB), "grub");
	assert_string_equal(module_state_name(MODULE_MISSING), "missing");
	assert_string_equal(module_state_name(MODULE_LOADABLE), "module");
	assert_string_equal(module_state_name(MODULE_BUILTIN), "builtin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_modalias_that_was_not_asked_about_matches_nothing),
		cmocka_unit_test(names_of_drivers_find_their_modules),
		cmocka_unit_test(softdeps_are_found_by_module),
		cmocka_unit_test(a_file_that_was_not_read_is_none),
		cmocka_unit_test(every_kind_has_the_name_that_configurations_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
