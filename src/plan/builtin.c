/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/builtin.h"

#include "plan/view.h"

static char *builtin_text(const struct competitor *competitor)
{
	cleanup_free char *evidence = module_evidence_text(competitor->builtin_evidence);

	return xasprintf("'%s' is built into kernel '%s' (known from %s)",
			 competitor->module, competitor->builtin_in->release, evidence);
}

char *builtin_competitor(const struct target *target)
{
	cleanup_strings struct strings texts = { 0 };

	for (size_t i = 0; i < target->n_competitors; i++)
		if (target->competitors[i].is_builtin)
			strings_take(&texts, builtin_text(&target->competitors[i]));
	return texts.n ? strings_join(&texts, ", ") : NULL;
}

/* How it is got back: the early binder unbinds it. */
static void note_competitors(const struct plan *plan, struct findings *findings)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		cleanup_free char *builtin = builtin_competitor(target);

		if (!builtin || target->claim != CLAIM_ADDRESS)
			continue;
		finding_at(
			findings_add(
				findings, SEVERITY_NOTE, "competitor-builtin",
				target->rule->where,
				"%s: it has %s before the initramfs runs, where the early binder takes the device from it",
				builtin, bdf_text(target->bdf).s),
			target->bdf);
	}
}

/* modprobe.d and the lists of modules of an image mean nothing to it. */
static void note_driver(const struct plan *plan, struct findings *findings)
{
	cleanup_strings struct strings releases = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < plan->n_kernels; i++)
		if (plan->kernels[i].driver == MODULE_BUILTIN)
			strings_take(&releases,
				     xasprintf("'%s'", plan->kernels[i].kernel->release));
	if (!releases.n)
		return;
	list = strings_join(&releases, ", ");
	findings_add(
		findings, SEVERITY_NOTE, "driver-builtin", NULL,
		"'%s' is built into kernel %s: the kernel command line reaches it there, and modprobe.d does not",
		plan->driver, list);
}

void note_builtin(const struct view *view, struct findings *findings)
{
	note_driver(view->plan, findings);
	note_competitors(view->plan, findings);
}
