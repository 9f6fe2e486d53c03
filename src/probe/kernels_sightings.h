/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kernel's alias matches while they are gathered, in any order, from several sources.
 */
#pragma once

#include "facts/system.h"

struct sighting {
	char *modalias;
	struct module module; /* its name is owned */
};
struct sightings {
	struct sighting *v;
	size_t n;
};

/* The name of the module is copied. */
void sightings_add(struct sightings *sightings, const char *modalias,
		   const struct module *module);

/* By modalias and module. Of those that name the same, the one with the best evidence
 * stays: this kernel's own before another's, and those in the order of the kernels. */
void sightings_sort(struct sightings *sightings);

/* Those of one modalias, once they are sorted. Borrowed. */
struct sightings sightings_of(const struct sightings *sightings, const char *modalias);

/* Moves them into kernel->matches. */
void sightings_to_matches(struct sightings *sightings, struct kernel *kernel);
void sightings_free(struct sightings *sightings);
