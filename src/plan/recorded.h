/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was reserved last, in the order in which it is searched. */
#pragma once

#include "facts/function.h"
#include "facts/record.h"

/* A target or a twin, as it was then. */
struct recorded_place {
	struct identity id;
	struct bdf bdf;
	const char *section; /* of a target; NULL: a twin. Borrowed. */
	bool has_twin;	     /* its vendor:device was not of one section alone */
};

struct recorded {
	const struct record_target **v; /* by address and place. Borrowed. */
	size_t n;
	struct recorded_place *places; /* by identity and address */
	size_t n_places;
	struct recorded_place *missing; /* those twins that are not there any more */
	size_t n_missing;
};

/* `record` may be NULL, and must outlive *ret. */
void recorded_sort(const struct record *record, const struct functions *functions,
		   struct recorded *ret);
void recorded_free(struct recorded *recorded);

/* What a device section had at an address, or NULL. Borrowed from the record. */
const struct record_target *recorded_at(const struct recorded *recorded, struct bdf bdf,
					const char *name);

/* Whether that was there before, reserved or not. */
bool recorded_is_place(const struct recorded *recorded, struct bdf bdf,
		       struct identity id);
/* Whether something had its vendor:device that its section did not reserve. */
bool recorded_had_twin(const struct recorded *recorded, const struct record_target *was);
/* A twin of that identity which is not there any more, or NULL. */
const struct recorded_place *recorded_missing(const struct recorded *recorded,
					      struct identity id);
