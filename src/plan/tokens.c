/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/tokens.h"

#include "plan/claim.h"

#include <stdlib.h>
#include <string.h>

/* The entries of `ids=`, one a target, in the order of the targets. */
static void list_ids(const struct plan *plan, struct strings *ret)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		if (!target->id.id.vendor)
			continue;
		if (target->claim == CLAIM_ID)
			strings_add(ret, identity_device_text(target->id.id).s);
		else if (target->claim == CLAIM_SUBSYSTEM)
			strings_add(ret, identity_text(target->id.id).s);
	}
}

/* Whether the distinct ids fit into the parameter; an error that names the numbers if
 * not. */
static bool ids_fit(const struct plan *plan, const struct strings *ids,
		    struct findings *findings)
{
	cleanup_strings struct strings distinct = { 0 };
	cleanup_free char *list = NULL;

	strings_add_all(&distinct, ids);
	strings_sort(&distinct);
	list = strings_join(&distinct, ",");
	if (strlen(list) < IDS_SIZE)
		return true;
	finding_remedy(findings_add(findings, SEVERITY_ERROR, "ids-too-long", NULL,
				    "%zu ids take %zu characters, and '%s.ids=' holds %d",
				    distinct.n, strlen(list), plan->driver, IDS_SIZE - 1),
		       "reserve some of them with 'claim = address'");
	return false;
}

static void add_ids(struct plan *plan, struct findings *findings)
{
	cleanup_strings struct strings ids = { 0 }, distinct = { 0 };
	cleanup_free char *list = NULL;

	list_ids(plan, &ids);
	if (!ids.n || !ids_fit(plan, &ids, findings))
		return;
	for (size_t i = 0; i < ids.n; i++)
		if (!strings_has(&distinct, ids.v[i]))
			strings_add(&distinct, ids.v[i]);
	list = strings_join(&distinct, ",");
	strings_take(&plan->cmdline, xasprintf("%s.ids=%s", plan->driver, list));
}

static void add_devices(struct plan *plan)
{
	cleanup_strings struct strings devices = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		if (target->claim == CLAIM_ADDRESS)
			strings_take(&devices,
				     xasprintf("%s=%s", bdf_text(target->function->bdf).s,
					       identity_text(target->id.id).s));
	}
	if (!devices.n)
		return;
	list = strings_join(&devices, ",");
	strings_take(&plan->cmdline, xasprintf("vfio_bootcfg.devices=%s", list));
	if (strcmp(plan->driver, "vfio-pci") != 0)
		strings_take(&plan->cmdline,
			     xasprintf("vfio_bootcfg.driver=%s", plan->driver));
}

/* The parameter belongs to the IOMMU's driver, so the IOMMU that is there decides before
 * the processor does. Where neither is known, both are given: each ignores the other's.
 */
static void add_iommu(const struct config *config, const struct machine *machine,
		      struct plan *plan)
{
	bool is_amd = machine->iommu.kind == IOMMU_AMD ||
		      (machine->iommu.kind == IOMMU_NONE && machine->cpu == CPU_AMD);
	bool is_intel = machine->iommu.kind == IOMMU_INTEL ||
			(machine->iommu.kind == IOMMU_NONE && machine->cpu == CPU_INTEL);
	bool is_unknown = machine->is_stand_in || (machine->iommu.kind == IOMMU_NONE &&
						   machine->cpu == CPU_UNKNOWN);

	if (config->iommu == IOMMU_LEAVE)
		return;
	if (is_intel || is_unknown)
		strings_add(&plan->cmdline, "intel_iommu=on");
	if (is_amd || is_unknown)
		strings_add(&plan->cmdline, "amd_iommu=on");
	if (config->iommu == IOMMU_PT)
		strings_add(&plan->cmdline, "iommu=pt");
}

void present_cmdline(const struct machine *machine, struct cmdline *ret)
{
	*ret = (struct cmdline){ 0 };
	if (machine->cmdline && !machine->is_stand_in)
		cmdline_parse(machine->cmdline, ret);
}

/* Of the words beside ours, each with the blank behind it. */
static size_t length_beside(const struct plan *plan, const struct strings *words)
{
	size_t length = 0;

	for (size_t i = 0; i < words->n; i++)
		if (!strings_has(&plan->cmdline, words->v[i]))
			length += strlen(words->v[i]) + 1;
	return length;
}

/* The line that will boot: the present one, or the one that the loader's files have,
 * which need not be booted yet, without what we replace; and ours. */
static void check_length(const struct cmdline *present, const struct plan *plan,
			 struct findings *findings)
{
	cleanup_strings struct strings booted = { 0 };
	size_t length = 0, beside, beside_configured;

	for (size_t i = 0; i < plan->cmdline.n; i++)
		length += strlen(plan->cmdline.v[i]) + 1;
	cmdline_list(present, present->n, &booted);
	beside = length_beside(plan, &booted);
	beside_configured = length_beside(plan, &plan->configured);
	length += beside > beside_configured ? beside : beside_configured;
	if (length > COMMAND_LINE_SIZE)
		findings_add(
			findings, SEVERITY_ERROR, "cmdline-too-long", NULL,
			"the kernel command line would take %zu characters, and the kernel reads %d",
			length - 1, COMMAND_LINE_SIZE - 1);
}

/* The driver core names every driver that it tries on a device, and the one that got it
 * (drivers/base/dd.c, really_probe and driver_bound), where CONFIG_DYNAMIC_DEBUG is on.
 */
static const char forensic[] = "dyndbg=\"file drivers/base/dd.c +p\"";

void plan_cmdline(const struct config *config, const struct machine *machine,
		  struct plan *plan, struct findings *findings)
{
	cleanup_cmdline struct cmdline present = { 0 };

	if (plan->uses_initramfs[INITRAMFS_DRACUT] && plan->modules.n)
		strings_take(&plan->cmdline, xasprintf("rd.driver.pre=%s", plan->driver));
	add_ids(plan, findings);
	add_devices(plan);
	add_iommu(config, machine, plan);
	if (config->forensic)
		strings_add(&plan->cmdline, forensic);
	present_cmdline(machine, &present);
	check_length(&present, plan, findings);
}
