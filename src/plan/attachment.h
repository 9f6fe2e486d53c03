/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the targets of a plan stand in the machine that gets them. */
#pragma once

#include "plan/plan.h"

struct attached_function {
	const struct target *target; /* Borrowed from the plan. */
	unsigned number;	     /* of the function in its slot there */
};

/* A slot behind a root port of its own: the functions of one slot here stay together, as
 * their drivers expect; a virtual function is a device by itself. */
struct attached_slot {
	struct attached_function *functions; /* by number, from 0 on */
	size_t n;
};

struct attachment {
	struct attached_slot *slots; /* in the order of the targets */
	size_t n;
};

/* Targets that were not seen have no place. `plan` must outlive it. */
void attachment_make(const struct plan *plan, struct attachment *ret);
void attachment_free(struct attachment *attachment);

#define cleanup_attachment cleanup(attachment_free)
