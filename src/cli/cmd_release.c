/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/live.h"
#include "bind/module.h"
#include "cli/live.h"
#include "plan/live.h"

#include <stdlib.h>
#include <string.h>

/* The drivers of the modules that match the function, each loaded where it is not,
 * and where the administrator lets it. */
static struct strings find_candidates(const struct target *target)
{
	struct strings candidates = { 0 };

	for (size_t i = 0; i < target->n_competitors; i++) {
		const char *module = target->competitors[i].module;
		cleanup_strings struct strings drivers = module_drivers("", module);

		if (!drivers.n) {
			module_load_matching("", module, live_limits.load);
			strings_free(&drivers);
			drivers = module_drivers("", module);
		}
		strings_add_all(&candidates, &drivers);
	}
	return candidates;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* That of the very device that is there now, or NULL. */
static const struct loan *loan_of(const struct loans *loans, const struct target *target)
{
	const struct loan *loan = loans_find(loans, target->bdf);

	return loan && identity_matches(loan->id, &target->id) ? loan : NULL;
}

/*
 * Whether there is something to give back: what a reserving driver holds, and what a
 * 'bind' that was killed or hung left half-way. What somebody has given to a third driver
 * since, by hand, is no loan any more.
 */
static bool is_out(const struct session *session, const struct function *function,
		   const struct loan *loan)
{
	const struct plan *plan = &session->plan;
	const char *driver = function->driver, *override = function->driver_override;

	if (!loan)
		return driver_reserves(plan, driver);
	if (is_same(driver, loan->driver))
		return !is_same(override, loan->override);
	return !driver || driver_reserves(plan, driver) ||
	       driver_reserves(plan, override);
}

static void explain(struct session *session, const struct binding *binding,
		    const struct handover *handover)
{
	struct finding *finding;

	if (handover->result == HANDOVER_DONE)
		return;
	if (binding->state == BINDING_BOUND)
		finding = findings_add(
			&session->findings, SEVERITY_ERROR, "release-failed", NULL,
			"'%s' took %s again: no other driver wants it, or the id was reserved at boot",
			handover->now, bdf_text(handover->bdf).s);
	else
		finding = findings_add(
			&session->findings, SEVERITY_ERROR, "release-failed", NULL,
			"%s could not be given back: %s", bdf_text(handover->bdf).s,
			binding->reason ? binding->reason : "it vanished");
	finding_at(finding, handover->bdf);
}

static enum handover_result result_of(const struct session *session,
				      const struct binding *binding,
				      const struct loan *loan, const char *now)
{
	if (binding->is_stuck)
		return HANDOVER_STRANDED;
	if (binding->state != BINDING_BOUND)
		return HANDOVER_FAILED;
	/* That one may be the one to return to: 'pci-stub' had it before. */
	return !driver_reserves(&session->plan, now) ||
			       (loan && is_same(now, loan->driver))
		       ? HANDOVER_DONE
		       : HANDOVER_FAILED;
}

static void give_back(struct session *session, const struct target *target,
		      struct loans *loans, struct handover *handover)
{
	const struct loan *loan = loan_of(loans, target);
	struct binding binding = { .device = { "", target->bdf },
				   .expected = target->id };
	cleanup_strings struct strings candidates = { 0 };

	if (!loan)
		candidates = find_candidates(target);
	live_release(&binding, handover->before, loan, &candidates, &handover->now);
	handover->result = result_of(session, &binding, loan, handover->now);
	if (handover->result == HANDOVER_DONE)
		loans_drop(loans, target->bdf);
	explain(session, &binding, handover);
	binding_free(&binding);
}

/* What a dry run says: where it would go. */
static void predict(const struct target *target, const struct loan *loan,
		    struct handover *handover)
{
	const char *driver = loan		     ? loan->driver
			     : target->n_competitors ? target->competitors[0].module
						     : NULL;

