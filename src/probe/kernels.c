/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels.h"

#include "base/memory.h"
#include "probe/kernels_index.h"
#include "probe/kernels_sightings.h"

#include <stdlib.h>
#include <string.h>

/* The vfio family and the other driver that reserves: none of them competes. */
static const char *const family[] = {
	"pci_stub", "vfio",	     "vfio_iommu_type1",
	"vfio_pci", "vfio_pci_core", "vfio_virqfd", /* a part of vfio since 6.2 */
};

/* What one kernel has, while others may still add to it. */
struct survey {
	struct strings builtin; /* names of modules, sorted */
	struct sightings sightings;
};

/* All of them, in the order of system->kernels, and what is asked of each. */
struct surveys {
	struct survey *v;
	size_t n;
	const struct machine *machine;
	struct strings modaliases; /* of the machine, sorted */
	struct strings reserving;  /* names of modules, sorted */
	struct modprobe modprobe;
};

static char *with_underscores(const char *name)
{
	char *module = xstrdup(name);

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
	strings_take(&surveys->reserving, with_underscores(driver));
	strings_sort(&surveys->reserving);
}

/* What a variant driver of vfio is known by: 'vfio_pci:v…' for the same function. */
static void match_variants(const struct kernel_index *index, const char *modalias,
			   struct strings *modules)
{
	static const char prefix[] = "pci:";
	cleanup_free char *variant = NULL;

	if (strncmp(modalias, prefix, sizeof prefix - 1) != 0)
		return;
	variant = xasprintf("vfio_%s", modalias);
	kernel_index_match(index, variant, modules);
}

/* The modules that a modalias loads and that do not reserve. */
static void match_competitors(const struct surveys *surveys,
			      const struct kernel_index *index, const char *modalias,
			      struct sightings *sightings)
{
	cleanup_strings struct strings modules = { 0 }, variants = { 0 };

	kernel_index_match(index, modalias, &modules);
	aliases_match(&surveys->modprobe.aliases, modalias, &modules);
	if (modules.n)
		match_variants(index, modalias, &variants);
	for (size_t i = 0; i < modules.n; i++) {
		enum module_state state = kernel_index_state(index, modules.v[i]);

		if (state != MODULE_MISSING &&
		    !strings_has(&surveys->reserving, modules.v[i]) &&
		    !strings_has(&variants, modules.v[i]))
			sightings_add(sightings, modalias, modules.v[i], state);
	}
}

/* The module of a built-in driver, which sysfs does not always tell. Few are called
 * something else, and of those that a virtual machine may want, these. */
static char *module_of_builtin_driver(const char *driver)
{
	static const struct {
		const char *driver, *module;
	} others[] = {
		{ "xhci_hcd", "xhci_pci" },	/* drivers/usb/host/xhci-pci.c */
		{ "i801_smbus", "i2c_i801" },	/* drivers/i2c/busses/i2c-i801.c */
		{ "piix4_smbus", "i2c_piix4" }, /* drivers/i2c/busses/i2c-piix4.c */
		{ "serial", "8250_pci" },	/* drivers/tty/serial/8250/8250_pci.c */
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(driver, others[i].driver) == 0)
			return xstrdup(others[i].module);
	return with_underscores(driver);
}

/* A driver that holds a function and is no module is built in, whatever the index of
 * the kernel that runs does not say. */
static void see_running_drivers(const struct surveys *surveys,
				const struct kernel_index *index,
				struct sightings *sightings)
{
	const struct functions *functions = &surveys->machine->functions;

	for (size_t i = 0; i < functions->n; i++) {
		const struct function *function = &functions->v[i];
		cleanup_free char *module = NULL, *modalias = NULL;

		if (!function->driver || function->driver_module)
			continue;
		module = module_of_builtin_driver(function->driver);
		if (strings_has(&surveys->reserving, module) ||
		    kernel_index_state(index, module) == MODULE_LOADABLE)
			continue;
		modalias = function_modalias(function);
		sightings_add(sightings, modalias, module, MODULE_BUILTIN);
	}
}

