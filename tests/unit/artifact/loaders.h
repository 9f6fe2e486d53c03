/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scene needs for the loaders whose command line is edited by word. */
#pragma once

#include "unit/artifact/scene.h"

#define CMDLINE "/etc/kernel/cmdline"
#define WORDS	"/var/lib/vfio-bootcfg/words"
#define PLUGIN	"/etc/kernel/install.d/93-vfio-bootcfg-fallback.install"
#define IDS	"vfio-pci.ids=1002:68c8,1002:aa60"
#define TOKENS	IDS " intel_iommu=on"
#define OFF	"vfio_bootcfg=off vfio-pci.ids="

/* Two kernels; the plan borrows them. */
static inline void scene_begin_loader(struct scene *scene, enum bootloader_kind kind)
{
	static const char *const releases[] = { "6.1.0", "6.12.0" };

	scene_begin(scene);
	scene->plan.uses_bootloader[kind] = true;
	scene->plan.keeps_fallback = true;
	for (size_t i = 0; i < 2; i++) {
		struct kernel *kernel =
			array_add(scene->system.kernels, scene->system.n_kernels);

		kernel->release = xstrdup(releases[i]);
		kernel->image = xasprintf("/boot/vmlinuz-%s", releases[i]);
	}
	for (size_t i = 0; i < 2; i++)
		array_add(scene->plan.kernels, scene->plan.n_kernels)->kernel =
			&scene->system.kernels[i];
	scene_file(scene, CMDLINE, NULL);
	scene_file(scene, "/usr/lib/kernel/cmdline", NULL);
	scene_file(scene, WORDS, NULL);
}

static inline struct loader_entry *scene_entry(struct scene *scene, const char *path,
					       size_t kernel, const char *text)
{
	struct boot_chain *chain = &scene->system.chain;
	struct loader_entry *entry = array_add(chain->entries, chain->n_entries);

	entry->path = xstrdup(path);
	entry->kernel = kernel;
	scene_file(scene, path, text);
	return entry;
}

/* The root as the artifacts leave it. */
static inline void scene_apply(struct scene *scene)
{
	for (size_t i = 0; i < scene->artifacts.n; i++)
		scene_file_bytes(scene, scene->artifacts.v[i].path,
				 scene->artifacts.v[i].bytes, scene->artifacts.v[i].size);
}

static inline const char *scene_text(const struct scene *scene, const char *path)
{
	const struct artifact *artifact = scene_artifact(scene, path);

	return artifact ? artifact->bytes : NULL;
}

/* The only finding. */
static inline const struct finding *scene_finding(const struct scene *scene)
{
	assert_int_equal(scene->findings.n, 1);
	return &scene->findings.v[0];
}

/* Another plan: one id more or less. */
static inline void scene_change_ids(struct scene *scene, const char *token)
{
	free(scene->plan.cmdline.v[0]);
	scene->plan.cmdline.v[0] = xstrdup(token);
}
