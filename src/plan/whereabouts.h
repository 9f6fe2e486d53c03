/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a device may be that is not at its place: its twins have its id, too. */
#pragma once

#include "base/memory.h"
#include "config/config.h"
#include "plan/recorded.h"

enum whereabouts_kind {
	NOWHERE,  /* nothing has its id */
	MOVED,	  /* to where nothing like it was before */
	GONE,	  /* what has its id was there before, as its twin */
	DOUBTFUL, /* it may have moved, and its twin may be all that is there */
};

struct whereabouts {
	enum whereabouts_kind kind;
	char *text;   /* a clause that follows a semicolon; NULL where it is nowhere */
	char *remedy; /* the same */
};

/*
 * Of what the last generate saw (`was`, or NULL), or of what the ids of the section are;
 * nothing that the section names by its address is taken for it.
 */
void whereabouts_find(const struct functions *functions, const struct recorded *recorded,
		      const struct device_rule *rule, const struct record_target *was,
		      struct whereabouts *ret);
void whereabouts_free(struct whereabouts *whereabouts);

/*
 * Why the function at the address where `was` was may be a twin of it, although it has
 * its id, and what to name instead; no text where nothing speaks for that.
 */
void doubt_find(const struct functions *functions, const struct recorded *recorded,
		const struct device_rule *rule, const struct record_target *was,
		const struct function *function, struct whereabouts *ret);

#define cleanup_whereabouts cleanup(whereabouts_free)