static void list_reserving(const struct surveys *surveys,
			   const struct kernel_index *index, struct kernel *kernel)
{
	for (size_t i = 0; i < surveys->reserving.n; i++)
		*array_add(kernel->reserving.v, kernel->reserving.n) = (struct module){
			.name = xstrdup(surveys->reserving.v[i]),
			.state = kernel_index_state(index, surveys->reserving.v[i]),
		};
}

static void list_softdeps(const struct surveys *surveys, const struct kernel_index *index,
			  const struct sightings *sightings, struct kernel *kernel)
{
	cleanup_strings struct strings modules = { 0 };

	for (size_t i = 0; i < sightings->n; i++)
		strings_add(&modules, sightings->v[i].module);
	strings_sort(&modules);
	for (size_t i = 0; i < modules.n; i++) {
		const struct softdep_line *line = modprobe_softdep(
			&surveys->modprobe, &index->softdeps, modules.v[i]);
		struct softdep *softdep;

		if (!line)
			continue;
		softdep = array_add(kernel->softdeps, kernel->n_softdeps);
		softdep->module = xstrdup(modules.v[i]);
		strings_add_all(&softdep->pre, &line->pre);
		strings_add_all(&softdep->post, &line->post);
	}
}

static void survey_kernel(const struct root *root, const char *folder,
			  struct surveys *surveys, struct kernel *kernel,
			  struct findings *findings)
{
	struct survey *survey = array_add(surveys->v, surveys->n);
	cleanup_kernel_index struct kernel_index index = { .fd = -1 };
	const struct machine *machine = surveys->machine;

	kernel->release = xstrdup(strrchr(folder, '/') + 1);
	kernel_index_open(root, folder, &index, findings);
	for (size_t i = 0; i < surveys->modaliases.n; i++)
		match_competitors(surveys, &index, surveys->modaliases.v[i],
				  &survey->sightings);
	if (machine->release && !machine->is_stand_in &&
	    strcmp(machine->release, kernel->release) == 0)
		see_running_drivers(surveys, &index, &survey->sightings);
	sightings_sort(&survey->sightings);
	list_reserving(surveys, &index, kernel);
	list_softdeps(surveys, &index, &survey->sightings, kernel);
	survey->builtin = index.builtin;
	index.builtin = (struct strings){ 0 };
}

/*
 * Before kernel 7 no index says which functions a built-in driver takes: the modaliases
 * that another kernel gives to a module of the same name are the evidence.
 */
static void exchange_aliases(struct surveys *surveys)
{
	struct sightings all = { 0 };

	for (size_t i = 0; i < surveys->n; i++)
		for (size_t k = 0; k < surveys->v[i].sightings.n; k++)
			sightings_add(&all, surveys->v[i].sightings.v[k].modalias,
				      surveys->v[i].sightings.v[k].module,
				      MODULE_BUILTIN);
	sightings_sort(&all);
	for (size_t i = 0; i < surveys->n; i++) {
		struct survey *survey = &surveys->v[i];

		for (size_t k = 0; k < all.n; k++)
			if (kernel_index_has(&survey->builtin, all.v[k].module))
				sightings_add(&survey->sightings, all.v[k].modalias,
					      all.v[k].module, MODULE_BUILTIN);
		sightings_sort(&survey->sightings);
	}
	sightings_free(&all);
}

static void surveys_free(struct surveys *surveys)
{
	for (size_t i = 0; i < surveys->n; i++) {
		strings_free(&surveys->v[i].builtin);
		sightings_free(&surveys->v[i].sightings);
	}
	free(surveys->v);
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
	kernels_find(root, &folders, findings);
	for (size_t i = 0; i < folders.n; i++)
		survey_kernel(root, folders.v[i], &surveys,
			      array_add(system->kernels, system->n_kernels), findings);
	exchange_aliases(&surveys);
	for (size_t i = 0; i < surveys.n; i++)
		sightings_to_matches(&surveys.v[i].sightings, &system->kernels[i]);
	surveys_free(&surveys);
}
