/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/live.h"
#include "cli/live.h"
#include "plan/live.h"

#include <stdlib.h>
#include <string.h>

static void finish(struct binding *bindings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		binding_free(&bindings[i]);
	free(bindings);
}

static struct binding *prepare(const struct plan *plan)
{
	struct binding *bindings = xcalloc(plan->n_targets + 1, sizeof *bindings);

	for (size_t i = 0; i < plan->n_targets; i++) {
		bindings[i].device = (struct device){ "", plan->targets[i].bdf };
		bindings[i].expected = plan->targets[i].id;
	}
	return bindings;
}

/* One sentence for each function that did not go the way it should. */
static void explain(struct session *session, const struct binding *binding)
{
	struct findings *findings = &session->findings;
	struct bdf_text address = bdf_text(binding->device.bdf);
	const char *reason = binding->reason ? binding->reason : "";

	switch (binding->state) {
	case BINDING_NEW:
	case BINDING_RESERVED:
	case BINDING_BOUND:
	case BINDING_RETURNED:
		return;
	case BINDING_ABSENT:
		findings_add(findings, SEVERITY_ERROR, "bind-failed", NULL,
			     "%s vanished while it was bound", address.s);
		break;
	case BINDING_OTHER_IDENTITY:
		findings_add(findings, SEVERITY_ERROR, "bind-failed", NULL,
			     "%s is another device now: '%s'", address.s,
			     identity_text(binding->found).s);
		break;
	case BINDING_HELD:
		findings_add(findings, SEVERITY_ERROR, "bind-failed", NULL,
			     "'%s' does not let go of %s: %s", binding->holder, address.s,
			     reason);
		break;
	case BINDING_FAILED:
		findings_add(findings, SEVERITY_ERROR, "bind-failed", NULL,
			     "%s could not be bound: %s", address.s, reason);
		break;
	case BINDING_STRANDED:
		finding_remedy(
			findings_add(
				findings, SEVERITY_ERROR, "device-stranded", NULL,
				"%s could neither be bound nor be given back to '%s': %s",
				address.s,
				binding->former ? binding->former : "no driver", reason),
			"see 'dmesg'; where a driver hangs, only a reboot ends it");
		break;
	}
	finding_at(&findings->v[findings->n - 1], binding->device.bdf);
}

static enum handover_result result_of(const struct binding *binding)
{
	switch (binding->state) {
	case BINDING_BOUND:
		return HANDOVER_DONE;
	case BINDING_RETURNED:
	case BINDING_RESERVED:
		return HANDOVER_RETURNED;
	case BINDING_STRANDED:
		return HANDOVER_STRANDED;
	case BINDING_NEW:
	case BINDING_ABSENT:
	case BINDING_OTHER_IDENTITY:
	case BINDING_HELD:
	case BINDING_FAILED:
		break;
	}
	return HANDOVER_FAILED;
}

static void tell(struct session *session, const struct binding *bindings,
		 struct handovers *handovers)
{
	const struct plan *plan = &session->plan;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		struct handover *handover =
			handover_add(handovers, target->rule->name, target->bdf);
		const char *before = target->function->driver;

		handover->before = before ? xstrdup(before) : NULL;
		handover->now = device_driver(&bindings[i].device);
		handover->result = result_of(&bindings[i]);
		if (handover->result == HANDOVER_DONE && before &&
		    strcmp(before, plan->driver) == 0)
			handover->result = HANDOVER_UNCHANGED;
		explain(session, &bindings[i]);
	}
}

static enum status status_after(const struct handovers *handovers)
{
	for (size_t i = 0; i < handovers->n; i++)
		if (handovers->v[i].result == HANDOVER_STRANDED)
			return STATUS_REFUSED;
	return STATUS_PUT_BACK;
}

static enum status carry_out(struct session *session, struct handovers *handovers)
{
	const struct plan *plan = &session->plan;
	struct binding *bindings = prepare(plan);
	cleanup_binder struct binder binder;
	cleanup_loans struct loans loans;
	enum status status = live_open_loans(session, &loans);
	bool is_done = false;
	int error = 0;

	binder_start(&binder, "", plan->driver, &live_limits);
	if (status == STATUS_DONE) {
		is_done = live_bind(&binder, bindings, plan->n_targets, &loans, &error);
		if (error < 0)
			findings_add(&session->findings, SEVERITY_ERROR, "bind-failed",
				     loans.path,
				     "what is taken could not be written down: %s",
				     strerror(-error));
		tell(session, bindings, handovers);
		status = is_done ? STATUS_DONE : status_after(handovers);
	}
	finish(bindings, plan->n_targets);
	return status;
}

/* What was taken on trust by its id is not there to be bound. */
static void predict(const struct plan *plan, struct handovers *handovers)
{
	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		const char *before = target->function ? target->function->driver : NULL;
		bool is_bound = before && strcmp(before, plan->driver) == 0;
		struct handover *handover;

		if (!target->has_bdf)
			continue;
		handover = handover_add(handovers, target->rule->name, target->bdf);
		handover->before = before ? xstrdup(before) : NULL;
		handover->now = xstrdup(plan->driver);
		handover->result = is_bound ? HANDOVER_UNCHANGED : HANDOVER_PLANNED;
	}
}

static enum status act(struct session *session, struct handovers *handovers)
{
	plan_make_live(&session->config, &session->machine, &session->system,
		       &session->record, &session->usage, &session->plan,
		       &session->findings);
	if (findings_have_errors(&session->findings))
		return STATUS_REFUSED;
	if (!session->options->dry_run)
		return carry_out(session, handovers);
	predict(&session->plan, handovers);
	return STATUS_DONE;
}

int cmd_bind(const struct options *options)
{
	cleanup_session struct session session;
	cleanup_handovers struct handovers handovers = { "vfio-bootcfg.bind/1", NULL, 0 };
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = live_begin(&session);
	if (status == STATUS_DONE)
		status = session_read_now(&session, &options->operands);
	if (status == STATUS_DONE)
		status = act(&session, &handovers);
	live_print(&session, &handovers);
	return status;
}
