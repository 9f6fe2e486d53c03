/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_modprobe.h"

#include "base/memory.h"
#include "probe/kernels.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { MODPROBE_FILE_MAX = 1024 * 1024 };

/* A file of that name in an earlier folder hides one in a later folder. libkmod reads the
 * fourth since 32; before, where /lib is /usr/lib. */
static const char *const folders[] = {
	"/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

struct modprobe_file {
	const char *folder;
	char *name;
};
struct modprobe_files {
	struct modprobe_file *v;
	size_t n;
};

static void files_free(struct modprobe_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->v[i].name);
	free(files->v);
	*files = (struct modprobe_files){ 0 };
}

/* By name, over all folders (libkmod/libkmod-config.c, conf_files_insert_sorted); the
 * order of folders[] stays where names are the same. */
static int compare_files(const void *a, const void *b)
{
	const struct modprobe_file *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (x->folder == folders[i] || y->folder == folders[i])
			return x->folder == y->folder	 ? 0
			       : x->folder == folders[i] ? -1
							 : 1;
	return 0;
}

static bool is_configuration(const char *name)
{
	static const char suffix[] = ".conf";
	size_t n = strlen(name), n_suffix = sizeof suffix - 1;

	return *name != '.' && n > n_suffix && strcmp(name + n - n_suffix, suffix) == 0;
}

static void list_files(const struct root *root, struct modprobe_files *files,
		       struct findings *findings)
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		cleanup_strings struct strings names = { 0 };
		int error = root_list(root, folders[i], &names);

		if (error && error != -ENOENT && error != -ENOTDIR)
			findings_add(findings, SEVERITY_WARNING, "unreadable-file",
				     folders[i], "cannot list '%s': %s", folders[i],
				     strerror(-error));
		for (size_t k = 0; k < names.n; k++)
			if (is_configuration(names.v[k]))
				*array_add(files->v, files->n) = (struct modprobe_file){
					.folder = folders[i],
					.name = xstrdup(names.v[k]),
				};
	}
	if (files->n)
		qsort(files->v, files->n, sizeof *files->v, compare_files);
}

static void read_file(const struct root *root, const struct modprobe_file *file,
		      struct modprobe *modprobe, struct findings *findings)
{
	cleanup_free char *path = xasprintf("%s/%s", file->folder, file->name);
	cleanup_free char *text = NULL;
	size_t size;
	int error = root_read(root, path, MODPROBE_FILE_MAX, &text, &size);

	/* A link to /dev/null, a folder: libkmod passes over them in silence, too. */
	if (error == -ENOENT || error == -EINVAL || error == -EISDIR)
		return;
	if (error) {
		findings_add(findings, SEVERITY_WARNING, "unreadable-file", path,
			     "cannot read '%s', whose lines are not known: %s", path,
			     strerror(-error));
		return;
	}
	modprobe_parse(text, path,
		       strcmp(file->name, "modules.softdep") < 0 ? &modprobe->before
								 : &modprobe->after,
		       &modprobe->aliases, &modprobe->settings);
}

void modprobe_read(const struct root *root, struct modprobe *ret,
		   struct findings *findings)
{
	struct modprobe_files files = { 0 };
	struct modprobe modprobe = { 0 };

	list_files(root, &files, findings);
	for (size_t i = 0; i < files.n; i++)
		if (strcmp(files.v[i].name, KERNELS_OWN_MODPROBE_FILE) != 0 &&
		    (!i || strcmp(files.v[i].name, files.v[i - 1].name) != 0))
			read_file(root, &files.v[i], &modprobe, findings);
	aliases_sort(&modprobe.aliases);
	files_free(&files);
	*ret = modprobe;
}

static const struct softdep_line *first_match(const struct softdep_lines *lines,
					      const char *module)
{
	for (size_t i = 0; i < lines->n; i++)
		if (fnmatch(lines->v[i].pattern, module, 0) == 0)
			return &lines->v[i];
	return NULL;
}

const struct softdep_line *modprobe_softdep(const struct modprobe *modprobe,
					    const struct softdep_lines *kernel,
					    const char *module)
{
	const struct softdep_line *line = first_match(&modprobe->before, module);

	if (!line)
		line = first_match(kernel, module);
	return line ? line : first_match(&modprobe->after, module);
}

void softdep_lines_free(struct softdep_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		free(lines->v[i].pattern);
		strings_free(&lines->v[i].pre);
		strings_free(&lines->v[i].post);
		free(lines->v[i].where);
	}
	free(lines->v);
	*lines = (struct softdep_lines){ 0 };
}

void modprobe_free(struct modprobe *modprobe)
{
	softdep_lines_free(&modprobe->before);
	softdep_lines_free(&modprobe->after);
	aliases_free(&modprobe->aliases);
	settings_free(&modprobe->settings);
}
