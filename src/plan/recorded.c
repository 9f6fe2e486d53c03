/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/recorded.h"

#include "base/memory.h"
#include "base/search.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct record_target *x = *(const struct record_target *const *)a;
	const struct record_target *y = *(const struct record_target *const *)b;
	int order = bdf_compare(&x->bdf, &y->bdf);

	return order ? order : (x > y) - (x < y);
}

static int compare_places(const void *a, const void *b)
{
	const struct recorded_place *x = a, *y = b;
	int order = identity_compare(x->id, y->id);

	return order ? order : bdf_compare(&x->bdf, &y->bdf);
}

static void add_places(const struct record *record, const struct functions *functions,
		       struct recorded *recorded)
{
	for (size_t i = 0; i < record->n; i++)
		*array_add(recorded->places, recorded->n_places) =
			(struct recorded_place){ record->v[i].id, record->v[i].bdf,
						 record->v[i].name, false };
	for (size_t i = 0; i < record->n_twins; i++) {
		const struct record_twin *twin = &record->twins[i];
		struct recorded_place place = { twin->id, twin->bdf, NULL, false };
		const struct function *now = functions_at(functions, twin->bdf);

		*array_add(recorded->places, recorded->n_places) = place;
		if (!now || !identity_equal(now->id, twin->id))
			*array_add(recorded->missing, recorded->n_missing) = place;
	}
}

static bool is_of_one_section(const struct recorded_place *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].section || strcmp(v[i].section, v[0].section) != 0)
			return false;
	return true;
}

static void mark_twins(struct recorded_place *v, size_t n)
{
	size_t start = 0;

	for (size_t i = 1; i <= n; i++) {
		bool is_one;

		if (i < n && identity_same_device(v[i].id, v[start].id))
			continue;
		is_one = is_of_one_section(&v[start], i - start);
		for (; start < i; start++)
			v[start].has_twin = !is_one;
	}
}

void recorded_sort(const struct record *record, const struct functions *functions,
		   struct recorded *ret)
{
	struct recorded recorded = { 0 };

	for (size_t i = 0; record && i < record->n; i++)
		*array_add(recorded.v, recorded.n) = &record->v[i];
	if (record)
		add_places(record, functions, &recorded);
	if (recorded.n)
		qsort(recorded.v, recorded.n, sizeof *recorded.v, compare);
	if (recorded.n_places)
		qsort(recorded.places, recorded.n_places, sizeof *recorded.places,
		      compare_places);
	mark_twins(recorded.places, recorded.n_places);
	if (recorded.n_missing)
		qsort(recorded.missing, recorded.n_missing, sizeof *recorded.missing,
		      compare_places);
	*ret = recorded;
}

void recorded_free(struct recorded *recorded)
{
	free(recorded->v);
	free(recorded->places);
	free(recorded->missing);
	*recorded = (struct recorded){ 0 };
}

static int compare_to_address(const void *key, const void *element)
{
	const struct record_target *const *target = element;

	return bdf_compare(key, &(*target)->bdf);
}

const struct record_target *recorded_at(const struct recorded *recorded, struct bdf bdf,
					const char *name)
{
	for (size_t i = search_first(&bdf, recorded->v, recorded->n, sizeof *recorded->v,
				     compare_to_address);
	     i < recorded->n && bdf_equal(recorded->v[i]->bdf, bdf); i++)
		if (strcmp(recorded->v[i]->name, name) == 0)
			return recorded->v[i];
	return NULL;
}

bool recorded_is_place(const struct recorded *recorded, struct bdf bdf,
		       struct identity id)
{
	const struct recorded_place key = { id, bdf, NULL, false };

	return recorded->n_places && bsearch(&key, recorded->places, recorded->n_places,
					     sizeof *recorded->places, compare_places);
}

bool recorded_had_twin(const struct recorded *recorded, const struct record_target *was)
{
	const struct recorded_place key = { was->id, was->bdf, NULL, false };
	const struct recorded_place *place =
		recorded->n_places ? bsearch(&key, recorded->places, recorded->n_places,
					     sizeof *recorded->places, compare_places)
				   : NULL;

	return place && place->has_twin;
}

const struct recorded_place *recorded_missing(const struct recorded *recorded,
					      struct identity id)
{
	const struct recorded_place key = { .id = id };
	size_t i = search_first(&key, recorded->missing, recorded->n_missing,
				sizeof *recorded->missing, compare_places);

	return i < recorded->n_missing && identity_equal(recorded->missing[i].id, id)
		       ? &recorded->missing[i]
		       : NULL;
}
