/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gave a twin away. */
#include "unit/verify/gpu.h"

static void the_cause_of_a_taken_twin_is_looked_for(void **state)
{
	static const struct {
		const char *cmdline, *override, *driverctl, *option, *log, *remedy;
	} cases[] = {
		{ "vfio_bootcfg.devices=0000:2a:00.0=1002:68c8:1462:1000", "vfio-pci",
		  NULL, NULL, "", "names it, as an earlier plan did: run 'vfio-bootcfg" },
		{ "quiet", "vfio-pci", "/etc/driverctl.d/pci-0000:2a:00.0", NULL, "",
		  "'/etc/driverctl.d/pci-0000:2a:00.0' gives it to 'vfio-pci'" },
		{ "quiet", "vfio-pci", NULL, NULL, "", "its 'driver_override'" },
		{ "vfio-pci.ids=10de:1,1002:68c8", NULL, NULL, NULL, "",
		  "remove '1002:68c8' from 'ids=' of 'vfio-pci', on the kernel" },
		{ "vfio-pci.ids=10de:1", NULL, NULL, "ids=1002:68c8", "",
		  "from 'ids=' of 'vfio-pci', in '/etc/modprobe.d/a.conf:1'" },
		{ "quiet", NULL, NULL, NULL,
		  "[    1.000000] vfio_pci: add [1002:68c8[ffffffff:ffffffff]] class 0x000000/00000000\n",
		  "or in /etc/modprobe.d" },
		{ "quiet", NULL, NULL, "ids=10de:1", "", "by hand, or a script did" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene cleanup_scene = { 0 };
		struct driverctl_override rule = { (char *)cases[i].driverctl,
						   bdf_of("0000:2a:00.0"),
						   (char *)"vfio-pci" };
		struct setting setting = { SETTING_OPTIONS,
					   (char *)"/etc/modprobe.d/a.conf:1",
					   (char *)"vfio_pci", (char *)cases[i].option };
		struct system system = { .overrides = &rule,
					 .n_overrides = cases[i].driverctl != NULL,
					 .settings = { &setting,
						       cases[i].option != NULL } };

		begin_gpu(&scene, "vfio-pci");
		scene.plan.system = &system;
		scene.plan.targets[0].claim = CLAIM_ADDRESS;
		scene_function(&scene, "0000:2a:00.0", "1002:68c8:1462:1000", 0x030000,
			       "vfio-pci", 17)
			->driver_override = copied(cases[i].override);
		scene_cmdline(&scene, cases[i].cmdline, NULL);
		judge_gpu(&scene, cases[i].log);
		assert_says(
			result_of(&scene.verification, "twin-untouched", NULL)->remedy,
			cases[i].remedy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cause_of_a_taken_twin_is_looked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
