/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/functions.h"
#include "probe/topology.h"

#include <stdlib.h>
#include <string.h>

static int compare_drivers(const void *a, const void *b)
{
	const struct function *x = *(struct function *const *)a;
	const struct function *y = *(struct function *const *)b;
	int order = strcmp(x->driver, y->driver);

	return order ? order : bdf_compare(&x->bdf, &y->bdf);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of the loaded modules in the order in which they are searched. */
static struct strings sorted(const struct strings *names)
{
	struct strings copy = { 0 };

	strings_add_all(&copy, names);
	strings_sort(&copy);
	return copy;
}

/*
 * A driver that is built in has the link too, as soon as it has a parameter
 * (kernel/params.c, locate_module_kobject) and since 6.15 always (drivers/base/module.c,
 * module_add_driver), but is never among the loaded modules.
 */
static void read_module(const struct tree *tree, const struct machine *machine,
			const struct strings *loaded, struct function *function)
{
	cleanup_free char *target = NULL;
	const char *name;
	bool is_loaded;

	if (tree_readlink(tree, &target, SYSFS_PCI_DEVICES "/%s/driver/module",
			  bdf_text(function->bdf).s) < 0)
		return;
	name = path_base(target);
	is_loaded = loaded->n && bsearch(&name, loaded->v, loaded->n, sizeof *loaded->v,
					 compare_names);
	if (machine->modules.known == YES && !is_loaded)
		function->builtin_module = xstrdup(name);
	else
		function->driver_module = xstrdup(name);
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

void functions_read_modules(const struct tree *tree, struct machine *machine)
{
	const struct functions *functions = &machine->functions;
	cleanup_strings struct strings loaded = sorted(&machine->modules.names);
	cleanup_free struct function **held =
		xcalloc(functions->n + 1, sizeof(struct function *));
	size_t n = 0;

	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].driver)
			held[n++] = &functions->v[i];
	/* By driver, so that each one's link is read once. */
	qsort(held, n, sizeof *held, compare_drivers);
	for (size_t i = 0; i < n; i++) {
		const struct function *before = i ? held[i - 1] : NULL;

		if (!before || strcmp(before->driver, held[i]->driver) != 0) {
			read_module(tree, machine, &loaded, held[i]);
		} else {
			held[i]->driver_module = copy(before->driver_module);
			held[i]->builtin_module = copy(before->builtin_module);
		}
	}
}
