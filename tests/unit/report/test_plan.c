/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit/report/nouns.h"

/* A whole plan: one target seen, one that only an id names, two kernels. */
struct nouns {
	struct machine machine;
	struct device_rule rules[2];
	struct kernel kernels[2];
	struct plan plan;
	struct artifacts artifacts;
	struct changes changes;
	struct findings findings;
};

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static void add_targets(struct nouns *nouns)
{
	struct target *seen = array_add(nouns->plan.targets, nouns->plan.n_targets);
	struct target *unseen = array_add(nouns->plan.targets, nouns->plan.n_targets);

	seen = &nouns->plan.targets[0];
	nouns->rules[0].name = text("gpu");
	nouns->rules[1].name = text("network");
	seen->rule = &nouns->rules[0];
	seen->function = &nouns->machine.functions.v[1];
	seen->has_bdf = true;
	seen->bdf = seen->function->bdf;
	seen->id = (struct identity_pattern){ seen->function->id, true };
	seen->claim = CLAIM_ID;
	seen->reason = xstrdup("no function that the host keeps has id '1002:68c8'");
	*array_add(seen->competitors, seen->n_competitors) =
		(struct competitor){ .module = xstrdup("amdgpu") };
	*array_add(seen->competitors, seen->n_competitors) =
		(struct competitor){ .module = xstrdup("radeon"), .is_builtin = true };
	unseen->rule = &nouns->rules[1];
	unseen->id.id = (struct identity){ .vendor = 0x8086, .device = 0x10d3 };
	unseen->claim = CLAIM_ID;
	unseen->reason = xstrdup("asked for by 'claim = id'");
}

static void add_kernels(struct nouns *nouns)
{
	struct plan *plan = &nouns->plan;
	struct plan_kernel *module = array_add(plan->kernels, plan->n_kernels);
	struct plan_kernel *builtin = array_add(plan->kernels, plan->n_kernels);

	module = &plan->kernels[0];
	nouns->kernels[0].release = text("6.1.0");
	nouns->kernels[1].release = text("6.12.0");
	module->kernel = &nouns->kernels[0];
	module->driver = MODULE_LOADABLE;
	strings_split(&module->modules, "vfio_pci vfio_iommu_type1", " ");
	builtin->kernel = &nouns->kernels[1];
	builtin->driver = MODULE_BUILTIN;
}

static void add_files(struct nouns *nouns)
{
	struct changes *changes = &nouns->changes;
	struct artifacts *artifacts = &nouns->artifacts;
	struct command *command = array_add(artifacts->commands, artifacts->n_commands);

	strings_split(&command->argv, "grub-mkconfig|-o|/boot/it's here", "|");
	*array_add(artifacts->v, artifacts->n) = (struct artifact){
		.path = xstrdup("/etc/default/grub"),
		.mode = 0644,
		.bytes = xstrdup("X=1\n"),
		.size = 4,
	};
	*array_add(changes->v, changes->n) = (struct change){
		.action = ACTION_UPDATE,
		.path = xstrdup("/etc/default/grub"),
		.mode = 0644,
		.after = xstrdup("X=1\n"),
		.after_size = 4,
	};
	*array_add(changes->v, changes->n) = (struct change){
		.action = ACTION_REMOVE,
		.path = xstrdup("/etc/old"),
		.before = xstrdup("y"),
		.before_size = 1,
	};
}

static void make_nouns(struct nouns *ret)
{
	struct finding *finding;

	*ret = (struct nouns){ .plan = { .driver = "vfio-pci" } };
	make_machine(&ret->machine);
	add_targets(ret);
	add_kernels(ret);
	add_files(ret);
	strings_split(&ret->plan.cmdline, "intel_iommu=on vfio-pci.ids=1002:68c8", " ");
	ret->plan.uses_initramfs[INITRAMFS_DRACUT] = true;
	ret->plan.uses_bootloader[BOOTLOADER_GRUB] = true;
	finding = findings_add(&ret->findings, SEVERITY_NOTE, "some-code", "a.conf:3",
			       "a message");
	finding_remedy(finding, "a remedy");
}

static void free_files(struct nouns *nouns)
{
	for (size_t i = 0; i < nouns->changes.n; i++) {
		free(nouns->changes.v[i].path);
		free(nouns->changes.v[i].before);
		free(nouns->changes.v[i].after);
	}
	free(nouns->changes.v);
	free(nouns->artifacts.v[0].path);
	free(nouns->artifacts.v[0].bytes);
	free(nouns->artifacts.v);
	strings_free(&nouns->artifacts.commands[0].argv);
	free(nouns->artifacts.commands);
}

