/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A boot put together by hand: machine, plan, log, and what verify says of them. */
#pragma once

#include "unit/check.h"
#include "verify/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scene {
	struct machine machine;
	struct plan plan;
	struct kernel_log log;
	struct verification verification;
	struct device_rule rule;
	const struct next_boot *next; /* or NULL */
	struct kernel kernel;	      /* the one that runs, for what is built in */
};

static inline struct bdf bdf_of(const char *text)
{
	struct bdf bdf = { 0 };

	assert_true(bdf_parse(text, &bdf));
	return bdf;
}

static inline struct identity_pattern pattern_of(const char *text)
{
	struct identity_pattern pattern = { 0 };

	assert_true(identity_pattern_parse(text, &pattern));
	return pattern;
}

static inline char *copied(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

/* A machine whose IOMMU works, with kernel 6.12. */
static inline void scene_begin(struct scene *scene)
{
	*scene = (struct scene){
		.machine = { .name = xstrdup("scene"),
			     .has_functions = true,
			     .has_sysfs = true,
			     .iommu = { YES, YES, IOMMU_INTEL,
					xstrdup("sys/class/iommu/dmar0") },
			     .cpu = CPU_INTEL,
			     .interrupt_remapping = YES,
			     .unsafe_interrupts = NO,
			     .release = xstrdup("6.12.1"),
			     .cmdline = xstrdup("quiet"),
			     .has_device_nodes = YES },
		.plan = { .driver = "vfio-pci" },
		.rule = { .name = (char *)"gpu" },
	};
	scene->machine.modules.known = YES;
}

/* No sysfs, no functions: nothing but a log. */
static inline void scene_is_bare(struct scene *scene)
{
	machine_free(&scene->machine);
	scene->machine = (struct machine){ .name = xstrdup("log") };
}

static inline struct function *scene_function(struct scene *scene, const char *bdf,
					      const char *id, uint32_t class,
					      const char *driver, int group)
{
	struct functions *functions = &scene->machine.functions;
	struct function *function = array_add(functions->v, functions->n);

	function->bdf = bdf_of(bdf);
	function->id = pattern_of(id).id;
	function->class = class;
	function->description = xstrdup("");
	function->driver = copied(driver);
	function->driver_module = copied(driver);
	function->iommu_group = group;
	return function;
}

static inline struct target *scene_target(struct scene *scene, const char *bdf,
					  const char *id)
{
	struct target *target = array_add(scene->plan.targets, scene->plan.n_targets);

	target->rule = &scene->rule;
	target->has_bdf = bdf != NULL;
	if (bdf)
		target->bdf = bdf_of(bdf);
	if (id)
		target->id = pattern_of(id);
	target->claim = CLAIM_ID;
	return target;
}

static inline void scene_competitor(struct target *target, const char *module,
				    bool is_builtin)
{
	struct competitor *competitor =
		array_add(target->competitors, target->n_competitors);

	competitor->module = xstrdup(module);
	competitor->is_builtin = is_builtin;
	competitor->is_loadable = !is_builtin;
}

static inline void scene_modules(struct scene *scene, const char *names)
{
	strings_split(&scene->machine.modules.names, names, " ");
}

static inline void scene_cmdline(struct scene *scene, const char *booted,
				 const char *planned)
{
	free(scene->machine.cmdline);
	scene->machine.cmdline = copied(booted);
	strings_split(&scene->plan.cmdline, planned ? planned : "", " ");
}

static inline void scene_log(struct scene *scene, const char *text)
{
	FILE *stream = tmpfile();

	assert_non_null(stream);
	fputs(text, stream);
	rewind(stream);
	assert_int_equal(kernel_log_read(stream, "kernel.log", &scene->log), 0);
	fclose(stream);
}

static inline void scene_judge(struct scene *scene)
{
	functions_index(&scene->machine.functions);
	for (size_t i = 0; i < scene->plan.n_targets; i++)
		if (scene->plan.targets[i].has_bdf)
			scene->plan.targets[i].function = functions_at(
				&scene->machine.functions, scene->plan.targets[i].bdf);
	verify_boot(&scene->plan, &scene->machine, &scene->log, scene->next,
		    &scene->verification);
}

static inline void scene_end(struct scene *scene)
{
	for (size_t i = 0; i < scene->plan.n_targets; i++) {
		for (size_t k = 0; k < scene->plan.targets[i].n_competitors; k++)
			free(scene->plan.targets[i].competitors[k].module);
		free(scene->plan.targets[i].competitors);
		free(scene->plan.targets[i].doubt);
		free(scene->plan.targets[i].doubt_remedy);
	}
	free(scene->plan.targets);
	free(scene->plan.kernels);
	strings_free(&scene->plan.cmdline);
	machine_free(&scene->machine);
	kernel_log_free(&scene->log);
	verification_free(&scene->verification);
}

#define cleanup_scene cleanup(scene_end)

/* The first result of a check for an address, or for any where that is NULL. */
static inline const struct check_result *
result_of(const struct verification *verification, const char *code, const char *address)
{
	for (size_t i = 0; i < verification->n_checks; i++) {
		const struct check_result *result = &verification->checks[i];

		if (strcmp(result->code, code) == 0 &&
		    (!address ||
		     (result->address && strcmp(result->address, address) == 0)))
			return result;
	}
	return NULL;
}

/* 'pass', …, or '-' where the check has no result. */
static inline const char *status_of(const struct scene *scene, const char *code)
{
	const struct check_result *result = result_of(&scene->verification, code, NULL);

	return result ? check_status_name(result->status) : "-";
}

static inline bool shows(const struct check_result *result, const char *text)
{
	for (size_t i = 0; i < result->n_evidence; i++)
		if (strstr(result->evidence[i].text, text))
			return true;
	return false;
}

/* The codes that have a status, each once, in the order of the table. */
static inline char *codes_with(const struct verification *verification,
			       enum check_status status)
{
	struct strings codes cleanup_strings = { 0 };

	for (size_t i = 0; i < verification->n_checks; i++)
		if (verification->checks[i].status == status &&
		    !strings_has(&codes, verification->checks[i].code))
			strings_add(&codes, verification->checks[i].code);
	return strings_join(&codes, " ");
}
