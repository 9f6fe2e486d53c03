/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that `vfio_bootcfg.devices=` names, each with the identity that it must
 * have. */
#pragma once

#include "base/bdf.h"
#include "base/identity.h"
#include "base/memory.h"

#include <stddef.h>

struct entry {
	struct bdf bdf;
	struct identity_pattern id;
};

/* The first of those that are no entry are kept for the log, the rest are counted. */
enum { MALFORMED_SHOWN = 8 };

struct malformed {
	const char *text; /* Borrowed, and not NUL-terminated. */
	size_t n;
};

struct entries {
	struct entry *v; /* sorted by address, then by identity; none twice */
	size_t n;
	struct malformed malformed[MALFORMED_SHOWN];
	size_t n_malformed;
};

/* Reads `ADDRESS=VVVV:DDDD[:SVVV:SDDD],…`; what is empty between commas is nothing. */
void entries_parse(const char *text, struct entries *ret);
void entries_free(struct entries *entries);

#define cleanup_entries cleanup(entries_free)
