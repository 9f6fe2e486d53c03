/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/refuse.h"

#include <stdlib.h>
#include <string.h>

/* The facts that more than one rule asks for, gathered once. */
struct view {
	const struct machine *machine;
	const struct plan *plan;
	bool *is_target;    /* one for each function of the machine */
	size_t n_connected; /* displays with a screen on them */
	bool strict_groups; /* some installed kernel is 5.19 or later */
};

/*
 * One row a rule. It returns the sentence that says what is wrong with a target, or NULL;
 * the caller frees it.
 */
struct rule {
	const char *code;
	enum severity severity;
	char *(*applies)(const struct view *view, const struct function *function);
	const char *remedy; /* for what 'allow' does not mend; NULL: 'allow = CODE' */
};

static char *boot_display(const struct view *view, const struct function *function)
{
	if (function->is_boot_display == YES)
		return xasprintf(
			"%s is the boot display: the screen stays dark once the driver has it",
			bdf_text(function->bdf).s);
	if (function->has_connected_output == YES && view->n_connected == 1)
		return xasprintf("%s drives the only connected screen",
				 bdf_text(function->bdf).s);
	return NULL;
}

static bool is_storage(const char *use)
{
	return use[0] == '/' || strcmp(use, "swap") == 0;
}

static char *root_storage(const struct view *view, const struct function *function)
{
	cleanup_strings struct strings uses = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < function->uses.n; i++)
		if (is_storage(function->uses.v[i]))
			strings_take(&uses, xasprintf("'%s'", function->uses.v[i]));
	if (!uses.n)
		return NULL;
	list = strings_join(&uses, ", ");
	return xasprintf("%s carries %s", bdf_text(function->bdf).s, list);
}

static char *default_network(const struct view *view, const struct function *function)
{
	if (!strings_has(&function->uses, "default route"))
		return NULL;
	return xasprintf("%s is this machine's way to the network: its default route",
			 bdf_text(function->bdf).s);
}

/*
 * Whether a function that is no target keeps its group from being given to a machine.
 * Drivers with driver_managed_dma may stay; before 5.19 every bridge may, whatever its
 * driver (drivers/vfio/vfio.c, vfio_dev_viable(); drivers/iommu/iommu.c since).
 */
static bool holds_up_group(const struct view *view, const struct function *function)
{
	static const char *const harmless[] = { "vfio-pci", "pci-stub", "pcieport" };

	if (!function->driver || strcmp(function->driver, view->plan->driver) == 0)
		return false;
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (strcmp(function->driver, harmless[i]) == 0)
			return false;
	return view->strict_groups || !function_is_bridge(function);
}

static char *group_host_device(const struct view *view, const struct function *function)
{
	struct function_run run;
	struct strings holders = { 0 };
	cleanup_free char *list = NULL;

	if (function->iommu_group == NO_GROUP)
		return NULL;
	run = functions_in_group(&view->machine->functions, function->iommu_group);
	for (size_t i = 0; i < run.n; i++) {
		const struct function *other = &view->machine->functions.v[run.v[i]];

		if (!view->is_target[run.v[i]] && holds_up_group(view, other))
			strings_take(&holders,
				     xasprintf("%s (%s)", bdf_text(other->bdf).s,
					       other->driver));
	}
	if (!holders.n)
		return NULL;
	list = strings_join(&holders, ", ");
	strings_free(&holders);
	return xasprintf("%s shares IOMMU group %d with %s, which the host keeps",
			 bdf_text(function->bdf).s, function->iommu_group, list);
}

static char *no_iommu_group(const struct view *view, const struct function *function)
{
	if (!view->machine->has_sysfs || function->iommu_group != NO_GROUP ||
	    view->machine->iommu.active != YES)
		return NULL;
	return xasprintf(
		"%s has no IOMMU group, so 'vfio-pci' will refuse it (error -22)",
		bdf_text(function->bdf).s);
}

