/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "probe/boot.h"
#include "report/report.h"
#include "txn/transaction.h"
#include "verify/next_boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum status check_release(struct session *session)
{
	const struct system *system = &session->system;
	const char *release = session->options->kernel;
	cleanup_strings struct strings releases = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < system->n_kernels; i++) {
		if (!release || strcmp(system->kernels[i].release, release) == 0)
			return STATUS_DONE;
		strings_take(&releases, xasprintf("'%s'", system->kernels[i].release));
	}
	if (!release)
		return STATUS_DONE; /* the plan says that there is none */
	list = strings_join(&releases, ", ");
	findings_add(&session->findings, SEVERITY_ERROR, "no-such-kernel", NULL,
		     "kernel '%s' is not installed; expected %s%s", release,
		     releases.n > 1 ? "one of " : "", releases.n ? list : "one that is");
	return STATUS_WRONG_USAGE;
}

static char *copy_of(const char *bytes, size_t n)
{
	char *copy = xcalloc(n + 1, 1);

	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

static void add_file(const struct session *session, const struct change *change,
		     struct next_boot *next)
{
	static const enum file_state states[] = {
		[ACTION_CREATE] = FILE_MISSING,
		[ACTION_UPDATE] = FILE_DIFFERS,
		[ACTION_UNCHANGED] = FILE_CURRENT,
		[ACTION_REMOVE] = FILE_LEFT_OVER,
	};
	struct planned_file *file;
	struct stat status;

	if (change->restores && change->action == ACTION_UNCHANGED)
		return;
	file = array_add(next->files, next->n_files);
	file->path = xstrdup(change->path);
	file->state = change->restores ? FILE_LEFT_OVER : states[change->action];
	if (!change->restores) {
		file->bytes = copy_of(change->after, change->after_size);
		file->size = change->after_size;
	}
	if (root_stat(&session->root, change->path, &status) == 0)
		file->modified = status.st_mtime;
}

static const struct finding *first_error(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity == SEVERITY_ERROR)
			return &findings->v[i];
	return NULL;
}

/* What is on disk against what generate would write now; nothing is locked or written. */
static void compare(struct session *session, struct next_boot *next)
{
	cleanup_artifacts struct artifacts artifacts = { 0 };
	cleanup_changes struct changes changes = { 0 };
	const struct finding *error;

	findings_move(&session->findings, &session->refusals);
	if (!findings_have_errors(&session->findings))
		artifacts_render(&session->plan, &artifacts, &session->findings);
	if (!findings_have_errors(&session->findings))
		transaction_compare(&session->root, &artifacts, &changes,
				    &session->findings);
	error = first_error(&session->findings);
	if (error)
		next->refused = xstrdup(error->message);
	for (size_t i = 0; !error && i < changes.n; i++)
		add_file(session, &changes.v[i], next);
}

static enum status judge(struct session *session)
{
	const struct options *options = session->options;
	const struct plan *plan = &session->plan;
	cleanup_next_boot struct next_boot next = { 0 };
	cleanup_verification struct verification verification = { 0 };

	probe_next_boot(&session->root, &session->system, next_boot_loader(plan),
			options->kernel, &next);
	compare(session, &next);
	verify_next_boot(plan, &next, session->system.chain.running_cmdline,
			 &verification);
	if (options->json)
		report_verification_json(stdout, &verification);
	else
		report_verification(stdout, &verification,
				    output_colour(stdout, options->colour),
				    options->verbosity, output_width(stdout));
	return status_of(verification.verdict);
}

int cmd_check(const struct options *options)
{
	cleanup_session struct session session;
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = session_plan(&session, PROBE_NO_NAMES);
	if (status == STATUS_DONE)
		status = check_release(&session);
	return status == STATUS_DONE ? judge(&session) : status;
}
