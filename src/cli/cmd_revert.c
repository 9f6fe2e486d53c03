/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "report/report.h"
#include "txn/transaction.h"

#include <errno.h>

enum { WAY_BACK_MAX = 1024 * 1024 };

/* The commands of the generate that is taken back; without its record, what they do. */
static void print_commands(const char *way_back, const char *root, enum colour colour)
{
	cleanup_strings struct strings lines = { 0 };

	strings_split(&lines, way_back ? way_back : "", "\n");
	if (lines.n)
		report_commands(stdout, &lines, root, colour);
	else
		puts("\nto make it take effect, rebuild the initramfs images and the boot loader's menu, and reboot");
}

static void print(const struct session *session, const struct changes *changes,
		  const char *way_back)
{
	const struct options *options = session->options;
	enum colour colour = output_colour(stdout, options->colour);

	if (options->verbosity >= 0)
		report_changes(stdout, changes, colour);
	if (options->dry_run)
		report_diff(stdout, changes, colour);
	if (options->verbosity < 0)
		return;
	if (changes->n)
		print_commands(way_back, options->root, colour);
	else
		puts("nothing to take back: generate has written nothing here");
	if (changes->n && session_has_config(session))
		puts("\nthe configuration is kept: remove it, or 'generate', which the package's hooks run for a new kernel, reserves again");
}

/* What files that others write, too, would be without us. Whatever cannot be read of the
 * root stops no revert: the originals are kept. */
static void read_undone(struct session *session, struct artifacts *ret)
{
	cleanup_findings struct findings ignored = { 0 };
	const struct machine nothing = { 0 };

	if (probe_system(&session->root, &nothing, "vfio-pci", artifact_paths,
			 artifact_n_paths, &session->system, &ignored) == 0)
		artifacts_render_undone(&session->system, ret, &session->findings);
}

static enum status revert(struct session *session)
{
	cleanup_artifacts struct artifacts undone = { 0 };
	bool dry_run = session->options->dry_run;
	cleanup_changes struct changes changes = { 0 };
	cleanup_free char *way_back = NULL;
	size_t n;
	int r = dry_run ? 0
			: transaction_begin(&session->root, &session->lock,
					    &session->findings);

	if (r == 0) {
		root_read(&session->root, WAY_BACK_PATH, WAY_BACK_MAX, &way_back, &n);
		read_undone(session, &undone);
		r = transaction_compare(&session->root, &undone, &changes,
					&session->findings);
	}
	if (r < 0)
		return r == -EEXIST ? STATUS_REFUSED : STATUS_COULD_NOT_LOOK;
	if (!dry_run &&
	    transaction_commit(&session->root, &changes, &session->findings) < 0)
		return STATUS_PUT_BACK;
	print(session, &changes, way_back);
	return STATUS_DONE;
}

int cmd_revert(const struct options *options)
{
	cleanup_session struct session session;
	enum status status = session_open(options, &session);

	return status == STATUS_DONE ? revert(&session) : status;
}
