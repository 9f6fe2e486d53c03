/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"

#include "plan/chain.h"
#include "plan/claim.h"
#include "plan/modules.h"
#include "plan/refuse.h"
#include "plan/resolve.h"
#include "plan/tokens.h"
#include "plan/twins.h"

#include <stdlib.h>

/* The claim is right all the same: the package may be installed after this run. */
static void check_early_binder(struct plan *plan, struct findings *findings)
{
	struct finding *finding;

	for (size_t i = 0; i < plan->n_targets; i++)
		plan->needs_early |= plan->targets[i].claim == CLAIM_ADDRESS;
	if (!plan->needs_early || plan->system->has_early_binder)
		return;
	finding = findings_add(
		findings, SEVERITY_WARNING, "early-binder-missing", NULL,
		"a claim by address needs the early binder, '" EARLY_PROGRAM
		"', and it is not installed: nothing would reserve that device");
	finding_remedy(
		finding,
		"install the package 'vfio-bootcfg-initramfs', then make the initramfs images anew");
}

void plan_make(const struct config *config, const struct machine *machine,
	       const struct system *system, const struct record *record, struct plan *ret,
	       struct findings *findings)
{
	struct plan plan = { .driver = config->driver, .system = system };

	resolve_targets(config, machine, record, &plan, findings);
	warn_of_idle_ids(config, &plan, findings);
	find_twins(machine, &plan);
	find_competitors(system, record, &plan);
	claim_targets(machine, &plan, findings);
	plan_kernels(system, &plan, findings);
	plan_softdeps(system, &plan);
	choose_chain(config, system, &plan, findings);
	plan_configured(&plan);
	plan_cmdline(config, machine, &plan, findings);
	refuse_unsafe(machine, record, &plan, findings);
	check_early_binder(&plan, findings);
	*ret = plan;
}

const char *plan_loader_by_hand(const struct plan *plan)
{
	for (size_t i = 0; i < BY_HAND_KINDS; i++)
		if (plan->uses_by_hand[i] && by_hand_is_bootloader((enum by_hand_kind)i))
			return by_hand_name((enum by_hand_kind)i);
	return NULL;
}

const char *plan_generator_by_hand(const struct plan *plan)
{
	for (size_t i = 0; i < BY_HAND_KINDS; i++)
		if (plan->uses_by_hand[i] && by_hand_is_initramfs((enum by_hand_kind)i))
			return by_hand_name((enum by_hand_kind)i);
	return NULL;
}

static void target_free(struct target *target)
{
	for (size_t i = 0; i < target->n_competitors; i++)
		free(target->competitors[i].module);
	free(target->competitors);
	free(target->doubt);
	free(target->doubt_remedy);
	free(target->reason);
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_targets; i++)
		target_free(&plan->targets[i]);
	for (size_t i = 0; i < plan->n_kernels; i++)
		strings_free(&plan->kernels[i].modules);
	for (size_t i = 0; i < plan->n_softdeps; i++) {
		free(plan->softdeps[i].module);
		strings_free(&plan->softdeps[i].pre);
		strings_free(&plan->softdeps[i].post);
	}
	free(plan->targets);
	free(plan->twins);
	free(plan->kernels);
	free(plan->softdeps);
	strings_free(&plan->cmdline);
	strings_free(&plan->configured);
	strings_free(&plan->modules);
	*plan = (struct plan){ 0 };
}
