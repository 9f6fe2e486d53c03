/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot loader the plan is for, beside the one that began this boot. */
#include "unit/plan/scene.h"

static void detect(struct detection *detection, const char *evidence)
{
	detection->found = true;
	free(detection->evidence);
	detection->evidence = xstrdup(evidence);
}

/* All of them are there, and `configured` is what the configuration names, or NULL. */
static void begin(struct scene *s, const char *configured, const char *booted_by)
{
	struct system *system = &s->system;

	scene_begin(s);
	scene_vfio(scene_kernel(s, "6.1.0"), MODULE_LOADABLE);
	scene_function(s, "01:00.0", "10de:1b80:1043:8592", 0x030000);
	rule_address(scene_rule(s, "gpu"), "01:00.0");
	detect(&system->bootloader[BOOTLOADER_GRUB], "etc/default/grub");
	detect(&system->bootloader[BOOTLOADER_KERNEL_CMDLINE], "efi/loader");
	detect(&system->chain.by_hand[BY_HAND_PROXMOX], "etc/kernel/proxmox-boot-uuids");
	strings_free(&s->config.bootloader);
	if (configured)
		strings_add(&s->config.bootloader, configured);
	free(system->chain.booted_by);
	system->chain.booted_by = booted_by ? xstrdup(booted_by) : NULL;
	scene_index(s);
	scene_plan(s);
}

static void what_began_this_boot_helps_to_choose(void **state)
{
	static const struct {
		const char *booted_by, *remedy;
	} cases[] = {
		{ NULL, "say which in [vfio-bootcfg]: 'bootloader = NAME'" },
		{ "systemd-boot 257.4",
		  "say which in [vfio-bootcfg]: 'bootloader = NAME'; this boot was begun by 'systemd-boot 257.4'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, NULL, cases[i].booted_by);
		assert_string_equal(scene_finding(&s, "backend-ambiguous")->remedy,
				    cases[i].remedy);
		assert_null(scene_finding(&s, "backend-not-booted"));
		scene_end(&s);
	}
}

static void grub_is_not_written_for_in_silence_where_another_boots(void **state)
{
	static const struct {
		const char *configured, *booted_by;
		bool is_warned;
	} cases[] = {
		{ "grub", "systemd-boot 252.39-1~deb12u1", true },
		{ "grub", "GRUB 2.12", false },
		{ "grub", NULL, false },
		{ "kernel-cmdline", "systemd-boot 257.4", false },
		{ "proxmox-boot-tool", "systemd-boot 257.4", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene s;

		begin(&s, cases[i].configured, cases[i].booted_by);
		assert_int_equal(scene_finding(&s, "backend-not-booted") != NULL,
				 cases[i].is_warned);
		scene_end(&s);
	}
}

/* The partition of proxmox-boot-tool is mounted: its systemd-boot is seen twice. */
static void one_loader_under_two_names_is_one(void **state)
{
	struct scene s;

	scene_begin(&s);
	scene_vfio(scene_kernel(&s, "6.8.0"), MODULE_LOADABLE);
	s.system.bootloader[BOOTLOADER_GRUB].found = false;
	detect(&s.system.bootloader[BOOTLOADER_KERNEL_CMDLINE], "boot/efi/EFI/systemd");
	detect(&s.system.chain.by_hand[BY_HAND_PROXMOX], "etc/kernel/proxmox-boot-uuids");
	scene_index(&s);
	scene_plan(&s);
	assert_null(scene_finding(&s, "backend-ambiguous"));
	assert_null(scene_finding(&s, "backend-not-found"));
	assert_true(s.plan.uses_bootloader[BOOTLOADER_KERNEL_CMDLINE]);
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_began_this_boot_helps_to_choose),
		cmocka_unit_test(grub_is_not_written_for_in_silence_where_another_boots),
		cmocka_unit_test(one_loader_under_two_names_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
