/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/rebuild.h"
#include "cli/session.h"
#include "report/report.h"
#include "txn/transaction.h"

#include <errno.h>
#include <string.h>

/* Everything as files under another directory: nothing else is touched or remembered. */
static enum status write_output(struct session *session,
				const struct artifacts *artifacts)
{
	return transaction_export(session->options->output, artifacts,
				  &session->findings) < 0
		       ? STATUS_PUT_BACK
		       : STATUS_DONE;
}

static void print(const struct session *session, const struct changes *changes,
		  const struct artifacts *artifacts)
{
	const struct options *options = session->options;
	enum colour colour = output_colour(stdout, options->colour);

	if (options->json) {
		report_plan_json(stdout, &session->plan, changes, artifacts,
				 &session->findings);
		return;
	}
	if (options->verbosity >= 0)
		report_plan(stdout, &session->plan, changes, artifacts, colour,
			    output_width(stdout));
	if (options->dry_run)
		report_diff(stdout, changes, colour);
}

/* Held from the first look to the last command, so that what is decided on is what is
 * changed, and made effective: a half of an interrupted run must not be taken for the
 * user's own. Neither a dry run nor '--output' changes the root. */
static enum status lock_root(struct session *session)
{
	const struct options *options = session->options;

	if (options->dry_run || options->output)
		return STATUS_DONE;
	return transaction_begin(&session->root, &session->lock, &session->findings) < 0
		       ? STATUS_COULD_NOT_LOOK
		       : STATUS_DONE;
}

static enum status compare(struct session *session, const struct artifacts *artifacts,
			   struct changes *ret)
{
	int r = transaction_compare(&session->root, artifacts, ret, &session->findings);

	return r == 0	      ? STATUS_DONE
	       : r == -EEXIST ? STATUS_REFUSED
			      : STATUS_COULD_NOT_LOOK;
}

static enum status carry_out(struct session *session, const struct changes *changes,
			     const struct artifacts *artifacts)
{
	const struct options *options = session->options;

	if (options->dry_run)
		return STATUS_DONE;
	if (options->output)
		return write_output(session, artifacts);
	return transaction_commit(&session->root, changes, &session->findings) < 0
		       ? STATUS_PUT_BACK
		       : STATUS_DONE;
}

/* What the plan becomes, unless it was refused: then nothing is rendered or written.
 * After a write that failed there is nothing to show, but for programs, which read why.
 */
static enum status act(struct session *session, struct changes *changes,
		       struct artifacts *artifacts)
{
	const struct options *options = session->options;
	enum status status = STATUS_REFUSED;

	if (!findings_have_errors(&session->findings))
		artifacts_render(&session->plan, artifacts, &session->findings);
	if (!findings_have_errors(&session->findings))
		status = compare(session, artifacts, changes);
	if (status == STATUS_DONE)
		status = carry_out(session, changes, artifacts);
	else
		artifacts_free(artifacts);
	if (status != STATUS_PUT_BACK || options->json)
		print(session, changes, artifacts);
	return status;
}

/* What was refused is shown like a plan, and comes last of all, in a log, too. */
static void report_refusal(struct session *session)
{
	fflush(stdout);
	session_report(session);
	fprintf(stderr, "refused: nothing %s written\n",
		session->options->dry_run ? "would be" : "was");
}

int cmd_generate(const struct options *options)
{
	cleanup_session struct session session;
	cleanup_artifacts struct artifacts artifacts = { 0 };
	cleanup_changes struct changes changes = { 0 };
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE && options->rebuild &&
	    strcmp(options->root, "/") != 0) {
		finding_remedy(
			findings_add(
				&session.findings, SEVERITY_ERROR, "usage", NULL,
				"'--rebuild' works on the running system alone, not with '--root'"),
			"leave '--rebuild' out, and run the commands that 'generate' names");
		return STATUS_WRONG_USAGE;
	}
	if (status == STATUS_DONE)
		status = lock_root(&session);
	if (status == STATUS_DONE)
		status = session_plan(&session, PROBE_NAMES);
	if (status != STATUS_DONE) {
		if (options->json)
			print(&session, &changes, &artifacts);
		return status;
	}
	findings_move(&session.findings, &session.refusals);
	status = act(&session, &changes, &artifacts);
	if (status == STATUS_REFUSED && !options->json)
		report_refusal(&session);
	if (status == STATUS_DONE && options->rebuild && !options->dry_run &&
	    !options->output) {
		transaction_admit();
		status = rebuild(&artifacts, &session.findings);
	}
	return status;
}
