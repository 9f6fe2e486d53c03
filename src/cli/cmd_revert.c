/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "report/report.h"
#include "txn/transaction.h"

#include <errno.h>

static enum status revert(struct session *session)
{
	cleanup_changes struct changes changes = { 0 };
	cleanup_fd int lock = -1;
	int r = transaction_begin(&session->root, &lock, &session->findings);

	if (r == 0)
		r = transaction_compare_revert(&session->root, &changes,
					       &session->findings);
	if (r < 0)
		return r == -EEXIST ? STATUS_REFUSED : STATUS_COULD_NOT_LOOK;
	if (transaction_commit(&session->root, &changes, &session->findings) < 0)
		return STATUS_PUT_BACK;
	if (session->options->verbosity >= 0)
		report_changes(stdout, &changes,
			       output_colour(stdout, session->options->colour));
	return STATUS_DONE;
}

int cmd_revert(const struct options *options)
{
	cleanup_session struct session session;
	enum status status = session_open(options, &session);

	return status == STATUS_DONE ? revert(&session) : status;
}
