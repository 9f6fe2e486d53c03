/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/resolve.h"

#include "plan/recorded.h"
#include "plan/suggest.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES_MAX = 8,	      /* that a message names */
	SUGGESTIONS_MAX = 20, /* findings; each takes a look at all functions */
};

/* What one section is resolved against; lives for one call. */
struct resolution {
	const struct device_rule *rule;
	const struct machine *machine;
	const struct recorded *recorded;
	struct plan *plan;
	struct findings *findings;
	const struct function *
		*named; /* by the section's keys, before widening; may repeat */
	size_t n_named;
	bool disagrees; /* the ids fit none of them */
};

static void add_named(struct resolution *r, const struct function *function)
{
	*array_add(r->named, r->n_named) = function;
}

static bool rule_has_id(const struct device_rule *rule, struct identity id)
{
	for (size_t i = 0; i < rule->n_ids; i++)
		if (identity_matches(id, &rule->ids[i]))
			return true;
	return false;
}

/* Adds the places of one id, up to one more than are named. */
static void add_places(const struct functions *functions,
		       const struct identity_pattern *pattern, struct strings *places)
{
	struct function_run run = functions_with_device(functions, pattern->id);

	for (size_t i = 0; i < run.n && places->n <= PLACES_MAX; i++) {
		const struct function *f = &functions->v[run.v[i]];

		if (identity_matches(f->id, pattern))
			strings_add(places, bdf_text(f->bdf).s);
	}
}

/* Where in the machine the section's ids are: 'A, B', or NULL. The caller frees it. */
static char *places_of_ids(const struct resolution *r)
{
	cleanup_strings struct strings places = { 0 };

	for (size_t i = 0; i < r->rule->n_ids; i++)
		add_places(&r->machine->functions, &r->rule->ids[i], &places);
	if (places.n > PLACES_MAX) {
		free(places.v[PLACES_MAX]);
		places.v[PLACES_MAX] = xstrdup("more");
	}
	return places.n ? strings_join(&places, ", ") : NULL;
}

/* A target that cannot be seen stays in the plan: verify judges it all the same. */
static struct target *add_absent(struct resolution *r, const struct bdf *bdf)
{
	struct target *target = array_add(r->plan->targets, r->plan->n_targets);
	const struct record_target *was =
		bdf ? recorded_at(r->recorded, *bdf, r->rule->name) : NULL;

	target->rule = r->rule;
	target->has_bdf = bdf;
	if (bdf)
		target->bdf = *bdf;
	if (r->rule->n_ids)
		target->id = r->rule->ids[0];
	else if (was)
		target->id = (struct identity_pattern){ was->id, .has_subsystem = true };
	return target;
}

/* An address or path at which nothing is. */
static void report_absent(struct resolution *r, const char *where, const char *what,
			  const struct bdf *bdf)
{
	cleanup_free char *places = places_of_ids(r);
	cleanup_free char *nearest = NULL;
	struct finding *finding;

	add_absent(r, bdf);
	if (places) {
		finding =
			findings_add(r->findings, SEVERITY_ERROR, "address-moved", where,
				     "no function is at '%s'; '%s' is at %s now", what,
				     identity_pattern_text(&r->rule->ids[0]).s, places);
		finding_remedy(finding,
			       "name the place where the device is now in [device %s]",
			       r->rule->name);
		return;
	}
	if (!r->machine->has_functions) {
		finding =
			findings_add(r->findings, SEVERITY_ERROR, "no-such-device", where,
				     "there is no hardware to look '%s' up in", what);
		finding_remedy(finding, "name the device by 'id' in [device %s]",
			       r->rule->name);
		return;
	}
	if (r->findings->n < SUGGESTIONS_MAX)
		nearest = suggest_place(&r->machine->functions, what);
	findings_add(r->findings, SEVERITY_ERROR, "no-such-device", where,
		     "no function is at '%s'%s", what, nearest ? nearest : "");
}

static void name_by_address(struct resolution *r)
{
	for (size_t i = 0; i < r->rule->n_addresses; i++) {
		struct bdf bdf = r->rule->addresses[i];
		const struct function *function =
			functions_at(&r->machine->functions, bdf);

		if (function)
			add_named(r, function);
		else
			report_absent(r, r->rule->where_address, bdf_text(bdf).s, &bdf);
	}
}

static void name_by_path(struct resolution *r)
{
	const struct device_rule *rule = r->rule;

	for (size_t i = 0; i < rule->paths.n; i++) {
		const char *path = rule->paths.v[i];
		const struct function *function =
			functions_at_path(&r->machine->functions, path);
		size_t k = 0;

		if (!function) {
			report_absent(r, rule->where_path, path, NULL);
			continue;
		}
		while (k < rule->n_addresses &&
		       !bdf_equal(rule->addresses[k], function->bdf))
			k++;
		if (rule->n_addresses && k == rule->n_addresses)
			findings_add(
				r->findings, SEVERITY_ERROR, "address-moved",
				rule->where_path,
				"path '%s' leads to %s, which 'address' does not name",
				path, bdf_text(function->bdf).s);
		add_named(r, function);
	}
}

