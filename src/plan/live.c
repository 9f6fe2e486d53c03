/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/live.h"

#include "plan/modules.h"
#include "plan/refuse.h"
#include "plan/resolve.h"

#include <stdlib.h>
#include <string.h>

/* What is said of the next boot, and means nothing to this one. */
static const char *const of_next_boot[] = {
	"virtual-function",
	"late-device",
	"removable-device",
	"vmd-child",
};

static bool is_of_next_boot(const struct finding *finding)
{
	for (size_t i = 0; i < sizeof of_next_boot / sizeof *of_next_boot; i++)
		if (strcmp(finding->code, of_next_boot[i]) == 0)
			return true;
	return false;
}

/* A driver that would refuse the function is not even asked: its own one would have been
 * taken away for nothing. */
static bool is_certain(const struct plan *plan, const struct finding *finding)
{
	return strcmp(finding->code, "has-virtual-functions") == 0 ||
	       (strcmp(finding->code, "no-iommu-group") == 0 &&
		strcmp(plan->driver, "pci-stub") != 0);
}

static void weigh(const struct plan *plan, struct findings *said,
		  struct findings *findings)
{
	struct findings dropped = { 0 };

	for (size_t i = 0; i < said->n; i++) {
		if (is_certain(plan, &said->v[i]))
			said->v[i].severity = SEVERITY_ERROR;
		if (is_of_next_boot(&said->v[i]))
			*array_add(dropped.v, dropped.n) = said->v[i];
		else
			*array_add(findings->v, findings->n) = said->v[i];
	}
	free(said->v);
	findings_free(&dropped);
}

static void refuse_without_iommu(const struct machine *machine, const struct plan *plan,
				 struct findings *findings)
{
	struct finding *finding;

	if (!plan->n_targets || machine->iommu.active != NO ||
	    strcmp(plan->driver, "pci-stub") == 0)
		return;
	finding = findings_add(
		findings, SEVERITY_ERROR, "iommu-off", NULL,
		"the IOMMU is off in this boot, so '%s' would refuse every device (error -22)",
		plan->driver);
	finding_remedy(finding, "run 'vfio-bootcfg list': it says why the IOMMU is off");
}

static void plan_running_kernel(const struct machine *machine,
				const struct system *system, struct plan *plan,
				struct findings *findings)
{
	cleanup_free char *driver = driver_module(plan);

	for (size_t i = 0; machine->release && i < system->n_kernels; i++) {
		const struct kernel *kernel = &system->kernels[i];
		struct plan_kernel *planned;

		if (strcmp(kernel->release, machine->release) != 0)
			continue;
		planned = array_add(plan->kernels, plan->n_kernels);
		planned->kernel = kernel;
		planned->driver = kernel_module_state(kernel, driver);
		if (planned->driver == MODULE_MISSING)
			findings_add(findings, SEVERITY_ERROR, "driver-missing", NULL,
				     "kernel '%s', which runs, has no driver '%s'",
				     kernel->release, plan->driver);
	}
}

void plan_make_live(const struct config *config, const struct machine *machine,
		    const struct system *system, const struct record *record,
		    const struct usage *usage, struct plan *ret,
		    struct findings *findings)
{
	struct plan plan = { .driver = config->driver, .system = system };
	struct findings said = { 0 };

	resolve_targets(config, machine, record, &plan, findings);
	find_competitors(system, record, &plan);
	plan_running_kernel(machine, system, &plan, findings);
	refuse_without_iommu(machine, &plan, findings);
	refuse_now(machine, record, &plan, usage, &said);
	weigh(&plan, &said, findings);
	*ret = plan;
}

void plan_make_release(const struct config *config, const struct machine *machine,
		       const struct system *system, const struct record *record,
		       const struct usage *usage, struct plan *ret,
		       struct findings *findings)
{
	struct plan plan = { .driver = config->driver, .system = system };

	resolve_targets(config, machine, record, &plan, findings);
	find_competitors(system, record, &plan);
	refuse_running_machines(&plan, usage, findings);
	*ret = plan;
}

bool driver_reserves(const struct plan *plan, const char *driver)
{
	return driver &&
	       (strcmp(driver, plan->driver) == 0 || strcmp(driver, "vfio-pci") == 0 ||
		strcmp(driver, "pci-stub") == 0 || strstr(driver, "vfio"));
}
