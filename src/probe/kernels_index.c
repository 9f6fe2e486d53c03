/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_index.h"

#include "base/memory.h"

#include <libkmod.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INDEX_FILE_MAX = 16 * 1024 * 1024 };

/* NULL where it cannot be read. The caller frees it. */
static char *read_file(const struct root *root, const char *folder, const char *name,
		       size_t *ret_size)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	char *text = NULL;

	return root_read(root, path, INDEX_FILE_MAX, &text, ret_size) ? NULL : text;
}

/* 'kernel/drivers/vfio/pci/vfio-pci.ko' -> 'vfio_pci' */
static char *name_of_module(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	char *name = xstrndup(file, strcspn(file, "."));

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static bool read_builtin(const struct root *root, const char *folder,
			 struct kernel_index *index)
{
	size_t size;
	cleanup_free char *text = read_file(root, folder, "modules.builtin", &size);
	cleanup_strings struct strings paths = { 0 };

	if (!text)
		return false;
	strings_split(&paths, text, "\n");
	for (size_t i = 0; i < paths.n; i++)
		strings_take(&index->builtin, name_of_module(paths.v[i]));
	strings_sort(&index->builtin);
	return true;
}

static void read_builtin_aliases(const struct root *root, const char *folder,
				 struct kernel_index *index)
{
	size_t size;
	cleanup_free char *bytes =
		read_file(root, folder, "modules.builtin.modinfo", &size);

	if (bytes)
		aliases_add_modinfo(&index->builtin_aliases, bytes, size);
	aliases_sort(&index->builtin_aliases);
}

static void read_softdeps(const struct root *root, const char *folder,
			  struct kernel_index *index)
{
	size_t size;
	cleanup_free char *text = read_file(root, folder, "modules.softdep", &size);

	if (text)
		modprobe_parse(text, "modules.softdep", &index->softdeps, NULL, NULL);
}

static void stay_silent(void *data, int priority, const char *file, int line,
			const char *function, const char *format, va_list arguments)
{
}

static int open_kmod(const struct root *root, const char *folder,
		     struct kernel_index *index)
{
	static const char *const no_configuration[] = { NULL };
	cleanup_free char *path = NULL;
	int error = root_path(root, folder, &path, &index->fd);

	if (error)
		return error;
	index->kmod = kmod_new(path, no_configuration);
	if (!index->kmod)
		abort(); /* nothing but memory is asked for */
	kmod_set_log_fn(index->kmod, stay_silent, NULL);
	return kmod_load_resources(index->kmod);
}

void kernel_index_open(const struct root *root, const char *folder,
		       struct kernel_index *ret, struct findings *findings)
{
	const char *release = strrchr(folder, '/') + 1;
	struct kernel_index index = { .fd = -1 };
	int error = open_kmod(root, folder, &index);
	struct finding *finding;

	if (error) {
		finding = findings_add(
			findings, SEVERITY_WARNING, "no-module-index", folder,
			"kernel '%s' has no complete module index, so that the drivers that compete for a device are not known: expected modules.dep.bin, modules.alias.bin, modules.symbols.bin and modules.builtin.bin",
			release);
		finding_remedy(finding, "run 'depmod %s'", release);
	}
	if (!read_builtin(root, folder, &index))
		findings_add(
			findings, SEVERITY_WARNING, "no-module-index", folder,
			"kernel '%s' has no readable 'modules.builtin', so that the drivers that are built in are not known",
			release);
	read_builtin_aliases(root, folder, &index);
	read_softdeps(root, folder, &index);
	*ret = index;
}

void kernel_index_close(struct kernel_index *index)
{
	kmod_unref(index->kmod);
	if (index->fd >= 0)
		close(index->fd);
	strings_free(&index->builtin);
	aliases_free(&index->builtin_aliases);
	softdep_lines_free(&index->softdeps);
	*index = (struct kernel_index){ .fd = -1 };
}

static int compare_to_name(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

bool kernel_index_has(const struct strings *builtin, const char *module)
{
	return builtin->n && bsearch(module, builtin->v, builtin->n, sizeof *builtin->v,
				     compare_to_name);
}

static bool is_loadable(const struct kernel_index *index, const char *name)
{
	struct kmod_module *module;
	bool found;

	if (!index->kmod || kmod_module_new_from_name(index->kmod, name, &module) < 0)
		return false;
	/* Looks into modules.dep alone; kmod_module_get_initstate() would look at what
	 * runs. */
	found = kmod_module_get_path(module);
	kmod_module_unref(module);
	return found;
}

enum module_state kernel_index_state(const struct kernel_index *index, const char *module)
{
	/* Both, where an older build left its files behind: the kernel has it. */
	if (kernel_index_has(&index->builtin, module))
		return MODULE_BUILTIN;
	return is_loadable(index, module) ? MODULE_LOADABLE : MODULE_MISSING;
}

static bool depends_on(const struct kernel_index *index, const char *name,
		       const char *wanted)
{
	struct kmod_module *module;
	struct kmod_list *list, *entry;
	bool found = false;

	if (kmod_module_new_from_name(index->kmod, name, &module) < 0)
		return false;
	list = kmod_module_get_dependencies(module);
	kmod_list_foreach(entry, list)
	{
		struct kmod_module *dependency = kmod_module_get_module(entry);

		found |= strcmp(kmod_module_get_name(dependency), wanted) == 0;
		kmod_module_unref(dependency);
	}
	kmod_module_unref_list(list);
	kmod_module_unref(module);
	return found;
}

enum module_state kernel_index_driver(const struct kernel_index *index,
				      const char *module)
{
	enum module_state state = kernel_index_state(index, module);
	bool is_usual =
		strcmp(module, "vfio_pci") == 0 || strcmp(module, "pci_stub") == 0;

	/* Every variant driver of vfio-pci is made with what vfio-pci itself is made
	 * with; of one that is built in nothing is known but its name. */
	if (state == MODULE_LOADABLE && !is_usual &&
	    !depends_on(index, module, "vfio_pci_core"))
		return MODULE_MISSING;
	return state;
}

void kernel_index_match(const struct kernel_index *index, const char *modalias,
			struct strings *modules)
{
	struct kmod_list *list = NULL, *entry;

	if (index->kmod && kmod_module_new_from_lookup(index->kmod, modalias, &list) >= 0)
		kmod_list_foreach(entry, list)
		{
			struct kmod_module *module = kmod_module_get_module(entry);

			strings_add(modules, kmod_module_get_name(module));
			kmod_module_unref(module);
		}
	kmod_module_unref_list(list);
	aliases_match(&index->builtin_aliases, modalias, modules);
}
