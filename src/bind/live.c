/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/live.h"

#include "bind/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

const struct bind_limits live_limits = { 20000, 60000, 180000, 20 };

/* Half-way through, a function has no driver: whoever presses Ctrl-C, or loses the line
 * because the network card is the one that goes, must not leave it so. */
static void hold_signals(sigset_t *ret_before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, ret_before);
}

/* The driver that has it now is the one to return to, unless it is on loan already: then
 * that of the first time is. A loan of another device, which was there before, says
 * nothing of this one. Returns whether it was not on loan. */
static bool lend(const struct binding *binding, struct loans *loans)
{
	const struct loan *older = loans_find(loans, binding->device.bdf);

	if (older && identity_equal(older->id, binding->found))
		return false;
	loans_put(loans, &(struct loan){
				 .bdf = binding->device.bdf,
				 .id = binding->found,
				 .driver = binding->former,
				 .override = binding->override,
			 });
	return true;
}

static bool reserve_all(const struct binder *binder, struct binding *bindings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		binding_reserve(&bindings[i], binder);
		if (bindings[i].state != BINDING_RESERVED &&
		    bindings[i].state != BINDING_BOUND)
			return false;
	}
	return true;
}

static bool take_all(const struct binder *binder, struct binding *bindings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bindings[i].state == BINDING_RESERVED)
			binding_take(&bindings[i], binder);
		if (bindings[i].state != BINDING_BOUND)
			return false;
	}
	return true;
}

static bool is_as_before(const struct binding *binding)
{
	cleanup_free char *now = device_driver(&binding->device);

	return binding->former ? now && strcmp(now, binding->former) == 0 : !now;
}

/* One whose own step failed has given itself back there, if that could be done. */
static void return_one(const struct binder *binder, struct binding *binding)
{
	if (binding->state == BINDING_RESERVED || binding->state == BINDING_BOUND)
		binding_return(binding, binder);
	else if (binding->state != BINDING_ABSENT &&
		 (binding->is_stuck || !is_as_before(binding)))
		binding->state = BINDING_STRANDED;
}

/* Each as it was before, and so the loans. */
static void return_all(const struct binder *binder, struct binding *bindings, size_t n,
		       const bool *was_reserved, const bool *was_lent,
		       struct loans *loans)
{
	for (size_t i = 0; i < n; i++) {
		if (was_reserved[i])
			return_one(binder, &bindings[i]);
		if (was_lent[i] && bindings[i].state != BINDING_STRANDED)
			loans_drop(loans, bindings[i].device.bdf);
	}
	loans_write(loans);
}

static bool bind_reserved(struct binder *binder, struct binding *bindings, size_t n,
			  struct loans *loans, int *ret_error)
{
	cleanup_free bool *was_reserved = xcalloc(n + 1, sizeof *was_reserved);
	cleanup_free bool *was_lent = xcalloc(n + 1, sizeof *was_lent);
	bool is_done = reserve_all(binder, bindings, n);

	for (size_t i = 0; i < n; i++) {
		was_reserved[i] = bindings[i].state == BINDING_RESERVED;
		was_lent[i] = was_reserved[i] && lend(&bindings[i], loans);
	}
	*ret_error = loans_write(loans);
	is_done = is_done && *ret_error == 0;
	if (is_done)
		binder_load(binder);
	if (is_done && take_all(binder, bindings, n))
		return true;
	/* What used up the time is no reason to strand the others. */
	binder->end = child_clock() + binder->limits.total;
	return_all(binder, bindings, n, was_reserved, was_lent, loans);
	return false;
}

bool live_bind(struct binder *binder, struct binding *bindings, size_t n,
	       struct loans *loans, int *ret_error)
{
	sigset_t before;
	bool is_done;

	binder->is_live = true;
	hold_signals(&before);
	is_done = bind_reserved(binder, bindings, n, loans, ret_error);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return is_done;
}

/* By the very steps that bind: the native driver is reserved for, loaded, and asked. */
static bool give_to(struct binding *binding, const char *driver)
{
	struct binding attempt = { .device = binding->device,
				   .expected = binding->expected };
	cleanup_binder struct binder binder;

	binder_start(&binder, binding->device.root, driver, &live_limits);
	binder.is_live = true;
	binding_reserve(&attempt, &binder);
	if (attempt.state == BINDING_RESERVED) {
		binder_load(&binder);
		binding_take(&attempt, &binder);
	}
	binding_free(binding);
	*binding = attempt;
	return binding->state == BINDING_BOUND;
}

/* False where it did not return: then nothing more is asked. */
static bool has_returned(struct binding *binding, int r, enum binding_state state)
{
	if (r != -ETIME)
		return true;
	binding->is_stuck = true;
	binding->state = state;
	free(binding->reason);
	binding->reason = xstrdup("it did not return in time");
	return false;
}

static bool set_override(struct binding *binding, const char *text)
{
	int r = device_write(&binding->device, "driver_override", text ? text : "\n",
			     live_limits.write);

	return has_returned(binding, r, BINDING_FAILED);
}

/* The link is gone before the driver lets go: of one that hangs it says nothing. */
static bool unbind(struct binding *binding, const char *driver)
{
	int r = device_write(&binding->device, "driver/unbind",
			     bdf_text(binding->device.bdf).s, live_limits.write);

	if (!has_returned(binding, r, BINDING_HELD))
		return false;
	if (r == 0 || !device_is_held_by(&binding->device, driver))
		return true;
	binding->state = BINDING_HELD;
	binding->reason = xstrdup(strerror(-r));
	return false;
}

/* To no driver in particular: nobody, or whoever matches. */
static bool let_go(struct binding *binding, const char *driver, bool probes)
{
	if (driver && !unbind(binding, driver))
		return false;
	if (probes &&
	    !has_returned(binding, device_probe(&binding->device, live_limits.write),
			  BINDING_FAILED))
		return false;
	binding->state = BINDING_BOUND;
	return true;
}

static bool give_to_any(struct binding *binding, const char *driver,
			const struct strings *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		if (give_to(binding, candidates->v[i]))
			return true;
		if (binding->is_stuck)
			return false;
	}
	if (candidates->n && binding->state == BINDING_HELD)
		return false; /* the unbind itself fails, whoever comes after it */
	free(binding->reason);
	binding->reason = NULL;
	return set_override(binding, NULL) && let_go(binding, driver, true);
}

void live_release(struct binding *binding, const char *driver, const struct loan *loan,
		  const struct strings *candidates, char **ret_driver)
{
	sigset_t before;
	bool is_done;

	hold_signals(&before);
	if (loan && loan->driver)
		is_done = give_to(binding, loan->driver);
	else if (loan)
		is_done = let_go(binding, driver, false);
	else
		is_done = give_to_any(binding, driver, candidates);
	if (is_done)
		set_override(binding, loan ? loan->override : NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	*ret_driver = device_driver(&binding->device);
}
