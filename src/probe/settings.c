/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/settings.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define DRIVERCTL_FOLDER "/etc/driverctl.d"

enum { OVERRIDE_SIZE_MAX = 4096 };

static void add_setting(struct settings *settings, const struct setting *line,
			const char *module)
{
	*array_add(settings->v, settings->n) = (struct setting){
		.command = line->command,
		.where = xstrdup(line->where),
		.module = xstrdup(module),
		.text = xstrdup(line->text),
	};
}

static bool applies(const struct setting *line, const char *module)
{
	return line->command == SETTING_INSTALL ? fnmatch(line->module, module, 0) == 0
						: strcmp(line->module, module) == 0;
}

void settings_of_modules(const struct settings *all, const struct strings *modules,
			 struct settings *ret)
{
	cleanup_free bool *is_installed = xcalloc(modules->n + 1, sizeof *is_installed);

	for (size_t i = 0; i < all->n; i++) {
		const struct setting *line = &all->v[i];
		bool is_install = line->command == SETTING_INSTALL;

		for (size_t k = 0; k < modules->n; k++) {
			if (!applies(line, modules->v[k]) ||
			    (is_install && is_installed[k]))
				continue;
			is_installed[k] |= is_install;
			add_setting(ret, line, modules->v[k]);
		}
	}
}

/* 'pci-0000:01:00.0'; old versions left the bus out. */
static bool parse_name(const char *name, struct bdf *ret)
{
	static const char bus[] = "pci-";

	if (strncmp(name, bus, sizeof bus - 1) == 0)
		name += sizeof bus - 1;
	return bdf_parse(name, ret);
}

static void read_override(const struct root *root, const char *name,
			  struct system *system, struct findings *findings)
{
	cleanup_free char *path = xasprintf(DRIVERCTL_FOLDER "/%s", name);
	cleanup_free char *text = NULL;
	struct bdf bdf;
	size_t size;
	int error;

	if (!parse_name(name, &bdf))
		return;
	error = root_read(root, path, OVERRIDE_SIZE_MAX, &text, &size);
	if (error) {
		findings_add(findings, SEVERITY_WARNING, "unreadable-file", path,
			     "cannot read '%s', which gives a function to a driver: %s",
			     path, strerror(-error));
		return;
	}
	*array_add(system->overrides, system->n_overrides) = (struct driverctl_override){
		.where = xstrdup(path),
		.bdf = bdf,
		.driver = xstrndup(text, strcspn(text, " \t\r\n")),
	};
}

static int compare_overrides(const void *a, const void *b)
{
	const struct driverctl_override *x = a, *y = b;
	int order = bdf_compare(&x->bdf, &y->bdf);

	return order ? order : strcmp(x->where, y->where);
}

void probe_overrides(const struct root *root, struct system *system,
		     struct findings *findings)
{
	cleanup_strings struct strings names = { 0 };
	int error = root_list(root, DRIVERCTL_FOLDER, &names);

	if (error && error != -ENOENT && error != -ENOTDIR)
		findings_add(findings, SEVERITY_WARNING, "unreadable-file",
			     DRIVERCTL_FOLDER, "cannot list '%s': %s", DRIVERCTL_FOLDER,
			     strerror(-error));
	for (size_t i = 0; i < names.n; i++)
		read_override(root, names.v[i], system, findings);
	if (system->n_overrides)
		qsort(system->overrides, system->n_overrides, sizeof *system->overrides,
		      compare_overrides);
}