/* An id that no function has is taken on trust only where this is not the machine that
 * will boot: an image build. */
static void name_unseen(struct resolution *r, const struct identity_pattern *pattern)
{
	cleanup_free char *nearest = NULL;

	add_absent(r, NULL)->id = *pattern;
	if (r->machine->has_functions && !r->machine->is_stand_in) {
		if (r->findings->n < SUGGESTIONS_MAX)
			nearest = suggest_id(&r->machine->functions, pattern);
		findings_add(r->findings, SEVERITY_ERROR, "no-such-device",
			     r->rule->where_id, "no device has id '%s'%s",
			     identity_pattern_text(pattern).s, nearest ? nearest : "");
		return;
	}
	findings_add(
		r->findings, SEVERITY_WARNING, "device-not-seen", r->rule->where_id,
		"'%s' is reserved by its id alone: no such device could be looked at",
		identity_pattern_text(pattern).s);
}

static void name_by_id(struct resolution *r)
{
	for (size_t i = 0; i < r->rule->n_ids; i++) {
		const struct identity_pattern *pattern = &r->rule->ids[i];
		struct function_run run =
			functions_with_device(&r->machine->functions, pattern->id);
		size_t matching = 0;

		for (size_t k = 0; k < run.n; k++) {
			const struct function *f = &r->machine->functions.v[run.v[k]];

			if (!identity_matches(f->id, pattern))
				continue;
			add_named(r, f);
			matching++;
		}
		if (!matching)
			name_unseen(r, pattern);
		else if (matching > 1)
			findings_add(
				r->findings, SEVERITY_WARNING, "ambiguous-device",
				r->rule->where_id,
				"%zu functions have id '%s', and all of them are reserved",
				matching, identity_pattern_text(pattern).s);
	}
}

static int compare_named(const void *a, const void *b)
{
	const struct function *const *x = a, *const *y = b;

	return bdf_compare(&(*x)->bdf, &(*y)->bdf);
}

/* The ids fit none of the functions that are named in one slot. */
static void report_disagreement(struct resolution *r, const struct function *function)
{
	cleanup_free char *places = places_of_ids(r);
	struct finding *finding = findings_add(
		r->findings, SEVERITY_ERROR, "address-moved", r->rule->where_id,
		"%s has id '%s', not '%s'; %s%s", bdf_text(function->bdf).s,
		identity_device_text(function->id).s,
		identity_pattern_text(&r->rule->ids[0]).s,
		places ? "that is now at " : "no function has that id",
		places ? places : "");

	finding_at(finding, function->bdf);
	r->disagrees = true;
}

/* Addresses and ids must agree on at least one function of every slot that is named: an
 * id vouches for the card that has it, and for no other. */
static void check_ids_agree(struct resolution *r)
{
	size_t start = 0, end;

	if (!r->rule->n_ids || !r->n_named)
		return;
	qsort(r->named, r->n_named, sizeof *r->named, compare_named);
	for (; start < r->n_named; start = end) {
		bool agrees = false;

		for (end = start; end < r->n_named &&
				  bdf_same_slot(r->named[end]->bdf, r->named[start]->bdf);
		     end++)
			agrees |= rule_has_id(r->rule, r->named[end]->id);
		if (!agrees)
			report_disagreement(r, r->named[start]);
	}
}

/* A bare address says nothing of what is expected there; what the last generate saw does.
 */
static void check_record_agrees(struct resolution *r, struct target *target)
{
	const struct function *function = target->function;
	const struct record_target *was =
		recorded_at(r->recorded, function->bdf, r->rule->name);
	struct function_run run;
	struct finding *finding;

	if (!was || identity_equal(was->id, function->id) || r->rule->n_ids)
		return;
	target->id.id = was->id;
	run = functions_with_device(&r->machine->functions, was->id);
	finding = findings_add(
		r->findings, SEVERITY_ERROR, "address-moved", r->rule->where,
		"%s was '%s' when it was reserved and is '%s' now; %s%s",
		bdf_text(function->bdf).s, identity_text(was->id).s,
		identity_text(function->id).s,
		run.n ? "the former is at " : "the former is gone",
		run.n ? bdf_text(r->machine->functions.v[run.v[0]].bdf).s : "");
	finding_at(finding, function->bdf);
	finding_remedy(finding,
		       "add 'id = %s' to [device %s] if the device there is meant",
		       identity_device_text(function->id).s, r->rule->name);
}

/* What an id of the rule means at an address where something else is: what the last
 * generate saw there, if that fits, because its board is known, too. */
