/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_sightings.h"

#include "base/search.h"

#include <stdlib.h>
#include <string.h>

void sightings_add(struct sightings *sightings, const char *modalias,
		   const struct module *module)
{
	struct sighting *sighting = array_add(sightings->v, sightings->n);

	sighting->modalias = xstrdup(modalias);
	sighting->module = *module;
	sighting->module.name = xstrdup(module->name);
}

static void sighting_free(struct sighting *sighting)
{
	free(sighting->modalias);
	free(sighting->module.name);
}

static int compare_matches(const struct sighting *a, const struct sighting *b)
{
	int order = strcmp(a->modalias, b->modalias);

	return order ? order : strcmp(a->module.name, b->module.name);
}

static int compare_evidence(const struct module *a, const struct module *b)
{
	int order = !!a->evidence_release - !!b->evidence_release;

	if (!order && a->evidence_release)
		order = strverscmp(a->evidence_release, b->evidence_release);
	return order ? order : (a->evidence > b->evidence) - (a->evidence < b->evidence);
}

static int compare(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int order = compare_matches(x, y);

	return order ? order : compare_evidence(&x->module, &y->module);
}

void sightings_sort(struct sightings *sightings)
{
	struct sightings kept = { 0 };

	if (!sightings->n)
		return;
	qsort(sightings->v, sightings->n, sizeof *sightings->v, compare);
	for (size_t i = 0; i < sightings->n; i++) {
		if (kept.n && compare_matches(&kept.v[kept.n - 1], &sightings->v[i]) == 0)
			sighting_free(&sightings->v[i]);
		else
			*array_add(kept.v, kept.n) = sightings->v[i];
	}
	free(sightings->v);
	*sightings = kept;
}

static int compare_to_modalias(const void *key, const void *element)
{
	const struct sighting *sighting = element;

	return strcmp(key, sighting->modalias);
}

struct sightings sightings_of(const struct sightings *sightings, const char *modalias)
{
	size_t first = search_first(modalias, sightings->v, sightings->n,
				    sizeof *sightings->v, compare_to_modalias);
	size_t end = first;

	while (end < sightings->n && strcmp(sightings->v[end].modalias, modalias) == 0)
		end++;
	/* Nothing may be added to NULL, not even nothing. */
	if (end == first)
		return (struct sightings){ 0 };
	return (struct sightings){ sightings->v + first, end - first };
}

void sightings_to_matches(struct sightings *sightings, struct kernel *kernel)
{
	struct alias_match *match = NULL;

	for (size_t i = 0; i < sightings->n; i++) {
		struct sighting *sighting = &sightings->v[i];

		if (!match || strcmp(match->modalias, sighting->modalias) != 0) {
			match = array_add(kernel->matches, kernel->n_matches);
			match->modalias = steal_ptr(sighting->modalias);
		}
		*array_add(match->modules.v, match->modules.n) = sighting->module;
		sighting->module.name = NULL;
	}
}

void sightings_free(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->n; i++)
		sighting_free(&sightings->v[i]);
	free(sightings->v);
	*sightings = (struct sightings){ 0 };
}
