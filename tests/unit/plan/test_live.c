/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is refused on a system that runs, beyond what generate refuses. */
#include "plan/live.h"
#include "unit/plan/scene.h"

struct stage {
	struct scene scene;
	struct usage usage;
};

static void use(struct stage *stage, enum use_kind kind, const char *name,
		const char *process, long pid)
{
	struct use_now *one = array_add(stage->usage.v, stage->usage.n);

	one->bdf = (struct bdf){ 0, 0x29, 0, 0 };
	one->kind = kind;
	one->name = xstrdup(name);
	one->process = process ? xstrdup(process) : NULL;
	one->pid = pid;
}

/* One card, which the section 'card' names. */
static struct function *begin(struct stage *stage)
{
	struct function *card;

	stage->usage = (struct usage){ 0 };
	scene_begin(&stage->scene);
	stage->scene.machine.release = xstrdup("6.12.1");
	scene_vfio(scene_kernel(&stage->scene, "6.12.1"), MODULE_LOADABLE);
	scene_function(&stage->scene, "29:00.0", "1002:68c8:174b:3000", 0x030000);
	rule_address(scene_rule(&stage->scene, "card"), "29:00.0");
	card = scene_index(&stage->scene);
	card->driver = xstrdup("radeon");
	return card;
}

/* Asserts all findings, as assert_findings() has them, and ends the stage. */
static void expect(struct stage *stage, const char *findings)
{
	struct scene *scene = &stage->scene;

	usage_sort(&stage->usage);
	plan_make_live(&scene->config, &scene->machine, &scene->system, NULL,
		       &stage->usage, &scene->plan, &scene->findings);
	assert_findings(scene, findings);
}

static void end(struct stage *stage)
{
	scene_end(&stage->scene);
	usage_free(&stage->usage);
}

static void what_nobody_uses_is_taken(void **state)
{
	struct stage stage;

	begin(&stage);
	expect(&stage, "");
	assert_int_equal(stage.scene.plan.n_targets, 1);
	end(&stage);
}

