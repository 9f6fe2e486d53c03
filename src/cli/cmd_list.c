/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/output.h"
#include "cli/session.h"
#include "report/report.h"

static void report_none(struct session *session)
{
	struct finding *finding = findings_add(
		&session->findings, SEVERITY_ERROR, "no-functions", session->machine.name,
		session->hardware.form == HARDWARE_LOG
			? "it holds no PCI functions: expected a snapshot or what 'lspci -x' printed"
			: "no PCI function could be read");

	if (session->hardware.is_live)
		finding_remedy(
			finding,
			"run it where /sys shows the devices, or name what 'vfio-bootcfg snapshot' saved there with '--snapshot FILE'");
}

int cmd_list(const struct options *options)
{
	cleanup_session struct session session;
	enum status status = session_open(options, &session);

	if (status == STATUS_DONE)
		status = session_read_machine(&session, PROBE_NAMES);
	if (status == STATUS_DONE)
		status = session_read_system(&session);
	if (status != STATUS_DONE)
		return status;
	if (!session.machine.has_functions) {
		report_none(&session);
		return STATUS_COULD_NOT_LOOK;
	}
	if (options->json) {
		report_list_json(stdout, &session.machine, &session.system);
		return STATUS_DONE;
	}
	report_list(stdout, &session.machine, &session.system,
		    output_colour(stdout, options->colour), options->verbosity,
		    output_width(stdout));
	if (options->system)
		report_system(stdout, &session.system);
	return STATUS_DONE;
}
