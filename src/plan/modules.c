/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/modules.h"

#include "plan/claim.h"

#include <stdlib.h>
#include <string.h>

static struct competitor *competitor_named(struct target *target, const char *module)
{
	struct competitor *competitor;

	for (size_t i = 0; i < target->n_competitors; i++)
		if (strcmp(target->competitors[i].module, module) == 0)
			return &target->competitors[i];
	competitor = array_add(target->competitors, target->n_competitors);
	competitor->module = xstrdup(module);
	return competitor;
}

static int compare_competitors(const void *a, const void *b)
{
	const struct competitor *x = a, *y = b;

	return strcmp(x->module, y->module);
}

static void add_state(struct competitor *competitor, const struct kernel *kernel,
		      const struct module *module)
{
	if (module->state == MODULE_LOADABLE)
		competitor->is_loadable = true;
	if (module->state != MODULE_BUILTIN || competitor->is_builtin)
		return;
	competitor->is_builtin = true;
	competitor->builtin_in = kernel;
	competitor->builtin_evidence = module;
}

static void find_competitors_of(const struct system *system, struct target *target)
{
	cleanup_free char *modalias = function_modalias(target->function);

	for (size_t i = 0; i < system->n_kernels; i++) {
		struct modules matches = kernel_matches(&system->kernels[i], modalias);

		for (size_t k = 0; k < matches.n; k++) {
			struct competitor *competitor =
				competitor_named(target, matches.v[k].name);

			add_state(competitor, &system->kernels[i], &matches.v[k]);
		}
	}
}

/* A kernel whose index does not name the module has it built in, as when it was seen. */
static void add_recorded(const struct system *system, const char *name,
			 struct target *target)
{
	static const struct module recorded = { .state = MODULE_BUILTIN,
						.evidence = EVIDENCE_RECORD };
	cleanup_free char *modalias = function_modalias(target->function);

	for (size_t i = 0; i < system->n_kernels; i++) {
		struct modules matches = kernel_matches(&system->kernels[i], modalias);
		bool is_known = false;

		for (size_t k = 0; k < matches.n; k++)
			is_known |= strcmp(matches.v[k].name, name) == 0;
		if (!is_known)
			add_state(competitor_named(target, name), &system->kernels[i],
				  &recorded);
	}
}

static void find_recorded(const struct system *system, const struct record *record,
			  struct target *target)
{
	for (size_t i = 0; i < record->n_builtins; i++)
		if (identity_compare(record->builtins[i].id, target->function->id) == 0)
			add_recorded(system, record->builtins[i].module, target);
}

void find_competitors(const struct system *system, const struct record *record,
		      struct plan *plan)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		struct target *target = &plan->targets[i];

		if (!target->function)
			continue;
		find_competitors_of(system, target);
		if (record)
			find_recorded(system, record, target);
		if (target->n_competitors)
			qsort(target->competitors, target->n_competitors,
			      sizeof *target->competitors, compare_competitors);
	}
}

/* Module names have underscores where driver names may have dashes. */
char *driver_module(const struct plan *plan)
{
	char *module = xstrdup(plan->driver);

	for (char *c = module; *c; c++)
		if (*c == '-')
			*c = '_';
	return module;
}

bool is_loadable_somewhere(const struct plan *plan, const char *module)
{
	for (size_t i = 0; i < plan->n_kernels; i++)
		if (kernel_module_state(plan->kernels[i].kernel, module) ==
		    MODULE_LOADABLE)
			return true;
	return false;
}

/*
 * What an image needs by name: the driver; the type1 back end, which vfio only wants
 * softly; vfio itself; and vfio_virqfd where it still is a module (before 6.2): a name
 * that the kernel lacks makes dracut drop every name after it.
 */
static void list_modules(struct plan_kernel *kernel, const char *driver)
{
	const char *const wanted[] = { driver, "vfio", "vfio_iommu_type1",
				       "vfio_virqfd" };
	size_t n = strcmp(driver, "pci_stub") == 0 ? 1 : sizeof wanted / sizeof *wanted;

	if (kernel->driver != MODULE_LOADABLE)
		return;
	for (size_t i = 0; i < n; i++)
		if (kernel_module_state(kernel->kernel, wanted[i]) == MODULE_LOADABLE)
			strings_add(&kernel->modules, wanted[i]);
}

