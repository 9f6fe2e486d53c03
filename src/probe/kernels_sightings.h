/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kernel's alias matches while they are gathered, in any order, from several sources.
 */
#pragma once

#include "facts/system.h"

struct sighting {
	char *modalias;
	char *module;
	enum module_state state;
};
struct sightings {
	struct sighting *v;
	size_t n;
};

void sightings_add(struct sightings *sightings, const char *modalias, const char *module,
		   enum module_state state);

/* By modalias and module. Of two that name the same, one stays: the state of a module is
 * one and the same in a kernel. */
void sightings_sort(struct sightings *sightings);

/* Into kernel->matches. */
void sightings_to_matches(const struct sightings *sightings, struct kernel *kernel);
void sightings_free(struct sightings *sightings);
