/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Something that the user should know and can act on, with a stable code. Rooms add
 * findings and go on, so that all of them are shown; only report/ prints them.
 */
#pragma once

#include "base/bdf.h"

#include <stdbool.h>
#include <stddef.h>

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct finding {
	enum severity severity;
	const char *code; /* static: 'boot-display' */
	char *address;	  /* '0000:29:00.0', or NULL */
	char *where;	  /* 'FILE:LINE', or NULL */
	char *message;	  /* one sentence: lower case, no full stop, names in 'quotes' */
	char *remedy;	  /* what to do about it, or NULL */
};

struct findings {
	struct finding *v;
	size_t n;
};

/*
 * The new finding, to which the two below add; valid until the next findings_add().
 * `where` is copied and may be NULL.
 */
struct finding *findings_add(struct findings *findings, enum severity severity,
			     const char *code, const char *where, const char *message,
			     ...) __attribute__((format(printf, 5, 6)));
void finding_at(struct finding *finding, struct bdf bdf);
void finding_remedy(struct finding *finding, const char *remedy, ...)
	__attribute__((format(printf, 2, 3)));

bool findings_have_errors(const struct findings *findings);
const char *severity_name(enum severity severity);

/* Moves all of *from to the end of *to. */
void findings_move(struct findings *to, struct findings *from);
void findings_free(struct findings *findings);

#define cleanup_findings cleanup(findings_free)
