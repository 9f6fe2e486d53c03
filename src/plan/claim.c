/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/claim.h"

#include "base/search.h"
#include "plan/builtin.h"

#include <stdlib.h>
#include <string.h>

bool driver_has_ids(const char *driver)
{
	return strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0;
}

/* The functions that nobody asked for, in the order of by_identity: identity, address. */
struct outsiders {
	const struct function **v;
	size_t n;
};

static struct outsiders find_outsiders(const struct plan *plan,
				       const struct functions *functions)
{
	bool *is_target = xcalloc(functions->n + 1, sizeof *is_target);
	struct outsiders outsiders = { 0 };

	for (size_t i = 0; i < plan->n_targets; i++)
		if (plan->targets[i].function)
			is_target[plan->targets[i].function - functions->v] = true;
	for (size_t i = 0; i < functions->n; i++)
		if (!is_target[functions->by_identity[i]])
			*array_add(outsiders.v, outsiders.n) =
				&functions->v[functions->by_identity[i]];
	free(is_target);
	return outsiders;
}

static int compare_to_identity(const void *key, const void *element)
{
	const struct identity *id = key;
	const struct function *const *outsider = element;

	return identity_compare(*id, (*outsider)->id);
}

/* The first outsider whose identity is not below `id`, or NULL. */
static const struct function *outsider_from(const struct outsiders *outsiders,
					    struct identity id)
{
	size_t i = search_first(&id, outsiders->v, outsiders->n, sizeof *outsiders->v,
				compare_to_identity);

	return i < outsiders->n ? outsiders->v[i] : NULL;
}

/* Outsiders that an `ids=` entry for a target would take too. */
struct twins {
	const struct function *device;	  /* with the same vendor:device, or NULL */
	const struct function *subsystem; /* and the same subsystem, or NULL */
};

static struct twins twins_of(const struct outsiders *outsiders, struct identity id)
{
	struct identity lowest = { id.vendor, id.device, 0, 0 };
	struct twins twins = { .device = outsider_from(outsiders, lowest),
			       .subsystem = outsider_from(outsiders, id) };

	if (twins.device && !identity_same_device(twins.device->id, id))
		twins.device = NULL;
	if (twins.subsystem && !identity_equal(twins.subsystem->id, id))
		twins.subsystem = NULL;
	return twins;
}

static enum claim choose(const struct plan *plan, const struct target *target,
			 const struct twins *twins, char **ret_reason)
{
	cleanup_free char *builtin = builtin_competitor(target);

	if (!driver_has_ids(plan->driver)) {
		*ret_reason =
			xasprintf("'%s' takes no ids and is bound by driver_override",
				  plan->driver);
		return CLAIM_ADDRESS;
	}
	if (builtin) {
		*ret_reason = xasprintf("%s and probes before any module", builtin);
		return CLAIM_ADDRESS;
	}
	if (!twins->device) {
		*ret_reason = xasprintf("no function that the host keeps has id '%s'",
					identity_device_text(target->id.id).s);
		return CLAIM_ID;
	}
	if (!twins->subsystem) {
		*ret_reason = xasprintf("%s has the same id on another board ('%s')",
					bdf_text(twins->device->bdf).s,
					identity_text(twins->device->id).s);
		return CLAIM_SUBSYSTEM;
	}
	*ret_reason = xasprintf("%s is a true twin: the same id on the same board",
				bdf_text(twins->subsystem->bdf).s);
	return CLAIM_ADDRESS;
}

/* A claim that was asked for may be less simple than the best, never less exact. */
static void check_forced(const struct plan *plan, const struct target *target,
			 const struct twins *twins, struct findings *findings)
{
	const struct function *taken = target->claim == CLAIM_ID ? twins->device
				       : target->claim == CLAIM_SUBSYSTEM
					       ? twins->subsystem
					       : NULL;
	cleanup_free char *builtin = NULL;
	struct finding *finding;

	if (target->claim == CLAIM_ADDRESS)
		return;
	builtin = builtin_competitor(target);
	if (taken) {
		finding = findings_add(findings, SEVERITY_ERROR, "twin-taken",
				       target->rule->where_claim,
				       "'claim = %s' would take %s too, its twin",
				       claim_name(target->claim), bdf_text(taken->bdf).s);
		finding_remedy(finding,
			       "leave out 'claim', so that the exact one is chosen");
	} else if (!driver_has_ids(plan->driver)) {
		finding = findings_add(findings, SEVERITY_ERROR, "claim-impossible",
				       target->rule->where_claim,
				       "'claim = %s' cannot work: '%s' takes no ids",
				       claim_name(target->claim), plan->driver);
		finding_remedy(finding, "use 'claim = address', or leave 'claim' out");
	} else if (builtin) {
		finding = findings_add(
			findings, SEVERITY_ERROR, "claim-impossible",
			target->rule->where_claim,
			"'claim = %s' cannot work: %s and has the device first",
			claim_name(target->claim), builtin);
		finding_remedy(finding, "use 'claim = address', or leave 'claim' out");
	} else {
		return;
	}
	finding_at(finding, target->function->bdf);
}

static void claim_seen(const struct plan *plan, const struct outsiders *outsiders,
		       struct target *target, struct findings *findings)
{
	struct twins twins = twins_of(outsiders, target->id.id);

	if (target->rule->claim == CLAIM_AUTO) {
		target->claim = choose(plan, target, &twins, &target->reason);
		return;
	}
	target->claim = target->rule->claim;
	target->reason =
		xasprintf("asked for by 'claim = %s'", claim_name(target->claim));
	check_forced(plan, target, &twins, findings);
}

/* Nobody looked for twins here, so the id is as exact as the administrator made it. */
static void claim_unseen(struct target *target, struct findings *findings)
{
	enum claim asked = target->rule->claim;

	target->claim = target->id.has_subsystem ? CLAIM_SUBSYSTEM : CLAIM_ID;
	target->reason = xstrdup(target->id.id.vendor ? "its id is all that is known"
						      : "nothing is known of it");
	/* That nothing is at an address is said already. */
	if (!target->has_bdf && asked != CLAIM_AUTO && asked != target->claim)
		findings_add(
			findings, SEVERITY_ERROR, "claim-impossible",
			target->rule->where_claim,
			"'claim = %s' cannot work for a device that is known by '%s' alone",
			claim_name(asked), identity_pattern_text(&target->id).s);
}

void claim_targets(const struct machine *machine, struct plan *plan,
		   struct findings *findings)
{
	struct outsiders outsiders = find_outsiders(plan, &machine->functions);

	for (size_t i = 0; i < plan->n_targets; i++) {
		if (plan->targets[i].function)
			claim_seen(plan, &outsiders, &plan->targets[i], findings);
		else
			claim_unseen(&plan->targets[i], findings);
	}
	free(outsiders.v);
}
