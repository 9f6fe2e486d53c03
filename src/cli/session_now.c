/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/session.h"
#include "plan/selection.h"
#include "probe/usage.h"

/* What can name no section is wrong, whatever a configuration says. */
static enum config_need need_of(const struct strings *operands)
{
	enum config_need need = operands->n ? CONFIG_OPTIONAL : CONFIG_NEEDED;
	struct bdf bdf;

	for (size_t i = 0; i < operands->n; i++) {
		if (bdf_parse(operands->v[i], &bdf))
			continue;
		if (!name_fits_device(operands->v[i]))
			return CONFIG_OPTIONAL;
		need = CONFIG_NEEDED;
	}
	return need;
}

static enum status select_operands(struct session *session,
				   const struct strings *operands)
{
	select_devices(&session->config, operands, &session->machine, &session->record,
		       &session->findings);
	return findings_have_errors(&session->findings) ? STATUS_WRONG_USAGE
							: STATUS_DONE;
}

enum status session_read_now(struct session *session, const struct strings *operands)
{
	enum status status = session_read_config(session, need_of(operands));

	if (status == STATUS_DONE)
		status = session_read_machine(session, PROBE_NAMES);
	if (status == STATUS_DONE)
		status = session_read_system(session);
	if (status == STATUS_DONE)
		status = session_read_record(session);
	if (status == STATUS_DONE)
		status = select_operands(session, operands);
	if (status == STATUS_DONE && session->hardware.tree)
		usage_read(session->hardware.tree, &session->machine, &session->usage);
	return status;
}
