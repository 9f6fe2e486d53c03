/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/tokens.h"

#include "base/cmdline.h"
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

/* Words of the present command line that would undo the plan; ours are added after them,
 * and the last one counts, except for those that switch things off for good. */
static void check_contradictions(const struct cmdline *present, const struct plan *plan,
				 struct findings *findings)
{
	static const char *const switches[] = { "intel_iommu=off", "amd_iommu=off",
						"iommu=off", "vfio_bootcfg=off" };

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (cmdline_has(present, switches[i]))
			finding_remedy(
				findings_add(
					findings, SEVERITY_WARNING,
					"cmdline-contradiction", "/proc/cmdline",
					"'%s' is on the kernel command line of this boot",
					switches[i]),
				"remove '%s' from the boot loader's configuration",
				switches[i]);
}

static bool record_has(const struct record *record,
		       const struct identity_pattern *pattern)
{
	for (size_t i = 0; record && i < record->n; i++)
		if (identity_matches(record->v[i].id, pattern))
			return true;
	return false;
}

static bool plan_has(const struct plan *plan, const struct identity_pattern *pattern)
{
	for (size_t i = 0; i < plan->n_targets; i++)
		if (identity_matches(plan->targets[i].id.id, pattern))
			return true;
	return false;
}

/* Ids that were reserved by hand would silently be released by ours: the last `ids=`
 * wins. */
static void check_foreign_ids(const struct cmdline *present, const struct plan *plan,
			      const struct record *record, struct findings *findings)
{
	cleanup_free char *name = xasprintf("%s.ids", plan->driver);
	const char *value = cmdline_value(present, name);
	cleanup_strings struct strings ids = { 0 };

	if (value)
		strings_split(&ids, value, ",");
	for (size_t i = 0; i < ids.n; i++) {
		struct identity_pattern pattern;
		struct finding *finding;

		if (!identity_pattern_parse(ids.v[i], &pattern) ||
		    plan_has(plan, &pattern) || record_has(record, &pattern))
			continue;
		finding = findings_add(
			findings, SEVERITY_ERROR, "foreign-ids", "/proc/cmdline",
			"'%s' is reserved by '%s=%s', which ours would replace", ids.v[i],
			name, value);
		finding_remedy(
			finding,
			"name it in a [device] section, or take it off the command line");
	}
}

/* The line that will boot: the present one without what we replace, and ours. */
static void check_length(const struct cmdline *present, const struct plan *plan,
			 struct findings *findings)
{
	size_t length = 0;

	for (size_t i = 0; i < plan->cmdline.n; i++)
		length += strlen(plan->cmdline.v[i]) + 1;
	for (size_t i = 0; i < present->n; i++)
		if (!strings_has(&plan->cmdline, present->v[i].text))
			length += strlen(present->v[i].text) + 1;
	if (length > COMMAND_LINE_SIZE)
		findings_add(
			findings, SEVERITY_ERROR, "cmdline-too-long", NULL,
			"the kernel command line would take %zu characters, and the kernel reads %d",
			length - 1, COMMAND_LINE_SIZE - 1);
}

void plan_cmdline(const struct config *config, const struct machine *machine,
		  const struct record *record, struct plan *plan,
		  struct findings *findings)
{
	cleanup_cmdline struct cmdline present = { 0 };

	if (plan->uses_initramfs[INITRAMFS_DRACUT] && plan->modules.n)
		strings_take(&plan->cmdline, xasprintf("rd.driver.pre=%s", plan->driver));
	add_ids(plan, findings);
	add_devices(plan);
	add_iommu(config, machine, plan);

	if (machine->cmdline && !machine->is_stand_in)
		cmdline_parse(machine->cmdline, &present);
	check_contradictions(&present, plan, findings);
	check_foreign_ids(&present, plan, record, findings);
	check_length(&present, plan, findings);
}
