/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/whereabouts.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 8 /* that a message names */ };

/* What is looked for, and where it could be. */
struct search {
	const struct functions *functions;
	const struct recorded *recorded;
	const struct device_rule *rule;
	const struct record_target *was;
	struct strings places;
	bool has_new; /* one of them was not seen before */
};

static bool is_named(const struct device_rule *rule, struct bdf bdf)
{
	for (size_t i = 0; i < rule->n_addresses; i++)
		if (bdf_equal(rule->addresses[i], bdf))
			return true;
	return false;
}

/* Adds the places of one id, up to one more than are named. */
static void add_places(struct search *search, const struct identity_pattern *pattern)
{
	struct function_run run = functions_with_device(search->functions, pattern->id);

	for (size_t i = 0; i < run.n && search->places.n <= PLACES_MAX; i++) {
		const struct function *f = &search->functions->v[run.v[i]];

		if (!identity_matches(f->id, pattern) || is_named(search->rule, f->bdf))
			continue;
		strings_add(&search->places, bdf_text(f->bdf).s);
		search->has_new |= !recorded_is_place(search->recorded, f->bdf, f->id);
	}
}

static void find_places(struct search *search)
{
	const struct device_rule *rule = search->rule;

	if (!rule->n_ids && search->was) {
		struct identity_pattern pattern = { search->was->id, true };

		add_places(search, &pattern);
	}
	for (size_t i = 0; i < rule->n_ids; i++)
		add_places(search, &rule->ids[i]);
	if (search->places.n > PLACES_MAX) {
		free(search->places.v[PLACES_MAX]);
		search->places.v[PLACES_MAX] = xstrdup("more");
	}
}

/* Behind the same bridges as before, whatever number their bus has now; or NULL. */
static const struct function *in_its_slot(const struct search *search)
{
	const struct record_target *was = search->was;
	const struct function *function =
		was && was->path ? functions_at_path(search->functions, was->path) : NULL;

	return function && identity_equal(function->id, was->id) &&
			       !is_named(search->rule, function->bdf)
		       ? function
		       : NULL;
}

static enum whereabouts_kind kind_of(const struct search *search)
{
	if (!search->places.n)
		return NOWHERE;
	if (!search->was)
		return DOUBTFUL;
	if (!search->has_new)
		return GONE;
	return recorded_had_twin(search->recorded, search->was) ? DOUBTFUL : MOVED;
}

/* What the section calls it, or what was recorded. */
static struct identity_text id_of(const struct search *search)
{
	return search->rule->n_ids ? identity_pattern_text(&search->rule->ids[0])
				   : identity_device_text(search->was->id);
}

static void say_moved(const struct search *search, const char *place,
		      struct whereabouts *ret)
{
	ret->kind = MOVED;
	ret->text = xasprintf("'%s' is at %s now", id_of(search).s, place);
	ret->remedy = xasprintf("name the place where the device is now in [device %s]",
				search->rule->name);
}

static void say(const struct search *search, const char *list, struct whereabouts *ret)
{
	const char *name = search->rule->name;
	bool is_one = search->places.n == 1;

	ret->kind = kind_of(search);
	switch (ret->kind) {
	case NOWHERE:
		break;
	case MOVED:
		say_moved(search, list, ret);
		break;
	case GONE:
		ret->text = xasprintf(
			"the device is gone: %s %s the same id, but %s there before as its twin%s",
			list, is_one ? "has" : "have", is_one ? "was" : "were",
			is_one ? "" : "s");
		ret->remedy = xasprintf(
			"put it back; else remove its address, or all of [device %s]",
			name);
		break;
	case DOUBTFUL:
		ret->text = xasprintf(
			is_one ? "'%s' is at %s, which may be the device after a move, or a twin of it"
			       : "'%s' is at %s, of which one may be the device after a move, and the others are its twins",
			id_of(search).s, list);
		ret->remedy = xasprintf(
			"see whether the same card is there: then name its place in [device %s], else put the card back, or remove its address or the section",
			name);
		break;
	}
}

void whereabouts_find(const struct functions *functions, const struct recorded *recorded,
		      const struct device_rule *rule, const struct record_target *was,
		      struct whereabouts *ret)
{
	struct search search = { functions, recorded, rule, was, { 0 }, false };
	const struct function *in_slot = in_its_slot(&search);
	cleanup_free char *list = NULL;

	*ret = (struct whereabouts){ 0 };
	if (in_slot) {
		say_moved(&search, bdf_text(in_slot->bdf).s, ret);
		return;
	}
	find_places(&search);
	list = strings_join(&search.places, ", ");
	say(&search, list, ret);
	strings_free(&search.places);
}

void whereabouts_free(struct whereabouts *whereabouts)
{
	free(whereabouts->text);
	free(whereabouts->remedy);
	*whereabouts = (struct whereabouts){ 0 };
}

/* Not where it was, and what sits where it was is the same thing. */
static void say_exchanged(const struct device_rule *rule, const struct record_target *was,
			  const struct function *function, const struct function *in_slot,
			  struct whereabouts *ret)
{
	ret->text = xasprintf(
		"the device that was reserved is at %s now: its path is '%s', and that of %s is '%s'",
		bdf_text(in_slot->bdf).s, was->path, bdf_text(function->bdf).s,
		function->path);
	ret->remedy = xasprintf(
		"name it by 'path = %s' (or 'address = %s') and not by its old address in [device %s]; 'path = %s' is the twin, for who means that one",
		was->path, bdf_text(in_slot->bdf).s, rule->name, function->path);
}

static char *remedy_of_doubt(const struct device_rule *rule,
			     const struct function *function)
{
	if (!function->path)
		return xstrdup(
			"see which of the cards it is; if it is meant, run 'vfio-bootcfg revert' and then generate");
	return xasprintf(
		"see which of the cards it is; if it is meant, name it by 'path = %s' and not by its address in [device %s]",
		function->path, rule->name);
}

static void doubt_path(const struct functions *functions, const struct device_rule *rule,
		       const struct record_target *was, const struct function *function,
		       struct whereabouts *ret)
{
	const struct function *in_slot = functions_at_path(functions, was->path);

	ret->kind = DOUBTFUL;
	if (in_slot && identity_equal(in_slot->id, was->id)) {
		say_exchanged(rule, was, function, in_slot, ret);
		return;
	}
	ret->text = xasprintf(
		"it may be the twin of what was reserved there: the path was '%s' and is '%s' now",
		was->path, function->path);
	ret->remedy = remedy_of_doubt(rule, function);
}

void doubt_find(const struct functions *functions, const struct recorded *recorded,
		const struct device_rule *rule, const struct record_target *was,
		const struct function *function, struct whereabouts *ret)
{
	const struct recorded_place *missing;

	*ret = (struct whereabouts){ 0 };
	if (!identity_equal(was->id, function->id) || !recorded_had_twin(recorded, was))
		return;
	if (was->path && function->path) {
		if (strcmp(was->path, function->path) != 0)
			doubt_path(functions, rule, was, function, ret);
		return;
	}
	missing = recorded_missing(recorded, was->id);
	if (!missing)
		return;
	ret->kind = DOUBTFUL;
	ret->text = xasprintf(
		"it may be the twin of what was reserved there: %s, which had the same id, is not there any more",
		bdf_text(missing->bdf).s);
	ret->remedy = remedy_of_doubt(rule, function);
}
