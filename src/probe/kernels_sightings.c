/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels_sightings.h"

#include <stdlib.h>
#include <string.h>

void sightings_add(struct sightings *sightings, const char *modalias, const char *module,
		   enum module_state state)
{
	*array_add(sightings->v, sightings->n) = (struct sighting){
		.modalias = xstrdup(modalias),
		.module = xstrdup(module),
		.state = state,
	};
}

static void sighting_free(struct sighting *sighting)
{
	free(sighting->modalias);
	free(sighting->module);
}

static int compare(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int order = strcmp(x->modalias, y->modalias);

	return order ? order : strcmp(x->module, y->module);
}

void sightings_sort(struct sightings *sightings)
{
	struct sightings kept = { 0 };

	if (!sightings->n)
		return;
	qsort(sightings->v, sightings->n, sizeof *sightings->v, compare);
	for (size_t i = 0; i < sightings->n; i++) {
		if (kept.n && compare(&kept.v[kept.n - 1], &sightings->v[i]) == 0)
			sighting_free(&sightings->v[i]);
		else
			*array_add(kept.v, kept.n) = sightings->v[i];
	}
	free(sightings->v);
	*sightings = kept;
}

void sightings_to_matches(const struct sightings *sightings, struct kernel *kernel)
{
	struct alias_match *match = NULL;

	for (size_t i = 0; i < sightings->n; i++) {
		const struct sighting *sighting = &sightings->v[i];

		if (!match || strcmp(match->modalias, sighting->modalias) != 0) {
			match = array_add(kernel->matches, kernel->n_matches);
			match->modalias = xstrdup(sighting->modalias);
		}
		*array_add(match->modules.v, match->modules.n) = (struct module){
			.name = xstrdup(sighting->module),
			.state = sighting->state,
		};
	}
}

void sightings_free(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->n; i++)
		sighting_free(&sightings->v[i]);
	free(sightings->v);
	*sightings = (struct sightings){ 0 };
}