/* The names that all kernels with a loadable driver share, in the order of the first. */
static void share_modules(struct plan *plan)
{
	const struct plan_kernel *first = NULL;

	for (size_t i = 0; i < plan->n_kernels && !first; i++)
		if (plan->kernels[i].modules.n)
			first = &plan->kernels[i];
	for (size_t i = 0; first && i < first->modules.n; i++) {
		const char *module = first->modules.v[i];
		bool everywhere = true;

		for (size_t k = 0; k < plan->n_kernels; k++)
			if (plan->kernels[k].modules.n &&
			    !strings_has(&plan->kernels[k].modules, module))
				everywhere = false;
		if (everywhere)
			strings_add(&plan->modules, module);
	}
}

static void report_missing(const struct plan *plan, size_t n_missing,
			   struct findings *findings)
{
	bool nowhere = n_missing == plan->n_kernels;
	bool is_usual = driver_has_ids(plan->driver);
	struct finding *finding;

	for (size_t i = 0; i < plan->n_kernels; i++) {
		const struct plan_kernel *kernel = &plan->kernels[i];

		if (kernel->driver != MODULE_MISSING)
			continue;
		finding = findings_add(
			findings, nowhere ? SEVERITY_ERROR : SEVERITY_WARNING,
			"driver-missing", NULL,
			"kernel '%s' has no %s '%s': booting it reserves nothing",
			kernel->kernel->release, is_usual ? "driver" : "reserving driver",
			plan->driver);
		finding_remedy(
			finding, "%s",
			is_usual
				? "install that kernel's package of extra modules, or remove the kernel"
				: "set 'driver' in [vfio-bootcfg] to 'vfio-pci', 'pci-stub' or a module that depends on 'vfio_pci_core'");
	}
}

void plan_kernels(const struct system *system, struct plan *plan,
		  struct findings *findings)
{
	cleanup_free char *driver = driver_module(plan);
	size_t n_missing = 0;

	if (!system->n_kernels) {
		findings_add(
			findings, SEVERITY_ERROR, "no-kernel", NULL,
			"no installed kernel under '%s': expected lib/modules/RELEASE",
			system->root);
		return;
	}
	for (size_t i = 0; i < system->n_kernels; i++) {
		struct plan_kernel *kernel = array_add(plan->kernels, plan->n_kernels);

		kernel->kernel = &system->kernels[i];
		kernel->driver = kernel_module_state(kernel->kernel, driver);
		n_missing += kernel->driver == MODULE_MISSING;
		list_modules(kernel, driver);
	}
	share_modules(plan);
	report_missing(plan, n_missing, findings);
}

/* `softdep` takes one line a module, the first that matches; what the kernel or the
 * administrator already asks for there is kept, behind the driver. */
static void merge_softdeps(const struct system *system, struct plan_softdep *softdep)
{
	for (size_t i = 0; i < system->n_kernels; i++) {
		const struct softdep *present =
			kernel_softdep(&system->kernels[i], softdep->module);

		for (size_t k = 0; present && k < present->pre.n; k++)
			if (!strings_has(&softdep->pre, present->pre.v[k]))
				strings_add(&softdep->pre, present->pre.v[k]);
		for (size_t k = 0; present && k < present->post.n; k++)
			if (!strings_has(&softdep->post, present->post.v[k]))
				strings_add(&softdep->post, present->post.v[k]);
	}
}

void plan_softdeps(const struct system *system, struct plan *plan)
{
	struct strings modules = { 0 };

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		for (size_t k = 0; k < target->n_competitors; k++)
			if (target->competitors[k].is_loadable)
				strings_add(&modules, target->competitors[k].module);
	}
	strings_sort(&modules);
	/* Nothing can be loaded before a module where the driver is built in everywhere.
	 */
	for (size_t i = 0; plan->modules.n && i < modules.n; i++) {
		struct plan_softdep *softdep =
			array_add(plan->softdeps, plan->n_softdeps);

		softdep->module = xstrdup(modules.v[i]);
		strings_add(&softdep->pre, plan->driver);
		merge_softdeps(system, softdep);
	}
	strings_free(&modules);
}
