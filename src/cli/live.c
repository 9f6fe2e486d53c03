/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/live.h"

#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum status refuse(struct session *session, const char *option)
{
	findings_add(
		&session->findings, SEVERITY_ERROR, "usage", NULL,
		"'%s' changes the running system alone: '%s' needs '--dry-run' beside it",
		verb_specs[session->options->verb].name, option);
	return STATUS_WRONG_USAGE;
}

enum status live_begin(struct session *session)
{
	const struct options *options = session->options;
	int reason;

	if (options->dry_run)
		return STATUS_DONE;
	if (options->snapshot)
		return refuse(session, "--snapshot");
	if (strcmp(options->root, "/") != 0)
		return refuse(session, "--root");
	if (access("/sys/bus/pci/drivers_probe", W_OK) == 0)
		return STATUS_DONE;
	reason = errno;
	finding_remedy(
		findings_add(&session->findings, SEVERITY_ERROR, "unreadable",
			     "/sys/bus/pci/drivers_probe",
			     "cannot change the drivers of devices: %s",
			     strerror(reason)),
		reason == EACCES || reason == EPERM
			? "run it as root"
			: "run it where /sys can be written, which is outside of containers and chroots");
	return STATUS_COULD_NOT_LOOK;
}

static const char *reason_of(int error)
{
	switch (error) {
	case -EWOULDBLOCK:
		return "another 'bind' or 'release' is at work";
	case -EBADMSG:
		return "it is not what 'bind' writes; remove it if that is meant";
	default:
		return strerror(-error);
	}
}

enum status live_open_loans(struct session *session, struct loans *ret)
{
	int r;

	*ret = (struct loans){ .lock = -1 };
	if (session->options->snapshot)
		return STATUS_DONE; /* another machine, of which nothing is known */
	r = session->options->dry_run ? loans_look("", ret) : loans_open("", ret);
	if (r == 0)
		return STATUS_DONE;
	findings_add(&session->findings, SEVERITY_ERROR, "unreadable",
		     "/run/vfio-bootcfg/loans", "cannot have what is on loan: %s",
		     reason_of(r));
	return STATUS_COULD_NOT_LOOK;
}

void live_print(const struct session *session, const struct handovers *handovers)
{
	const struct options *options = session->options;

	if (options->json)
		report_handovers_json(stdout, handovers, &session->findings);
	else if (options->verbosity >= 0)
		report_handovers(stdout, handovers,
				 output_colour(stdout, options->colour));
}
