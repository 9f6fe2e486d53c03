/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_survey.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A module of one kernel takes the same functions in another that has it built in. */
static void spread(struct surveys *surveys, const struct sightings *all)
{
	for (size_t i = 0; i < surveys->n; i++) {
		struct survey *survey = &surveys->v[i];

		for (size_t k = 0; k < all->n; k++) {
			struct module module = all->v[k].module;

			if (module.evidence_release == survey->release ||
			    !kernel_index_has(&survey->index.builtin, module.name))
				continue;
			module.state = MODULE_BUILTIN;
			sightings_add(&survey->sightings, all->v[k].modalias, &module);
		}
		sightings_sort(&survey->sightings);
	}
}

static void spread_aliases(struct surveys *surveys)
{
	struct sightings all = { 0 };

	for (size_t i = 0; i < surveys->n; i++) {
		const struct sightings *sightings = &surveys->v[i].sightings;

		for (size_t k = 0; k < sightings->n; k++) {
			struct module module = sightings->v[k].module;

			module.evidence_release = surveys->v[i].release;
			sightings_add(&all, sightings->v[k].modalias, &module);
		}
	}
	spread(surveys, &all);
	sightings_free(&all);
}

/* The kernel that runs, and what is known of its drivers. */
struct running {
	const struct surveys *surveys;
	const struct survey *survey;
	struct strings loaded; /* modules, sorted */
	bool has_links;	       /* some driver's module was seen in sysfs */
};

static int compare_to_name(const void *key, const void *element)
{
	return strcmp(key, *(char *const *)element);
}

static bool is_loaded(const struct running *running, const char *module)
{
	const struct strings *loaded = &running->loaded;

	return loaded->n &&
	       bsearch(module, loaded->v, loaded->n, sizeof *loaded->v, compare_to_name);
}

/*
 * Whether an alias already tells what the driver of a function is. A driver that is a
 * module always has a link to it; where the machine's files hold no such link at all, a
 * module that matches and is loaded will be the one.
 */
static bool is_explained(const struct running *running, const char *modalias)
{
	struct sightings known = sightings_of(&running->survey->sightings, modalias);
	bool knows_loaded = running->surveys->machine->modules.known == YES;

	for (size_t i = 0; i < known.n; i++) {
		const struct module *module = &known.v[i].module;

		if (module->state == MODULE_BUILTIN)
			return true;
		if (!running->has_links &&
		    (!knows_loaded || is_loaded(running, module->name)))
			return true;
	}
	return false;
}

/*
 * The module behind a driver that is built in: the one that sysfs names; else one that an
 * alias names, which is known already; else one that is called like the driver, and if
 * there is none, the driver's name stands for it. NULL where there is nothing to add.
 */
static char *builtin_module(const struct running *running,
			    const struct function *function, const char *modalias)
{
	const struct kernel_index *index = &running->survey->index;
	char *module;

	if (function->builtin_module)
		return kernels_module_name(function->builtin_module);
	if (function->driver_module || is_explained(running, modalias))
		return NULL;
	module = kernels_module_name(function->driver);
	if (kernel_index_state(index, module) != MODULE_LOADABLE)
		return module;
	free(module);
	return NULL;
}

static void find_drivers(const struct running *running, struct sightings *ret)
{
	const struct machine *machine = running->surveys->machine;

	for (size_t i = 0; i < machine->functions.n; i++) {
		const struct function *function = &machine->functions.v[i];
		cleanup_free char *modalias = NULL, *name = NULL;
		struct module module = { .state = MODULE_BUILTIN,
					 .evidence = EVIDENCE_DRIVER,
					 .evidence_release = running->survey->release };

		if (!function->driver)
			continue;
		modalias = function_modalias(function);
		name = builtin_module(running, function, modalias);
		if (!name || strings_has(&running->surveys->reserving, name))
			continue;
		module.name = name;
		sightings_add(ret, modalias, &module);
	}
	sightings_sort(ret);
}

static bool has_links(const struct functions *functions)
{
	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].driver_module || functions->v[i].builtin_module)
			return true;
	return false;
}

static void find_running(struct surveys *surveys, struct survey *survey)
{
	struct running running = { .surveys = surveys,
				   .survey = survey,
				   .has_links = has_links(&surveys->machine->functions) };
	struct sightings drivers = { 0 };

	strings_add_all(&running.loaded, &surveys->machine->modules.names);
	strings_sort(&running.loaded);
	find_drivers(&running, &drivers);
	strings_free(&running.loaded);
	for (size_t i = 0; i < drivers.n; i++) {
		struct module module = drivers.v[i].module;

		module.evidence_release = NULL;
		sightings_add(&survey->sightings, drivers.v[i].modalias, &module);
	}
	if (drivers.n)
		spread(surveys, &drivers);
	sightings_free(&drivers);
}

/*
 * The kernel that runs is not installed, as after an update that removed it, or while
 * another system is set up: its aliases are not here, but what holds each function now
 * would hold it in a kernel that has it built in.
 */
static void find_foreign(struct surveys *surveys)
{
	const struct machine *machine = surveys->machine;
	struct sightings drivers = { 0 };

	for (size_t i = 0; i < machine->functions.n; i++) {
		const struct function *function = &machine->functions.v[i];
		const char *holder = function->builtin_module ? function->builtin_module
							      : function->driver_module;
		cleanup_free char *modalias = NULL, *name = NULL;
		struct module module = { .evidence = EVIDENCE_DRIVER,
					 .evidence_release = machine->release };

		if (!holder)
			continue;
		modalias = function_modalias(function);
		module.name = name = kernels_module_name(holder);
		if (!strings_has(&surveys->reserving, name))
			sightings_add(&drivers, modalias, &module);
	}
	sightings_sort(&drivers);
	spread(surveys, &drivers);
	sightings_free(&drivers);
}

void surveys_find_builtin(struct surveys *surveys)
{
	const struct machine *machine = surveys->machine;
	size_t running = 0;

	spread_aliases(surveys);
	if (!machine->release || machine->is_stand_in)
		return;
	while (running < surveys->n &&
	       strcmp(machine->release, surveys->v[running].release) != 0)
		running++;
	if (running < surveys->n)
		find_running(surveys, &surveys->v[running]);
	else
		find_foreign(surveys);
}