static void free_nouns(struct nouns *nouns)
{
	free_files(nouns);
	plan_free(&nouns->plan);
	findings_free(&nouns->findings);
	machine_free(&nouns->machine);
}

static void a_plan_says_what_why_and_what_next(void **state)
{
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	CATCH(text, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_string_equal(
		text,
		"2 functions for vfio-pci\n"
		"  gpu      0000:29:00.0  1002:68c8:174b:3000  now radeon\n"
		"           claim id: no function that the host keeps has id '1002:68c8'\n"
		"           competitors: amdgpu, radeon (built in)\n"
		"  network  -             8086:10d3            not seen here\n"
		"           claim id: asked for by 'claim = id'\n"
		"\nkernel command line\n"
		"  intel_iommu=on vfio-pci.ids=1002:68c8\n"
		"\nkernels\n"
		"  6.1.0: vfio-pci is a module; loads vfio_pci vfio_iommu_type1\n"
		"  6.12.0: vfio-pci is built in\n"
		"\nfiles\n"
		"  update    /etc/default/grub\n"
		"  remove    /etc/old\n"
		"\nto make it take effect, run and reboot\n"
		"  grub-mkconfig -o '/boot/it'\\''s here'\n"
		"\nthe way back\n"
		"  the boot menu has no entry that reserves nothing\n"
		"  press 'e' on an entry and add to its kernel's line: vfio_bootcfg=off vfio-pci.ids=\n"
		"  once it runs: vfio-bootcfg revert, and the commands that it names\n");
}

/* Its address has another card than its id: what would be done with it is not meant. */
static void a_refused_target_has_its_own_id_and_no_claim(void **state)
{
	cleanup(free_nouns) struct nouns n;
	struct target *seen;

	make_nouns(&n);
	seen = &n.plan.targets[0];
	seen->id = (struct identity_pattern){ { .vendor = 0x1002, .device = 0x744c },
					      false };
	CATCH(text, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(
		strstr(text, "0000:29:00.0  1002:68c8:174b:3000  now radeon\n"
			     "           refused: it is not certain to be what is meant\n"
			     "  network"));
	assert_null(strstr(text, "kernel command line"));
	assert_non_null(strstr(text, "claim id: asked for by 'claim = id'"));

	seen->id = (struct identity_pattern){ seen->function->id, true };
	seen->doubt = xstrdup("it may be the twin");
	CATCH(doubted, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(strstr(doubted, "refused: it is not certain"));
	assert_null(strstr(doubted, "kernel command line"));
}

static void a_unified_image_may_ignore_the_editor(void **state)
{
	static const char remark[] = "a unified image ignores that where Secure Boot";
	struct system system = { .chain.kernel_install_makes_ukis = true };
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	n.plan.system = &system;
	CATCH(other, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_null(strstr(other, remark));
	n.plan.uses_bootloader[BOOTLOADER_KERNEL_CMDLINE] = true;
	CATCH(text, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(strstr(text, remark));
	n.plan.system = NULL;
}

/* They were those of the running system, whose images nothing was written for. */
static void commands_for_another_root_are_run_in_it(void **state)
{
	char elsewhere[] = "/mnt/a root", here[] = "/";
	struct system system = { .root = elsewhere };
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	n.plan.system = &system;
	CATCH(other, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(strstr(other, "\n  chroot '/mnt/a root' grub-mkconfig -o "));
	system.root = here;
	CATCH(text, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(strstr(text, "\n  grub-mkconfig -o "));
	n.plan.system = NULL;
}

/* What is copied stays whole. */
static void a_plan_is_wrapped_on_a_terminal(void **state)
{
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	CATCH(text, report_plan(out, &n.plan, &n.changes, &n.artifacts, COLOUR_NO, 46));
	assert_non_null(strstr(text, "           claim id: no function that the host\n"
				     "             keeps has id '1002:68c8'\n"
				     "           competitors: amdgpu, radeon (built\n"
				     "             in)\n"));
	assert_non_null(strstr(text, "  6.1.0: vfio-pci is a module; loads vfio_pci\n"
				     "    vfio_iommu_type1\n"));
	assert_non_null(
		strstr(text, "its kernel's line: vfio_bootcfg=off vfio-pci.ids=\n"));
}

/* After a refusal there are neither files nor commands. */
static void a_refused_plan_has_no_empty_headings(void **state)
{
	struct artifacts none = { 0 };
	struct changes unchanged = { 0 };
	struct plan plan = { .driver = "vfio-pci" };

	CATCH(text, report_plan(out, &plan, &unchanged, &none, COLOUR_NO, 0));
	assert_string_equal(text, "0 functions for vfio-pci\n");
}

static void a_plan_has_every_key_in_its_order(void **state)
{
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	CATCH(text,
	      report_plan_json(out, &n.plan, &n.changes, &n.artifacts, &n.findings));
	assert_string_equal(
		text,
		"{\"schema\":\"vfio-bootcfg.plan/1\",\"driver\":\"vfio-pci\",\"targets\":[\n"
		"{\"name\":\"gpu\",\"address\":\"0000:29:00.0\",\"path\":\"0000:00:01.0/00.0\","
		"\"vendor\":\"1002\",\"device\":\"68c8\",\"subsystem_vendor\":\"174b\",\"subsystem_device\":\"3000\","
		"\"class\":\"030000\",\"iommu_group\":14,\"driver\":\"radeon\",\"claim\":\"id\","
		"\"reason\":\"no function that the host keeps has id '1002:68c8'\","
		"\"competitors\":[{\"module\":\"amdgpu\",\"builtin\":false},{\"module\":\"radeon\",\"builtin\":true}]},\n"
		"{\"name\":\"network\",\"address\":null,\"path\":null,\"vendor\":\"8086\",\"device\":\"10d3\","
		"\"subsystem_vendor\":null,\"subsystem_device\":null,\"class\":null,\"iommu_group\":null,\"driver\":null,"
		"\"claim\":\"id\",\"reason\":\"asked for by 'claim = id'\",\"competitors\":[]}\n"
		"],\"cmdline\":[\"intel_iommu=on\",\"vfio-pci.ids=1002:68c8\"],\"kernels\":[\n"
		"{\"release\":\"6.1.0\",\"driver\":\"module\",\"modules\":[\"vfio_pci\",\"vfio_iommu_type1\"]},\n"
		"{\"release\":\"6.12.0\",\"driver\":\"builtin\",\"modules\":[]}\n"
		"],\"initramfs\":[\"dracut\"],\"bootloader\":[\"grub\"],\"files\":[\n"
		"{\"path\":\"/etc/default/grub\",\"action\":\"update\",\"mode\":\"0644\",\"content\":\"X=1\\n\"},\n"
		"{\"path\":\"/etc/old\",\"action\":\"remove\",\"mode\":null,\"content\":null}\n"
		"],\"commands\":[\n"
		"[\"grub-mkconfig\",\"-o\",\"/boot/it's here\"]\n"
		"],\"findings\":[\n"
		"{\"code\":\"some-code\",\"severity\":\"note\",\"address\":null,\"where\":\"a.conf:3\","
		"\"message\":\"a message\",\"remedy\":\"a remedy\"}\n"
		"]}\n");
}

static void without_a_root_files_have_no_action(void **state)
{
	cleanup(free_nouns) struct nouns n;

	make_nouns(&n);
	CATCH(json, report_plan_json(out, &n.plan, NULL, &n.artifacts, &n.findings));
	assert_non_null(strstr(
		json,
		"\"files\":[\n{\"path\":\"/etc/default/grub\",\"action\":null,\"mode\":\"0644\",\"content\":\"X=1\\n\"}\n]"));
	CATCH(text, report_plan(out, &n.plan, NULL, &n.artifacts, COLOUR_NO, 0));
	assert_non_null(strstr(text, "\nfiles\n  /etc/default/grub\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_says_what_why_and_what_next),
		cmocka_unit_test(a_refused_target_has_its_own_id_and_no_claim),
		cmocka_unit_test(a_unified_image_may_ignore_the_editor),
		cmocka_unit_test(commands_for_another_root_are_run_in_it),
		cmocka_unit_test(a_plan_is_wrapped_on_a_terminal),
		cmocka_unit_test(a_refused_plan_has_no_empty_headings),
		cmocka_unit_test(a_plan_has_every_key_in_its_order),
		cmocka_unit_test(without_a_root_files_have_no_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
