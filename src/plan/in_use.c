/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host does with a target at this moment, and how it is made to stop. */
#include "plan/refuse.h"
#include "plan/view.h"

#include <string.h>

/* How many uses a message names. */
enum { NAMED_MAX = 6 };

/* What hangs on USB comes and goes: it is lost to whoever reads it, and no more. */
static bool is_harmless(const struct use_now *use)
{
	static const char *const folders[] = { "/dev/input/", "/dev/bus/usb/",
					       "/dev/hidraw", "/dev/usb/" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (use->kind == USE_NODE &&
		    strncmp(use->name, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

static char *describe(const struct use_now *use)
{
	const char *process = use->process ? use->process : "a process";

	switch (use->kind) {
	case USE_INTERFACE:
		return xasprintf("interface '%s' is up", use->name);
	case USE_STACKED:
		return xasprintf("'%s' stands on it", use->name);
	case USE_POOL:
		return xasprintf("the ZFS pool '%s' stands on it", use->name);
	case USE_NODE:
	case USE_MACHINE:
		return xasprintf("'%s' (%ld) has '%s' open", process, use->pid,
				 use->name);
	}
	return NULL;
}

static void remedy(struct finding *finding, const struct use_now *use)
{
	switch (use->kind) {
	case USE_INTERFACE:
		finding_remedy(finding, "run 'ip link set %s down' first", use->name);
		break;
	case USE_STACKED:
		finding_remedy(
			finding,
			"close it first: 'cryptsetup close', 'vgchange -an' or 'mdadm --stop'");
		break;
	case USE_POOL:
		finding_remedy(finding, "run 'zpool export %s' first", use->name);
		break;
	case USE_NODE:
		finding_remedy(finding, "end process %ld first", use->pid);
		break;
	case USE_MACHINE:
		finding_remedy(finding, "stop the virtual machine of process %ld first",
			       use->pid);
		break;
	}
}

/* The uses of one severity in one finding. */
static void report(const struct target *target, const struct usage *uses, bool harmless,
		   struct findings *findings)
{
	cleanup_strings struct strings names = { 0 };
	cleanup_free char *list = NULL;
	const struct use_now *first = NULL;
	struct finding *finding;

	for (size_t i = 0; i < uses->n; i++) {
		if (is_harmless(&uses->v[i]) != harmless || names.n == NAMED_MAX)
			continue;
		if (!first)
			first = &uses->v[i];
		strings_take(&names, describe(&uses->v[i]));
	}
	if (!first)
		return;
	list = strings_join(&names, ", ");
	finding = findings_add(findings, harmless ? SEVERITY_WARNING : SEVERITY_ERROR,
			       "in-use", target->rule->where, "%s is in use%s: %s",
			       bdf_text(target->bdf).s,
			       harmless ? " by what will lose it" : "", list);
	finding_at(finding, target->bdf);
	if (!harmless)
		remedy(finding, first);
}

/* What is mounted is refused as 'root-storage', which a section may allow for the next
 * boot; under a mounted file system nothing is taken away. */
static void report_mounts(const struct view *view, const struct target *target,
			  struct findings *findings)
{
	const struct strings *uses = &target->function->uses;
	struct finding *finding;

	if (!strings_has(&target->rule->allow, "root-storage"))
		return;
	for (size_t i = 0; i < uses->n; i++) {
		bool is_swap = strcmp(uses->v[i], "swap") == 0;

		if (uses->v[i][0] != '/' && !is_swap)
			continue;
		finding = findings_add(
			findings, SEVERITY_ERROR, "in-use", target->rule->where,
			"%s %s '%s' at this moment", bdf_text(target->bdf).s,
			use_is_guess(view, uses->v[i]) ? "may carry" : "carries",
			uses->v[i]);
		finding_at(finding, target->bdf);
		finding_remedy(finding,
			       is_swap ? "run 'swapoff' first" : "unmount it first");
	}
}

void refuse_in_use(const struct view *view, const struct usage *usage,
		   struct findings *findings)
{
	const struct plan *plan = view->plan;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		struct usage uses = usage_of(usage, target->bdf);

		if (!target->function)
			continue;
		report_mounts(view, target, findings);
		report(target, &uses, false, findings);
		report(target, &uses, true, findings);
	}
}

void refuse_running_machines(const struct plan *plan, const struct usage *usage,
			     struct findings *findings)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		struct usage uses = usage_of(usage, target->bdf);

		for (size_t k = 0; target->function && k < uses.n; k++)
			if (uses.v[k].kind == USE_MACHINE) {
				uses = (struct usage){ &uses.v[k], 1, UNKNOWN };
				report(target, &uses, false, findings);
			}
	}
}
