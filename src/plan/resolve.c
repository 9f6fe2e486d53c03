/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/resolve.h"

#include "plan/merge.h"
#include "plan/recorded.h"
#include "plan/suggest.h"
#include "plan/whereabouts.h"

#include <stdlib.h>
#include <string.h>

enum {
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
	bool disagrees;		     /* the ids fit none of them */
	struct whereabouts expected; /* where that is what they fit */
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

/* An address or path at which nothing is, and what has its id elsewhere. */
static void report_lost(struct resolution *r, const char *where, const char *what,
			struct whereabouts *whereabouts, struct target *target)
{
	struct finding *finding = findings_add(
		r->findings, SEVERITY_ERROR,
		whereabouts->kind == GONE ? "no-such-device" : "address-moved", where,
		"no function is at '%s'; %s", what, whereabouts->text);

	finding_remedy(finding, "%s", whereabouts->remedy);
	target->doubt = steal_ptr(whereabouts->text);
	target->doubt_remedy = steal_ptr(whereabouts->remedy);
}

static void report_absent(struct resolution *r, const char *where, const char *what,
			  const struct bdf *bdf)
{
	struct target *target = add_absent(r, bdf);
	const struct record_target *was =
		bdf ? recorded_at(r->recorded, *bdf, r->rule->name) : NULL;
	cleanup_whereabouts struct whereabouts whereabouts = { 0 };
	cleanup_free char *nearest = NULL;

	if (!r->machine->has_functions) {
		finding_remedy(
			findings_add(r->findings, SEVERITY_ERROR, "no-such-device", where,
				     "there is no hardware to look '%s' up in", what),
			"name the device by 'id' in [device %s]", r->rule->name);
		return;
	}
	r->plan->is_unresolved = true;
	whereabouts_find(&r->machine->functions, r->recorded, r->rule, was, &whereabouts);
	if (whereabouts.text) {
		report_lost(r, where, what, &whereabouts, target);
		return;
	}
	/* What was there is known, and gone: nothing was mistyped. */
	if (!was && r->findings->n < SUGGESTIONS_MAX)
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

static void report_ambiguity(struct resolution *r, const struct identity_pattern *pattern,
			     size_t matching)
{
	const struct function *const *first = &r->named[r->n_named - matching];
	struct finding *finding = findings_add(
		r->findings, SEVERITY_WARNING, "ambiguous-device", r->rule->where_id,
		"%zu functions have id '%s', and all of them are reserved", matching,
		identity_pattern_text(pattern).s);

	finding_remedy(
		finding,
		"if one of them is meant, name it beside the id in [device %s]: by 'address = %s', 'address = %s'%s, or by its 'path'",
		r->rule->name, bdf_text(first[0]->bdf).s, bdf_text(first[1]->bdf).s,
		matching > 2 ? " …" : "");
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
			report_ambiguity(r, pattern, matching);
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
	const char *name = r->rule->name;
	struct identity_text wanted = identity_pattern_text(&r->rule->ids[0]);
	const struct record_target *was = recorded_at(r->recorded, function->bdf, name);
	struct whereabouts *expected = &r->expected;
	struct finding *finding;

	whereabouts_free(expected);
	whereabouts_find(&r->machine->functions, r->recorded, r->rule, was, expected);
	finding = findings_add(
		r->findings, SEVERITY_ERROR, "address-moved", r->rule->where_id,
		"%s has id '%s', not '%s'; %s", bdf_text(function->bdf).s,
		identity_device_text(function->id).s, wanted.s,
		expected->text ? expected->text : "no function has that id");
	finding_at(finding, function->bdf);
	if (expected->text)
		finding_remedy(
			finding,
			"if '%s' is meant, %s; if the device at %s is, set 'id = %s' there",
			wanted.s, expected->remedy, bdf_text(function->bdf).s,
			identity_device_text(function->id).s);
	else
		finding_remedy(
			finding,
			"put the device back; or if the one at %s is meant, set 'id = %s' in [device %s]",
			bdf_text(function->bdf).s, identity_device_text(function->id).s,
			name);
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
static void report_change(struct resolution *r, struct target *target,
			  const struct record_target *was)
{
	const struct function *function = target->function;
	cleanup_whereabouts struct whereabouts whereabouts = { 0 };
	struct finding *finding;

	target->id.id = was->id;
	whereabouts_find(&r->machine->functions, r->recorded, r->rule, was, &whereabouts);
	finding =
		findings_add(r->findings, SEVERITY_ERROR, "address-moved", r->rule->where,
			     "%s was '%s' when it was reserved and is '%s' now; %s",
			     bdf_text(function->bdf).s, identity_text(was->id).s,
			     identity_text(function->id).s,
			     whereabouts.text ? whereabouts.text : "the former is gone");
	finding_at(finding, function->bdf);
	finding_remedy(finding,
		       "add 'id = %s' to [device %s] if the device there is meant",
		       identity_device_text(function->id).s, r->rule->name);
	target->doubt = steal_ptr(whereabouts.text);
}

/* It has the right id, and so had its twin, which may have got its address: a change of
 * bus numbers. A path is not disturbed by that, so that it settles the question. */
static void report_doubt(struct resolution *r, struct target *target,
			 const struct record_target *was)
{
	const struct function *function = target->function;
	cleanup_whereabouts struct whereabouts doubt = { 0 };
	struct finding *finding;

	doubt_find(&r->machine->functions, r->recorded, r->rule, was, function, &doubt);
	if (!doubt.text)
		return;
	target->doubt = steal_ptr(doubt.text);
	target->doubt_remedy = steal_ptr(doubt.remedy);
	finding = findings_add(r->findings, SEVERITY_ERROR, "address-moved",
			       r->rule->where, "%s has the id that it had, but %s",
			       bdf_text(function->bdf).s, target->doubt);
	finding_at(finding, function->bdf);
	finding_remedy(finding, "%s", target->doubt_remedy);
	r->plan->is_unresolved = true;
}

static void check_record_agrees(struct resolution *r, struct target *target)
{
	const struct record_target *was =
		recorded_at(r->recorded, target->bdf, r->rule->name);

	if (!was)
		return;
	if (identity_equal(was->id, target->function->id)) {
		if (!target->companion_of && !target->doubt && r->rule->n_addresses &&
		    !r->rule->paths.n)
			report_doubt(r, target, was);
	} else if (!r->rule->n_ids)
		report_change(r, target, was);
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

static void copy_doubt(const struct resolution *r, struct target *target)
{
	if (!r->expected.text || rule_has_id(r->rule, target->function->id))
		return;
	target->doubt = xstrdup(r->expected.text);
	target->doubt_remedy = xstrdup(r->expected.remedy);
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
	if (r->disagrees) {
		target->id = expected_at(r, function->bdf);
		copy_doubt(r, target);
	}
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
	whereabouts_free(&r->expected);
}

void resolve_targets(const struct config *config, const struct machine *machine,
		     const struct record *record, struct plan *plan,
		     struct findings *findings)
{
	struct recorded was;

	recorded_sort(record, &machine->functions, &was);
	for (size_t i = 0; i < config->n_devices; i++) {
		struct resolution r = { .rule = &config->devices[i],
					.machine = machine,
					.recorded = &was,
					.plan = plan,
					.findings = findings };

		resolve_rule(&r);
	}
	recorded_free(&was);
	merge_targets(plan, findings);
}
