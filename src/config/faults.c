/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/faults.h"

#include "base/memory.h"

void fault_add(struct faults *faults, const char *code, const char *where,
	       const char *message, ...)
{
	cleanup_free char *text = NULL;
	va_list arguments;

	faults->n++;
	if (faults->n == FAULTS_MAX + 1)
		findings_add(faults->findings, SEVERITY_ERROR, "config-too-large", where,
			     "more than %d faults: those from here on are not shown",
			     FAULTS_MAX);
	if (faults->n > FAULTS_MAX)
		return;
	va_start(arguments, message);
	text = xvasprintf(message, arguments);
	va_end(arguments);
	findings_add(faults->findings, SEVERITY_ERROR, code, where, "%s", text);
}