static char *virtual_function(const struct view *view, const struct function *function)
{
	if (!function->is_virtual_function)
		return NULL;
	return xasprintf(
		"%s is a virtual function, which exists only after its physical function's driver made it",
		bdf_text(function->bdf).s);
}

static const struct rule rules[] = {
	{ "boot-display", SEVERITY_ERROR, boot_display, NULL },
	{ "root-storage", SEVERITY_ERROR, root_storage, NULL },
	{ "default-network", SEVERITY_ERROR, default_network, NULL },
	{ "group-host-device", SEVERITY_ERROR, group_host_device, NULL },
	{ "no-iommu-group", SEVERITY_WARNING, no_iommu_group,
	  "reserve a function that is behind the IOMMU" },
	{ "virtual-function", SEVERITY_WARNING, virtual_function,
	  "set 'driver_override' when it is created, or bind it with a udev rule" },
};

static void apply(const struct rule *rule, const struct view *view,
		  const struct target *target, struct findings *findings)
{
	cleanup_free char *message = rule->applies(view, target->function);
	bool allowed = strings_has(&target->rule->allow, rule->code);
	enum severity severity = allowed ? SEVERITY_NOTE : rule->severity;
	struct finding *finding;

	if (!message)
		return;
	finding =
		findings_add(findings, severity, rule->code, target->rule->where, "%s%s",
			     message, allowed ? ", which the section allows" : "");
	finding_at(finding, target->function->bdf);
	if (rule->remedy)
		finding_remedy(finding, "%s", rule->remedy);
	else if (!allowed)
		finding_remedy(finding,
			       "if that is meant, set 'allow = %s' in [device %s]",
			       rule->code, target->rule->name);
}

static void check_iommu(const struct machine *machine, struct findings *findings)
{
	struct finding *finding;

	if (!machine->has_sysfs || machine->iommu.active != NO || machine->is_stand_in)
		return;
	if (machine->iommu.in_firmware == NO) {
		finding = findings_add(
			findings, SEVERITY_WARNING, "firmware-iommu-off", NULL,
			"the firmware announces no IOMMU, so 'vfio-pci' will refuse every device (error -22)");
		finding_remedy(
			finding,
			"switch on VT-d (Intel) or AMD-Vi, also called IOMMU, in the firmware setup");
		return;
	}
	finding = findings_add(
		findings, SEVERITY_NOTE, "iommu-off", NULL,
		"the IOMMU is off in this boot, so the IOMMU groups could not be looked at");
	finding_remedy(finding, "boot once with the IOMMU on and run generate again");
}

/* The first kernel that counts drivers on bridges too. */
static bool is_strict(const char *release)
{
	unsigned major = 0, minor = 0;

	return sscanf(release, "%u.%u", &major, &minor) < 2 || major > 5 ||
	       (major == 5 && minor >= 19);
}

static bool any_kernel_is_strict(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_kernels; i++)
		if (is_strict(plan->kernels[i].kernel->release))
			return true;
	return !plan->n_kernels;
}

void refuse_unsafe(const struct machine *machine, const struct plan *plan,
		   struct findings *findings)
{
	const struct functions *functions = &machine->functions;
	struct view view = { .machine = machine,
			     .plan = plan,
			     .is_target = xcalloc(functions->n + 1, sizeof(bool)),
			     .strict_groups = any_kernel_is_strict(plan) };

	for (size_t i = 0; i < functions->n; i++)
		view.n_connected += functions->v[i].has_connected_output == YES;
	for (size_t i = 0; i < plan->n_targets; i++)
		if (plan->targets[i].function)
			view.is_target[plan->targets[i].function - functions->v] = true;

	check_iommu(machine, findings);
	for (size_t i = 0; i < plan->n_targets; i++)
		for (size_t k = 0;
		     plan->targets[i].function && k < sizeof rules / sizeof *rules; k++)
			apply(&rules[k], &view, &plan->targets[i], findings);
	free(view.is_target);
}
