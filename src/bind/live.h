/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binding on the running system, where people work: all functions are taken or none, and
 * what was lent is returned. The steps are those of the early binder.
 */
#pragma once

#include "base/strings.h"
#include "bind/bind.h"
#include "bind/loans.h"

/* Longer than at boot: a driver in use has more to put away. */
extern const struct bind_limits live_limits; /* 20 s, 60 s, 180 s and 20 ms */

/*
 * Whether all of `bindings` (root, address and expected identity are set, the rest is
 * zeroed) ended in BINDING_BOUND. If not, each is as it was before, or BINDING_STRANDED;
 * those that were bound before stay so. What was lent is in the loans, which are written
 * before anything is taken; `*ret_error` is why they could not be, and then nothing was
 * done.
 */
bool live_bind(struct binder *binder, struct binding *bindings, size_t n,
	       struct loans *loans, int *ret_error);

/*
 * Gives one function that `binding` names from `driver` (NULL: a bind that was killed, or
 * hung, has left it without one) back to what had it: to the
 * driver of its loan; or, where there is none, to the first of `candidates` that takes
 * it, or else to whichever does. BINDING_BOUND is success; `*ret_driver` is who has it
 * now, or NULL where no driver wants it or had it. On failure `driver` keeps it, unless a
 * step hangs (`is_stuck`).
 */
void live_release(struct binding *binding, const char *driver, const struct loan *loan,
		  const struct strings *candidates, char **ret_driver);
