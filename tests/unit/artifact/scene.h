/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan in a few lines, without the room that makes plans, and what it is rendered to.
 * A scene owns everything that it was given; scene_end() frees it. */
#pragma once

#include "artifact/artifact.h"
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

struct scene {
	struct system system;
	struct plan plan;
	struct device_rule rule;
	struct function function;
	struct artifacts artifacts;
	struct findings findings;
};

/* Two ids, the IOMMU, one softdep, one target. */
static inline void scene_begin(struct scene *scene)
{
	static const char *const tokens[] = { "vfio-pci.ids=1002:68c8,1002:aa60",
					      "intel_iommu=on" };
	static const char *const modules[] = { "vfio_pci", "vfio", "vfio_iommu_type1" };
	struct plan *plan = &scene->plan;
	struct plan_softdep *softdep;
	struct target *target;

	*scene = (struct scene){ .plan = { .driver = "vfio-pci" } };
	plan->system = &scene->system;
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		strings_add(&plan->cmdline, tokens[i]);
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
		strings_add(&plan->modules, modules[i]);
	softdep = array_add(plan->softdeps, plan->n_softdeps);
	softdep->module = xstrdup("radeon");
	strings_add(&softdep->pre, "vfio-pci");
	scene->rule.name = xstrdup("gpu");
	assert_true(bdf_parse("29:00.0", &scene->function.bdf));
	scene->function.id = (struct identity){ 0x1002, 0x68c8, 0x174b, 0x3000 };
	target = array_add(plan->targets, plan->n_targets);
	target->rule = &scene->rule;
	target->function = &scene->function;
}

static int scene_compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* What the root holds at that path: NULL for no file. */
static inline void scene_file_bytes(struct scene *scene, const char *path,
				    const char *bytes, size_t n)
{
	struct file *file = (struct file *)system_file(&scene->system, path);

	if (!file) {
		file = array_add(scene->system.files, scene->system.n_files);
		file->path = xstrdup(path);
		qsort(scene->system.files, scene->system.n_files, sizeof *file,
		      scene_compare_files);
		file = (struct file *)system_file(&scene->system, path);
	}
	free(file->bytes);
	file->exists = bytes != NULL;
	file->mode = bytes ? 0640 : 0;
	file->size = n;
	file->bytes = NULL;
	if (bytes) {
		file->bytes = xcalloc(n + 1, 1);
		memcpy(file->bytes, bytes, n);
	}
}

static inline void scene_file(struct scene *scene, const char *path, const char *text)
{
	scene_file_bytes(scene, path, text, text ? strlen(text) : 0);
}

static inline void scene_render(struct scene *scene)
{
	artifacts_free(&scene->artifacts);
	findings_free(&scene->findings);
	artifacts_render(&scene->plan, &scene->artifacts, &scene->findings);
}

/* NULL where there is none. */
static inline const struct artifact *scene_artifact(const struct scene *scene,
						    const char *path)
{
	for (size_t i = 0; i < scene->artifacts.n; i++)
		if (strcmp(scene->artifacts.v[i].path, path) == 0)
			return &scene->artifacts.v[i];
	return NULL;
}

static inline void scene_end(struct scene *scene)
{
	artifacts_free(&scene->artifacts);
	findings_free(&scene->findings);
	plan_free(&scene->plan);
	system_free(&scene->system);
	free(scene->rule.name);
}