static void what_is_in_use_is_refused_with_what_ends_it(void **state)
{
	static const struct {
		enum use_kind kind;
		const char *name, *process, *message, *remedy;
	} cases[] = {
		{ USE_INTERFACE, "eth1", NULL,
		  "0000:29:00.0 is in use: interface 'eth1' is up",
		  "run 'ip link set eth1 down' first" },
		{ USE_STACKED, "dm-0", NULL,
		  "0000:29:00.0 is in use: 'dm-0' stands on it",
		  "close it first: 'cryptsetup close', 'vgchange -an' or 'mdadm --stop'" },
		{ USE_POOL, "tank", NULL,
		  "0000:29:00.0 is in use: the ZFS pool 'tank' stands on it",
		  "run 'zpool export tank' first" },
		{ USE_NODE, "/dev/dri/card1", "Xorg",
		  "0000:29:00.0 is in use: 'Xorg' (7) has '/dev/dri/card1' open",
		  "end process 7 first" },
		{ USE_NODE, "/dev/snd/pcmC1D0p", NULL,
		  "0000:29:00.0 is in use: 'a process' (7) has '/dev/snd/pcmC1D0p' open",
		  "end process 7 first" },
		{ USE_MACHINE, "/dev/vfio/1", "qemu",
		  "0000:29:00.0 is in use: 'qemu' (7) has '/dev/vfio/1' open",
		  "stop the virtual machine of process 7 first" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage stage;

		begin(&stage);
		use(&stage, cases[i].kind, cases[i].name, cases[i].process, 7);
		expect(&stage, "error in-use test.conf:3 0000:29:00.0");
		assert_message(&stage.scene, "in-use", cases[i].message);
		assert_string_equal(scene_finding(&stage.scene, "in-use")->remedy,
				    cases[i].remedy);
		end(&stage);
	}
}

static void a_keyboard_is_lost_with_a_warning(void **state)
{
	struct stage stage;

	begin(&stage);
	use(&stage, USE_NODE, "/dev/input/event3", "systemd-logind", 7);
	expect(&stage, "warning in-use test.conf:3 0000:29:00.0");
	end(&stage);
}

/* 'allow = root-storage' is for the next boot, not for a file system that is mounted. */
static void a_mounted_file_system_is_never_taken(void **state)
{
	struct stage stage;
	struct function *card = begin(&stage);

	strings_add(&card->uses, "/srv");
	expect(&stage, "error root-storage test.conf:3 0000:29:00.0");
	end(&stage);
	card = begin(&stage);
	strings_add(&card->uses, "/srv");
	strings_add(&stage.scene.config.devices[0].allow, "root-storage");
	expect(&stage, "note root-storage test.conf:3 0000:29:00.0\n"
		       "error in-use test.conf:3 0000:29:00.0");
	assert_message(&stage.scene, "in-use",
		       "0000:29:00.0 carries '/srv' at this moment");
	end(&stage);
}

/* The driver would refuse it, after its own one had let go. */
static void what_the_driver_would_refuse_is_not_tried(void **state)
{
	struct stage stage;
	struct function *card = begin(&stage);

	card->iommu_group = NO_GROUP;
	expect(&stage, "error no-iommu-group test.conf:3 0000:29:00.0");
	end(&stage);
	card = begin(&stage);
	card->n_virtual_functions = 2;
	expect(&stage, "error has-virtual-functions test.conf:3 0000:29:00.0");
	end(&stage);
	begin(&stage);
	stage.scene.machine.iommu.active = NO;
	expect(&stage, "error iommu-off - -");
	assert_string_equal(scene_finding(&stage.scene, "iommu-off")->remedy,
			    "run 'vfio-bootcfg list': it says why the IOMMU is off");
	end(&stage);
}

static void the_kernel_that_runs_must_have_the_driver(void **state)
{
	struct stage stage;

	begin(&stage);
	stage.scene.system.kernels[0].reserving.v[2].state = MODULE_MISSING;
	expect(&stage, "error driver-missing - -");
	end(&stage);
	begin(&stage); /* another kernel's lack of it means nothing */
	scene_vfio(scene_kernel(&stage.scene, "6.13.0"), MODULE_MISSING);
	expect(&stage, "");
	end(&stage);
}

static void warnings_of_the_next_boot_are_left_out(void **state)
{
	struct stage stage;
	struct function *card = begin(&stage);

	card->is_virtual_function = true;
	expect(&stage, "");
	end(&stage);
}

/* Two cards behind one bridge, of which the first is named. */
static void a_conventional_bus_is_taken_whole(void **state)
{
	static const struct {
		enum tristate is_express;
		const char *path, *findings;
	} cases[] = {
		{ NO, "0000:00:1e.0/01.0", "error shared-bus test.conf:3 0000:29:01.0" },
		{ UNKNOWN, "0000:00:1e.0/01.0", "" },
		{ YES, "0000:00:1e.0/01.0", "" },
		{ NO, "0000:00:1f.3", "" }, /* a part of the chipset */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage stage = { 0 };
		struct function *cards;

		scene_begin(&stage.scene);
		scene_function(&stage.scene, "29:01.0", "10ec:8139:10ec:8139", 0x020000);
		scene_function(&stage.scene, "29:02.0", "10ec:8139:10ec:8139", 0x020000)
			->iommu_group = 1;
		rule_address(scene_rule(&stage.scene, "card"), "29:01.0");
		cards = stage.scene.machine.functions.v;
		cards[0].is_express = cards[1].is_express = cases[i].is_express;
		cards[0].path = xstrdup(cases[i].path);
		scene_index(&stage.scene);
		expect(&stage, cases[i].findings);
		end(&stage);
	}
}

static void only_a_running_machine_keeps_from_release(void **state)
{
	struct stage stage;
	struct scene *scene = &stage.scene;
	struct function *card = begin(&stage);

	strings_add(&card->uses, "/");
	use(&stage, USE_INTERFACE, "eth0", NULL, 0);
	use(&stage, USE_MACHINE, "/dev/vfio/1", "qemu", 7);
	usage_sort(&stage.usage);
	plan_make_release(&scene->config, &scene->machine, &scene->system, NULL,
			  &stage.usage, &scene->plan, &scene->findings);
	assert_findings(scene, "error in-use test.conf:3 0000:29:00.0");
	end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_uses_is_taken),
		cmocka_unit_test(what_is_in_use_is_refused_with_what_ends_it),
		cmocka_unit_test(a_keyboard_is_lost_with_a_warning),
		cmocka_unit_test(a_mounted_file_system_is_never_taken),
		cmocka_unit_test(what_the_driver_would_refuse_is_not_tried),
		cmocka_unit_test(the_kernel_that_runs_must_have_the_driver),
		cmocka_unit_test(warnings_of_the_next_boot_are_left_out),
		cmocka_unit_test(a_conventional_bus_is_taken_whole),
		cmocka_unit_test(only_a_running_machine_keeps_from_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
