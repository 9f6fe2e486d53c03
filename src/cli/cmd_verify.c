/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "probe/boot.h"
#include "report/report.h"
#include "sys/journal.h"
#include "verify/next_boot.h"

#include <errno.h>
#include <string.h>

static int open_log(const struct session *session, FILE **ret, const char **ret_name)
{
	const struct options *options = session->options;
	const char *path = options->kernel_log;

	if (options->has_boot) {
		*ret_name = "journal";
		return journal_open(options->root, options->boot, ret);
	}
	if (!path)
		return hardware_log(&session->hardware, ret, ret_name);
	*ret_name = path;
	if (strcmp(path, "-") == 0) {
		*ret = stdin;
		*ret_name = "standard input";
		return 0;
	}
	*ret = fopen(path, "re");
	return *ret ? 0 : -errno;
}

static const char *reason_of(const struct options *options, int error)
{
	if (options->has_boot && error == -ENOENT)
		return "it has no such boot ('journalctl --list-boots' names those it has)";
	if (options->has_boot && error == -EOPNOTSUPP)
		return "this program was built without libsystemd";
	if (options->has_boot && error == -ENODATA)
		return "it shows no message of that kernel";
	return strerror(-error);
}

/* A log that was named must be there; one that merely comes with the machine may be
 * missing, and then what it would have told is unknown. */
static enum status read_log(struct session *session, struct kernel_log *log)
{
	const struct options *options = session->options;
	bool is_named = options->kernel_log || options->has_boot;
	FILE *stream = NULL;
	const char *name = NULL;
	int r = open_log(session, &stream, &name);

	if (r == 0)
		r = kernel_log_read(stream, name, log);
	log->is_named = is_named;
	if (stream && stream != stdin)
		fclose(stream);
	if (r == 0 && options->has_boot && !log->n_lines)
		r = -ENODATA; /* without rights, the journal looks empty */
	if (r == 0 || (r == -ENOENT && !is_named))
		return STATUS_DONE;
	findings_add(&session->findings, is_named ? SEVERITY_ERROR : SEVERITY_WARNING,
		     "log-unreadable", name, "cannot read the kernel log: %s%s",
		     reason_of(options, r),
		     r == -EPERM || r == -EACCES || r == -ENODATA ? " (root may)" : "");
	return is_named ? STATUS_COULD_NOT_LOOK : STATUS_DONE;
}

/* What sysfs shows now is of this boot alone: of any other the log is judged. */
static bool is_machine_of_boot(const struct options *options)
{
	return !options->has_boot ||
	       (options->boot == 0 && strcmp(options->root, "/") == 0);
}

static void print(const struct options *options, const struct verification *verification)
{
	if (options->json)
		report_verification_json(stdout, verification);
	else if (options->format == FORMAT_PROMETHEUS)
		report_verification_prometheus(stdout, verification);
	else
		report_verification(stdout, verification,
				    output_colour(stdout, options->colour),
				    options->verbosity, output_width(stdout));
}

/* Whether the root is what booted: the running system, or the one that has the journal.
 */
static bool is_root_of_boot(const struct session *session)
{
	const struct options *options = session->options;

	return session->hardware.is_live &&
	       (options->has_boot || strcmp(options->root, "/") == 0);
}

/* A boot that went wrong is judged again with the boot chain beside it, which takes a
 * while to read; any boot is where the way of each parameter is asked for. */
static void judge(struct session *session, const struct kernel_log *log,
		  struct verification *ret)
{
	const struct machine unseen = { 0 };
	const struct machine *machine =
		is_machine_of_boot(session->options) ? &session->machine : &unseen;
	cleanup_next_boot struct next_boot next = { 0 };

	verify_boot(&session->plan, machine, log, NULL, ret);
	if ((ret->verdict != VERDICT_FAIL && session->options->verbosity <= 0) ||
	    !is_root_of_boot(session))
		return;
	verification_free(ret);
	probe_next_boot(&session->root, &session->system,
			next_boot_loader(&session->plan), NULL, &next);
	verify_boot(&session->plan, machine, log, &next, ret);
}

int cmd_verify(const struct options *options)
{
	cleanup_session struct session session;
	cleanup_kernel_log struct kernel_log log = { 0 };
	cleanup_verification struct verification verification = { 0 };
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = session_plan(&session, PROBE_NO_NAMES);
	if (status != STATUS_DONE)
		return status;
	session.system.is_of_other_machine =
		!session.hardware.is_live && strcmp(options->root, "/") == 0;
	status = read_log(&session, &log);
	if (status != STATUS_DONE)
		return status;
	if ((session.hardware.form == HARDWARE_LOG || options->kernel_log) && !log.n) {
		findings_add(
			&session.findings, SEVERITY_ERROR, "no-evidence",
			options->kernel_log ? log.name : session.machine.name,
			"nothing in it tells of an IOMMU, a device or a driver: expected a snapshot, an 'lspci -x' dump or a whole kernel log");
		return STATUS_COULD_NOT_LOOK;
	}
	judge(&session, &log, &verification);
	print(options, &verification);
	return status_of(verification.verdict);
}
