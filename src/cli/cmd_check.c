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

enum { PRESENT_MAX = 64 * 1024 * 1024 };

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

static struct planned_file *add_file(const struct session *session, const char *path,
				     enum file_state state, struct next_boot *next)
{
	struct planned_file *file = array_add(next->files, next->n_files);
	struct stat status;

	file->path = xstrdup(path);
	file->state = state;
	if (root_stat(&session->root, path, &status) == 0)
		file->modified = status.st_mtime;
	return file;
}

static void add_change(const struct session *session, const struct change *change,
		       struct next_boot *next)
{
	static const enum file_state states[] = {
		[ACTION_CREATE] = FILE_MISSING,
		[ACTION_UPDATE] = FILE_DIFFERS,
		[ACTION_UNCHANGED] = FILE_CURRENT,
		[ACTION_REMOVE] = FILE_LEFT_OVER,
	};
	struct planned_file *file;

	if (change->restores) {
		if (change->action != ACTION_UNCHANGED)
			add_file(session, change->path, FILE_LEFT_OVER, next);
		return;
	}
	file = add_file(session, change->path, states[change->action], next);
	file->bytes = copy_of(change->after, change->after_size);
	file->size = change->after_size;
}

static bool was_edited(const struct session *session, const struct findings *findings,
		       const char *path)
{
	cleanup_free char *where = root_where(&session->root, path);

	for (size_t i = 0; i < findings->n; i++)
		if (strcmp(findings->v[i].code, "edited-since") == 0 &&
		    findings->v[i].where && strcmp(findings->v[i].where, where) == 0)
			return true;
	return false;
}

/* Where generate would stop at edits of somebody else: each file by itself. */
static void add_artifact(const struct session *session, const struct artifact *artifact,
			 const struct findings *edits, struct next_boot *next)
{
	cleanup_free char *present = NULL;
	struct planned_file *file;
	size_t n;
	int r = root_read(&session->root, artifact->path, PRESENT_MAX, &present, &n);
	bool is_same =
		r == 0 && n == artifact->size && memcmp(present, artifact->bytes, n) == 0;

	file = add_file(session, artifact->path,
			was_edited(session, edits, artifact->path) ? FILE_EDITED
			: is_same				   ? FILE_CURRENT
			: r < 0					   ? FILE_MISSING
								   : FILE_DIFFERS,
			next);
	file->bytes = copy_of(artifact->bytes, artifact->size);
	file->size = artifact->size;
}

static const struct finding *first_error(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity == SEVERITY_ERROR)
			return &findings->v[i];
	return NULL;
}

static enum status compare(struct session *session, const struct artifacts *artifacts,
			   struct next_boot *next)
{
	cleanup_changes struct changes changes = { 0 };
	cleanup_findings struct findings findings = { 0 };
	int r = transaction_compare(&session->root, artifacts, &changes, &findings);

	for (size_t i = 0; r == 0 && i < changes.n; i++)
		add_change(session, &changes.v[i], next);
	for (size_t i = 0; r == -EEXIST && i < artifacts->n; i++)
		add_artifact(session, &artifacts->v[i], &findings, next);
	if (r == 0 || r == -EEXIST)
		return STATUS_DONE;
	findings_move(&session->findings, &findings);
	return STATUS_COULD_NOT_LOOK;
}

/* What is on disk against what generate would write now; nothing is locked or written. */
static enum status look_at_files(struct session *session, struct next_boot *next)
{
	cleanup_artifacts struct artifacts artifacts = { 0 };
	const struct finding *error;

	findings_move(&session->findings, &session->refusals);
	if (!findings_have_errors(&session->findings))
		artifacts_render(&session->plan, &artifacts, &session->findings);
	next->cmdline_lost_at = steal_ptr(artifacts.cmdline_lost_at);
	error = first_error(&session->findings);
	if (!error)
		return compare(session, &artifacts, next);
	/* People have the whole error from standard error. */
	next->refused = session->options->json
				? xstrdup(error->message)
				: xasprintf("see the errors [%s]", error->code);
	return STATUS_DONE;
}

static enum status judge(struct session *session)
{
	const struct options *options = session->options;
	const struct plan *plan = &session->plan;
	cleanup_next_boot struct next_boot next = { 0 };
	cleanup_verification struct verification verification = { 0 };

	probe_next_boot(&session->root, &session->system, next_boot_loader(plan),
			options->kernel, &next);
	if (look_at_files(session, &next) != STATUS_DONE)
		return STATUS_COULD_NOT_LOOK;
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
