/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine, a system and a configuration in a few lines, and the plan that they give.
 * A scene owns everything that it was given; scene_end() frees it.
 */
#pragma once

#include "facts/record.h"
#include "plan/plan.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

struct scene {
	struct config config;
	struct machine machine;
	struct system system;
	struct record record;
	struct plan plan;
	struct findings findings;
};

/* A machine with an Intel IOMMU; one kernel with vfio-pci as a module; dracut and GRUB.
 */
static inline void scene_begin(struct scene *scene)
{
	static struct detection found = { .found = true };

	*scene = (struct scene){ 0 };
	scene->config.driver = xstrdup("vfio-pci");
	scene->machine.has_functions = scene->machine.has_sysfs = true;
	scene->machine.iommu.active = scene->machine.iommu.in_firmware = YES;
	scene->machine.iommu.kind = IOMMU_INTEL;
	scene->system.root = xstrdup("/");
	scene->system.has_early_binder = true;
	scene->system.initramfs[INITRAMFS_DRACUT] = found;
	scene->system.bootloader[BOOTLOADER_GRUB] = found;
}

static inline struct function *scene_function(struct scene *scene, const char *address,
					      const char *identity, uint32_t class)
{
	struct function *function =
		array_add(scene->machine.functions.v, scene->machine.functions.n);
	struct identity_pattern pattern;

	assert_true(bdf_parse(address, &function->bdf));
	assert_true(identity_pattern_parse(identity, &pattern));
	function->id = pattern.id;
	function->class = class;
	function->header_type = class >> 8 == 0x0604;
	function->description = xstrdup("a device");
	function->iommu_group = (int)scene->machine.functions.n;
	return function;
}

static inline struct kernel *scene_kernel(struct scene *scene, const char *release)
{
	struct kernel *kernel = array_add(scene->system.kernels, scene->system.n_kernels);

	kernel->release = xstrdup(release);
	return kernel;
}

static inline void modules_add(struct modules *modules, const char *name,
			       enum module_state state)
{
	struct module *module = array_add(modules->v, modules->n);

	module->name = xstrdup(name);
	module->state = state;
}

/* In alphabetical order, as probe leaves them. */
static inline void scene_vfio(struct kernel *kernel, enum module_state state)
{
	modules_add(&kernel->reserving, "vfio", state);
	modules_add(&kernel->reserving, "vfio_iommu_type1", state);
	modules_add(&kernel->reserving, "vfio_pci", state);
}

/* One modalias a call, in the order of the modaliases. */
static inline void scene_match(struct kernel *kernel, const struct function *function,
			       const char *module, enum module_state state)
{
	struct alias_match *match = array_add(kernel->matches, kernel->n_matches);

	match->modalias = function_modalias(function);
	modules_add(&match->modules, module, state);
}

static inline struct device_rule *scene_rule(struct scene *scene, const char *name)
{
	struct device_rule *rule =
		array_add(scene->config.devices, scene->config.n_devices);

	rule->name = xstrdup(name);
	rule->where = xstrdup("test.conf:3");
	return rule;
}

static inline struct device_rule *rule_address(struct device_rule *rule,
					       const char *address)
{
	assert_true(bdf_parse(address, array_add(rule->addresses, rule->n_addresses)));
	return rule;
}

static inline struct device_rule *rule_id(struct device_rule *rule, const char *id)
{
	assert_true(identity_pattern_parse(id, array_add(rule->ids, rule->n_ids)));
	return rule;
}

/* In the order of their paths, as probe leaves them. */
static inline void scene_file(struct scene *scene, const char *path, const char *text)
{
	*array_add(scene->system.files, scene->system.n_files) = (struct file){
		.path = xstrdup(path),
		.exists = true,
		.bytes = xstrdup(text),
		.size = strlen(text),
	};
}

/* In the order of modprobe.d, the line that is `number` of its file. */
static inline void scene_setting(struct scene *scene, enum setting_command command,
				 const char *module, const char *text, unsigned number)
{
	struct settings *settings = &scene->system.settings;

	*array_add(settings->v, settings->n) = (struct setting){
		.command = command,
		.where = xasprintf("/etc/modprobe.d/vfio.conf:%u", number),
		.module = xstrdup(module),
		.text = xstrdup(text),
	};
}

static inline void scene_override(struct scene *scene, const char *address,
				  const char *driver)
{
	struct driverctl_override *override =
		array_add(scene->system.overrides, scene->system.n_overrides);

	override->where = xasprintf("/etc/driverctl.d/pci-%s", address);
	override->driver = xstrdup(driver);
	assert_true(bdf_parse(address, &override->bdf));
}

static inline void scene_cmdline(struct scene *scene, const char *cmdline)
{
	free(scene->machine.cmdline);
	scene->machine.cmdline = xstrdup(cmdline);
}

/* Once all functions are there: pointers to them are valid from here on. */
static inline struct function *scene_index(struct scene *scene)
{
	functions_index(&scene->machine.functions);
	return scene->machine.functions.v;
}

static inline void scene_plan(struct scene *scene)
{
	plan_make(&scene->config, &scene->machine, &scene->system,
		  scene->record.n || scene->record.n_builtins ? &scene->record : NULL,
		  &scene->plan, &scene->findings);
}

static inline const struct finding *scene_finding(const struct scene *scene,
						  const char *code)
{
	for (size_t i = 0; i < scene->findings.n; i++)
		if (strcmp(scene->findings.v[i].code, code) == 0)
			return &scene->findings.v[i];
	return NULL;
}

static inline void assert_plan_is_good(const struct scene *scene)
{
	for (size_t i = 0; i < scene->findings.n; i++)
		if (scene->findings.v[i].severity == SEVERITY_ERROR)
			fail_msg("%s: %s", scene->findings.v[i].code,
				 scene->findings.v[i].message);
}

static inline void assert_refused(const struct scene *scene, const char *code)
{
	const struct finding *finding = scene_finding(scene, code);

	if (!finding || finding->severity != SEVERITY_ERROR)
		fail_msg("no error '%s'", code);
}

/* Of all findings, 'severity code where address', one a line, in their order. */
static inline void assert_findings(const struct scene *scene, const char *expected)
{
	struct strings lines = { 0 };
	char *text;

	for (size_t i = 0; i < scene->findings.n; i++) {
		const struct finding *f = &scene->findings.v[i];

		strings_take(&lines, xasprintf("%s %s %s %s", severity_name(f->severity),
					       f->code, f->where ? f->where : "-",
					       f->address ? f->address : "-"));
	}
	text = strings_join(&lines, "\n");
	assert_string_equal(text, expected);
	strings_free(&lines);
	free(text);
}

static inline void assert_message(const struct scene *scene, const char *code,
				  const char *expected)
{
	const struct finding *finding = scene_finding(scene, code);

	if (!finding)
		fail_msg("no finding '%s'", code);
	else
		assert_string_equal(finding->message, expected);
}

static inline void assert_cmdline(const struct scene *scene, const char *expected)
{
	char *line = strings_join(&scene->plan.cmdline, " ");

	assert_string_equal(line, expected);
	free(line);
}

static inline void scene_end(struct scene *scene)
{
	plan_free(&scene->plan);
	findings_free(&scene->findings);
	record_free(&scene->record);
	config_free(&scene->config);
	machine_free(&scene->machine);
	system_free(&scene->system);
}