static struct identity_pattern expected_at(const struct resolution *r, struct bdf bdf)
{
	const struct record_target *was = recorded_at(r->recorded, bdf, r->rule->name);

	if (was && identity_matches(was->id, &r->rule->ids[0]))
		return (struct identity_pattern){ was->id, .has_subsystem = true };
	return r->rule->ids[0];
}

static void add_target(struct resolution *r, const struct function *function,
		       const struct function *named)
{
	struct target *target = array_add(r->plan->targets, r->plan->n_targets);

	target->rule = r->rule;
	target->function = function;
	target->companion_of = function == named ? NULL : named;
	target->has_bdf = true;
	target->bdf = function->bdf;
	target->id = (struct identity_pattern){ function->id, .has_subsystem = true };
	if (r->disagrees)
		target->id = expected_at(r, function->bdf);
	check_record_agrees(r, target);
}

/* The kernel's own limit: vfio_pci_core_init_dev() and vfio_pci_is_denylisted() aside,
 * probe fails with -22 for every header type but 0. */
static void refuse_bridge(struct resolution *r, const struct function *function)
{
	struct finding *finding = findings_add(
		r->findings, SEVERITY_ERROR, "target-is-bridge", r->rule->where,
		"%s is a bridge (class %06x), which no virtual machine can be given",
		bdf_text(function->bdf).s, function->class);

	finding_at(finding, function->bdf);
	finding_remedy(finding, "name the device behind it");
}

/* The index in functions.v of the first function of the slot. */
static size_t slot_start(const struct functions *functions,
			 const struct function *function)
{
	size_t i = (size_t)(function - functions->v);

	while (i > 0 && bdf_same_slot(functions->v[i - 1].bdf, function->bdf))
		i--;
	return i;
}

/* A host bridge has the header of a device, and leads to all of the host's own. */
static bool is_any_bridge(const struct function *function)
{
	return function_is_bridge(function) || function->class >> 8 == 0x0600;
}

static void widen(struct resolution *r, const struct function *named)
{
	const struct functions *functions = &r->machine->functions;

	if (is_any_bridge(named)) {
		refuse_bridge(r, named);
		return;
	}
	/* Virtual functions share a slot with their physical one and with each other, and
	 * are given to machines one by one. */
	if (r->rule->functions == FUNCTIONS_LISTED || named->is_virtual_function) {
		add_target(r, named, named);
		return;
	}
	for (size_t i = slot_start(functions, named);
	     i < functions->n && bdf_same_slot(functions->v[i].bdf, named->bdf); i++)
		if (!is_any_bridge(&functions->v[i]) &&
		    !functions->v[i].is_virtual_function)
			add_target(r, &functions->v[i], named);
}

static void resolve_rule(struct resolution *r)
{
	if (r->rule->n_addresses || r->rule->paths.n) {
		name_by_address(r);
		name_by_path(r);
		check_ids_agree(r);
	} else {
		name_by_id(r);
	}
	for (size_t i = 0; i < r->n_named; i++)
		widen(r, r->named[i]);
	free(r->named);
}

static int compare_targets(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	int order;

	if (x->function && y->function)
		order = bdf_compare(&x->function->bdf, &y->function->bdf);
	else
		order = !x->function - !y->function;
	if (!order)
		order = identity_compare(x->id.id, y->id.id);
	/* Equal ones in the order of their sections, so that the later one is the
	 * repetition. */
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* A function that a section named twice is one target; two sections that want it are a
 * fault. */
static void merge_repeated(struct plan *plan, struct findings *findings)
{
	size_t kept = 0;

	for (size_t i = 1; i < plan->n_targets; i++) {
		struct target *last = &plan->targets[kept], *target = &plan->targets[i];

		if (!target->function || target->function != last->function) {
			plan->targets[++kept] = *target;
			continue;
		}
		if (!target->companion_of)
			last->companion_of = NULL;
		if (target->rule != last->rule)
			finding_at(
				findings_add(
					findings, SEVERITY_ERROR, "target-repeated",
					target->rule->where,
					"[device %s] and [device %s] (%s) both name %s",
					target->rule->name, last->rule->name,
					last->rule->where,
					bdf_text(target->function->bdf).s),
				target->function->bdf);
	}
	if (plan->n_targets)
		plan->n_targets = kept + 1;
}

void resolve_targets(const struct config *config, const struct machine *machine,
		     const struct record *record, struct plan *plan,
		     struct findings *findings)
{
	struct recorded was;

	recorded_sort(record, &was);
	for (size_t i = 0; i < config->n_devices; i++) {
		struct resolution r = { .rule = &config->devices[i],
					.machine = machine,
					.recorded = &was,
					.plan = plan,
					.findings = findings };

		resolve_rule(&r);
	}
	recorded_free(&was);
	if (plan->n_targets)
		qsort(plan->targets, plan->n_targets, sizeof *plan->targets,
		      compare_targets);
	merge_repeated(plan, findings);
}
