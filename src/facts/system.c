/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/system.h"

#include <stdlib.h>
#include <string.h>

const char *module_state_name(enum module_state state)
{
	static const char *const names[] = {
		[MODULE_MISSING] = "missing",
		[MODULE_LOADABLE] = "module",
		[MODULE_BUILTIN] = "builtin",
	};

	return names[state];
}

char *module_evidence_text(const struct module *module)
{
	static const char *const texts[] = {
		[EVIDENCE_BUILTIN_ALIAS] = "its alias in modules.builtin.modinfo",
		[EVIDENCE_ALIAS] = "its alias in modules.alias",
		[EVIDENCE_SETTING] = "its alias in modprobe.d",
		[EVIDENCE_DRIVER] = "the driver that holds the device",
		[EVIDENCE_RECORD] = "what held the device when it was reserved",
	};

	if (!module->evidence_release)
		return xstrdup(texts[module->evidence]);
	return xasprintf("%s %s kernel '%s'", texts[module->evidence],
			 module->evidence == EVIDENCE_DRIVER ? "under" : "of",
			 module->evidence_release);
}

/* As the kernel and libkmod compare module names: '-' is '_'. */
static int compare_names(const char *a, const char *b)
{
	for (;; a++, b++) {
		unsigned char x = *a == '-' ? '_' : (unsigned char)*a;
		unsigned char y = *b == '-' ? '_' : (unsigned char)*b;

		if (x != y || !x)
			return x - y;
	}
}

static int compare_to_match(const void *key, const void *element)
{
	return strcmp(key, ((const struct alias_match *)element)->modalias);
}

static int compare_to_module(const void *key, const void *element)
{
	return compare_names(key, ((const struct module *)element)->name);
}

static int compare_to_softdep(const void *key, const void *element)
{
	return compare_names(key, ((const struct softdep *)element)->module);
}

static int compare_to_file(const void *key, const void *element)
{
	return strcmp(key, ((const struct file *)element)->path);
}

static int compare_to_override(const void *key, const void *element)
{
	return bdf_compare(key, &((const struct driverctl_override *)element)->bdf);
}

/* bsearch() may not be given NULL, which is what an empty array is. */
static const void *find(const void *key, const void *v, size_t n, size_t size,
			int (*compare)(const void *, const void *))
{
	return n ? bsearch(key, v, n, size, compare) : NULL;
}

struct modules kernel_matches(const struct kernel *kernel, const char *modalias)
{
	const struct alias_match *match =
		find(modalias, kernel->matches, kernel->n_matches,
		     sizeof *kernel->matches, compare_to_match);

	return match ? match->modules : (struct modules){ 0 };
}

enum module_state kernel_module_state(const struct kernel *kernel, const char *module)
{
	const struct module *found =
		find(module, kernel->reserving.v, kernel->reserving.n,
		     sizeof *kernel->reserving.v, compare_to_module);

	return found ? found->state : MODULE_MISSING;
}

const struct softdep *kernel_softdep(const struct kernel *kernel, const char *module)
{
	return find(module, kernel->softdeps, kernel->n_softdeps,
		    sizeof *kernel->softdeps, compare_to_softdep);
}

const struct file *system_file(const struct system *system, const char *path)
{
	return find(path, system->files, system->n_files, sizeof *system->files,
		    compare_to_file);
}

const struct driverctl_override *system_override(const struct system *system,
						 struct bdf bdf)
{
	return find(&bdf, system->overrides, system->n_overrides,
		    sizeof *system->overrides, compare_to_override);
}

void modules_free(struct modules *modules)
{
	for (size_t i = 0; i < modules->n; i++)
		free(modules->v[i].name);
	free(modules->v);
	*modules = (struct modules){ 0 };
}

static void kernel_free(struct kernel *kernel)
{
	free(kernel->release);
	free(kernel->image);
	modules_free(&kernel->reserving);
	for (size_t i = 0; i < kernel->n_matches; i++) {
		free(kernel->matches[i].modalias);
		modules_free(&kernel->matches[i].modules);
	}
	free(kernel->matches);
	for (size_t i = 0; i < kernel->n_softdeps; i++) {
		free(kernel->softdeps[i].module);
		strings_free(&kernel->softdeps[i].pre);
		strings_free(&kernel->softdeps[i].post);
		free(kernel->softdeps[i].where_before);
	}
	free(kernel->softdeps);
}

void system_free(struct system *system)
{
	free(system->root);
	for (size_t i = 0; i < system->n_kernels; i++)
		kernel_free(&system->kernels[i]);
	free(system->kernels);
	for (size_t i = 0; i < INITRAMFS_KINDS; i++)
		free(system->initramfs[i].evidence);
	for (size_t i = 0; i < BOOTLOADER_KINDS; i++)
		free(system->bootloader[i].evidence);
	boot_chain_free(&system->chain);
	for (size_t i = 0; i < system->n_files; i++) {
		free(system->files[i].path);
		free(system->files[i].bytes);
	}
	free(system->files);
	settings_free(&system->settings);
	for (size_t i = 0; i < system->n_overrides; i++) {
		free(system->overrides[i].where);
		free(system->overrides[i].driver);
	}
	free(system->overrides);
	*system = (struct system){ 0 };
}
