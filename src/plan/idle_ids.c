/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids beside an address or a path: one of them vouches for the card, and one that fits no
 * function of the section reserves nothing, whatever was meant by it.
 */
#include "plan/resolve.h"

#include <stdlib.h>

/* One row a section. */
struct fitting {
	bool *ids; /* one for each id of the rule */
	size_t n;  /* how many of them fit a target */
};

static void mark(struct fitting *fitting, const struct target *target)
{
	const struct device_rule *rule = target->rule;

	for (size_t i = 0; target->function && i < rule->n_ids; i++)
		if (!fitting->ids[i] &&
		    identity_matches(target->function->id, &rule->ids[i])) {
			fitting->ids[i] = true;
			fitting->n++;
		}
}

/* Where none fits, it was said already that the device is another one. */
static void report(const struct device_rule *rule, const struct fitting *fitting,
		   struct findings *findings)
{
	bool has_place = rule->n_addresses || rule->paths.n;

	for (size_t i = 0; has_place && fitting->n && i < rule->n_ids; i++)
		if (!fitting->ids[i])
			finding_remedy(
				findings_add(
					findings, SEVERITY_WARNING, "no-such-device",
					rule->where_id,
					"no function that [device %s] names has id '%s', which reserves nothing",
					rule->name,
					identity_pattern_text(&rule->ids[i]).s),
				"remove it, or name its device by 'address' as well or in a section of its own");
}

void warn_of_idle_ids(const struct config *config, const struct plan *plan,
		      struct findings *findings)
{
	struct fitting *fittings = xcalloc(config->n_devices + 1, sizeof *fittings);

	for (size_t i = 0; i < config->n_devices; i++)
		fittings[i].ids = xcalloc(config->devices[i].n_ids + 1, sizeof(bool));
	for (size_t i = 0; i < plan->n_targets; i++)
		mark(&fittings[plan->targets[i].rule - config->devices],
		     &plan->targets[i]);
	for (size_t i = 0; i < config->n_devices; i++) {
		report(&config->devices[i], &fittings[i], findings);
		free(fittings[i].ids);
	}
	free(fittings);
}
