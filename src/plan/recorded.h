/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was reserved last, in the order in which it is searched. */
#pragma once

#include "facts/record.h"

struct recorded {
	const struct record_target **v; /* by address and place. Borrowed. */
	size_t n;
};

/* `record` may be NULL, and must outlive *ret. */
void recorded_sort(const struct record *record, struct recorded *ret);
void recorded_free(struct recorded *recorded);

/* What a device section had at an address, or NULL. Borrowed from the record. */
const struct record_target *recorded_at(const struct recorded *recorded, struct bdf bdf,
					const char *name);
