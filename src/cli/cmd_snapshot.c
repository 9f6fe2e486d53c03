/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/session.h"
#include "sys/snapshot.h"

#include <errno.h>
#include <string.h>

/* Without the log the snapshot is still worth having: what it would tell is unknown. */
static FILE *open_log(struct session *session)
{
	FILE *log = NULL;
	const char *name = NULL;
	int r = hardware_log(&session->hardware, &log, &name);

	if (r < 0)
		findings_add(&session->findings, SEVERITY_WARNING, "log-unreadable", name,
			     "the snapshot has no kernel log: %s%s", strerror(-r),
			     r == -EPERM || r == -EACCES ? " (root may read it)" : "");
	return log;
}

int cmd_snapshot(const struct options *options)
{
	cleanup_session struct session session;
	cleanup_file FILE *log = NULL;
	enum status status = session_open(options, &session);
	int r;

	if (status != STATUS_DONE)
		return status;
	if (hardware_open(options->snapshot, &session.hardware, &session.findings) < 0)
		return STATUS_COULD_NOT_LOOK;
	if (session.hardware.form != HARDWARE_TREE) {
		findings_add(&session.findings, SEVERITY_ERROR, "no-functions",
			     session.hardware.path,
			     "expected a directory or a snapshot: this holds no machine");
		return STATUS_WRONG_USAGE;
	}
	log = open_log(&session);
	r = snapshot_write(session.hardware.tree, log,
			   options->unredacted ? REDACT_NOTHING : REDACT, stdout);
	if (r < 0) {
		findings_add(&session.findings, SEVERITY_ERROR, "unreadable", NULL,
			     "cannot write the snapshot: %s", strerror(-r));
		return STATUS_COULD_NOT_LOOK;
	}
	return STATUS_DONE;
}
