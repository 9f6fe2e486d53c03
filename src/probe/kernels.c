/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels.h"

#include "base/memory.h"
#include "probe/kernels_survey.h"
#include "probe/settings.h"

#include <stdlib.h>
#include <string.h>

/* The vfio family and the other driver that reserves: none of them competes. */
static const char *const family[] = {
	"pci_stub", "vfio",	     "vfio_iommu_type1",
	"vfio_pci", "vfio_pci_core", "vfio_virqfd", /* a part of vfio since 6.2 */
};

char *kernels_module_name(const char *driver)
{
	char *module = xstrdup(driver);

	for (char *c = module; *c; c++)
		if (*c == '-')
			*c = '_';
	return module;
}

static void list_questions(const struct machine *machine, const char *driver,
			   struct surveys *surveys)
{
	surveys->machine = machine;
	for (size_t i = 0; i < machine->functions.n; i++)
		strings_take(&surveys->modaliases,
			     function_modalias(&machine->functions.v[i]));
	strings_sort(&surveys->modaliases);
	for (size_t i = 0; i < sizeof family / sizeof *family; i++)
		strings_add(&surveys->reserving, family[i]);
	surveys->driver = kernels_module_name(driver);
	strings_add(&surveys->reserving, surveys->driver);
	strings_sort(&surveys->reserving);
}

static void list_reserving(const struct surveys *surveys,
			   const struct kernel_index *index, struct kernel *kernel)
{
	for (size_t i = 0; i < surveys->reserving.n; i++)
		*array_add(kernel->reserving.v, kernel->reserving.n) = (struct module){
			.name = xstrdup(surveys->reserving.v[i]),
			.state = strcmp(surveys->reserving.v[i], surveys->driver) == 0
					 ? kernel_index_driver(index, surveys->driver)
					 : kernel_index_state(index,
							      surveys->reserving.v[i]),
		};
}

/* Files are read in the order of their names, whatever folder they are in. */
static bool is_before_ours(const struct softdep_line *line)
{
	const char *slash = strrchr(line->where, '/');

	return strcmp(slash ? slash + 1 : line->where, KERNELS_OWN_MODPROBE_FILE) < 0;
}

/* Of the modules that compete, whose lines ours must repeat, and of those that reserve,
 * whose `install` lines count only without one. */
static void list_softdeps(const struct surveys *surveys, const struct survey *survey,
			  struct kernel *kernel)
{
	cleanup_strings struct strings modules = { 0 };

	for (size_t i = 0; i < survey->sightings.n; i++)
		strings_add(&modules, survey->sightings.v[i].module.name);
	strings_add_all(&modules, &surveys->reserving);
	strings_sort(&modules);
	for (size_t i = 0; i < modules.n; i++) {
		const struct softdep_line *line = modprobe_softdep(
			&surveys->modprobe, &survey->index.softdeps, modules.v[i]);
		struct softdep *softdep;

		if (!line)
			continue;
		softdep = array_add(kernel->softdeps, kernel->n_softdeps);
		softdep->module = xstrdup(modules.v[i]);
		strings_add_all(&softdep->pre, &line->pre);
		strings_add_all(&softdep->post, &line->post);
		if (is_before_ours(line))
			softdep->where_before = xstrdup(line->where);
	}
}

static void survey_kernel(const struct root *root, const char *folder,
			  struct surveys *surveys, struct kernel *kernel,
			  struct findings *findings)
{
	struct survey *survey = array_add(surveys->v, surveys->n);

	kernel->release = xstrdup(strrchr(folder, '/') + 1);
	survey->release = kernel->release;
	kernel_index_open(root, folder, &survey->index, findings);
	survey_aliases(surveys, survey);
	list_reserving(surveys, &survey->index, kernel);
}

static void surveys_free(struct surveys *surveys)
{
	for (size_t i = 0; i < surveys->n; i++) {
		kernel_index_close(&surveys->v[i].index);
		sightings_free(&surveys->v[i].sightings);
	}
	free(surveys->v);
	free(surveys->driver);
	strings_free(&surveys->modaliases);
	strings_free(&surveys->reserving);
	modprobe_free(&surveys->modprobe);
}

void probe_kernels(const struct root *root, const struct machine *machine,
		   const char *driver, struct system *system, struct findings *findings)
{
	struct surveys surveys = { 0 };
	cleanup_strings struct strings folders = { 0 };

	list_questions(machine, driver, &surveys);
	modprobe_read(root, &surveys.modprobe, findings);
	settings_of_modules(&surveys.modprobe.settings, &surveys.reserving,
			    &system->settings);
	kernels_find(root, &folders, findings);
	for (size_t i = 0; i < folders.n; i++)
		survey_kernel(root, folders.v[i], &surveys,
			      array_add(system->kernels, system->n_kernels), findings);
	surveys_find_builtin(&surveys);
	for (size_t i = 0; i < surveys.n; i++) {
		list_softdeps(&surveys, &surveys.v[i], &system->kernels[i]);
		sightings_to_matches(&surveys.v[i].sightings, &system->kernels[i]);
	}
	surveys_free(&surveys);
}