	handover->now = driver ? xstrdup(driver) : NULL;
	handover->result = HANDOVER_PLANNED;
}

/* That its driver has it is no work of 'release'. */
static void note_not_taken(struct session *session, const struct target *target)
{
	const char *driver = target->function->driver;
	struct finding *finding =
		findings_add(&session->findings, SEVERITY_NOTE, "nothing-on-loan", NULL,
			     "%s is not taken: %s%s%s has it, and nothing is given back",
			     bdf_text(target->bdf).s, driver ? "'" : "",
			     driver ? driver : "no driver", driver ? "'" : "");

	finding_at(finding, target->bdf);
}

static void release_one(struct session *session, const struct target *target,
			struct loans *loans, struct handovers *handovers)
{
	const char *driver = target->function->driver;
	const struct loan *loan = loan_of(loans, target);
	struct handover *handover =
		handover_add(handovers, target->rule->name, target->bdf);

	handover->before = driver ? xstrdup(driver) : NULL;
	if (!is_out(session, target->function, loan)) {
		handover->now = driver ? xstrdup(driver) : NULL;
		handover->result = HANDOVER_UNCHANGED;
		if (!loan)
			note_not_taken(session, target);
		loans_drop(loans, target->bdf);
	} else if (session->options->dry_run) {
		predict(target, loan, handover);
	} else {
		give_back(session, target, loans, handover);
	}
}

static enum status release_all(struct session *session, struct loans *loans,
			       struct handovers *handovers)
{
	const struct plan *plan = &session->plan;

	plan_make_release(&session->config, &session->machine, &session->system,
			  &session->record, &session->usage, &session->plan,
			  &session->findings);
	if (findings_have_errors(&session->findings))
		return STATUS_REFUSED;
	for (size_t i = 0; i < plan->n_targets && plan->targets[i].function; i++)
		release_one(session, &plan->targets[i], loans, handovers);
	if (!session->options->dry_run)
		loans_write(loans);
	return findings_have_errors(&session->findings) ? STATUS_REFUSED : STATUS_DONE;
}

/* An unplugged card, or a virtual function that was removed, keeps no other from going
 * back. */
static void forget_absent(struct session *session, struct loans *loans)
{
	size_t i = 0;

	while (i < loans->n) {
		struct bdf bdf = loans->v[i].bdf;

		if (device_is_present(&(struct device){ "", bdf })) {
			i++;
			continue;
		}
		finding_at(
			findings_add(&session->findings, SEVERITY_NOTE, "nothing-on-loan",
				     NULL,
				     "%s is on loan and no longer there: it is forgotten",
				     bdf_text(bdf).s),
			bdf);
		loans_drop(loans, bdf); /* the last one is at its place now */
	}
	if (!session->options->dry_run)
		loans_write(loans);
}

static void note_nothing(struct session *session)
{
	findings_add(
		&session->findings, SEVERITY_NOTE, "nothing-on-loan", NULL,
		"'bind' has taken nothing since the boot; name what was reserved at boot");
}

/* Without operands: all that bind took. */
static struct strings operands_of(const struct options *options,
				  const struct loans *loans)
{
	struct strings operands = { 0 };

	strings_add_all(&operands, &options->operands);
	for (size_t i = 0; !options->operands.n && i < loans->n; i++)
		strings_add(&operands, bdf_text(loans->v[i].bdf).s);
	return operands;
}

static enum status act(struct session *session, struct handovers *handovers)
{
	cleanup_loans struct loans loans;
	cleanup_strings struct strings operands = { 0 };
	enum status status = live_open_loans(session, &loans);

	if (status != STATUS_DONE)
		return status;
	if (!session->options->operands.n && !loans.n)
		note_nothing(session);
	if (!session->options->operands.n)
		forget_absent(session, &loans);
	operands = operands_of(session->options, &loans);
	if (!operands.n)
		return STATUS_DONE;
	status = session_read_now(session, &operands);
	/* What is on loan, and not what else is in its slot. */
	for (size_t i = 0; !session->options->operands.n && i < session->config.n_devices;
	     i++)
		session->config.devices[i].functions = FUNCTIONS_LISTED;
	return status == STATUS_DONE ? release_all(session, &loans, handovers) : status;
}

int cmd_release(const struct options *options)
{
	cleanup_session struct session session;
	cleanup_handovers struct handovers handovers = { "vfio-bootcfg.release/1", NULL,
							 0 };
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = live_begin(&session);
	if (status == STATUS_DONE)
		status = act(&session, &handovers);
	live_print(&session, &handovers);
	return status;
}
