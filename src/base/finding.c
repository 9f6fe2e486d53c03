/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/finding.h"

#include "base/memory.h"

#include <stdlib.h>

struct finding *findings_add(struct findings *findings, enum severity severity,
			     const char *code, const char *where, const char *message,
			     ...)
{
	struct finding *finding = array_add(findings->v, findings->n);
	va_list arguments;

	finding->severity = severity;
	finding->code = code;
	finding->where = where ? xstrdup(where) : NULL;
	va_start(arguments, message);
	finding->message = xvasprintf(message, arguments);
	va_end(arguments);
	return finding;
}

void finding_at(struct finding *finding, struct bdf bdf)
{
	free(finding->address);
	finding->address = xstrdup(bdf_text(bdf).s);
}

void finding_remedy(struct finding *finding, const char *remedy, ...)
{
	va_list arguments;

	free(finding->remedy);
	va_start(arguments, remedy);
	finding->remedy = xvasprintf(remedy, arguments);
	va_end(arguments);
}

bool findings_have_errors(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity == SEVERITY_ERROR)
			return true;
	return false;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTE] = "note",
	};

	return names[severity];
}

void findings_move(struct findings *to, struct findings *from)
{
	for (size_t i = 0; i < from->n; i++)
		*array_add(to->v, to->n) = from->v[i];
	free(from->v);
	*from = (struct findings){ 0 };
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		free(findings->v[i].address);
		free(findings->v[i].where);
		free(findings->v[i].message);
		free(findings->v[i].remedy);
	}
	free(findings->v);
	*findings = (struct findings){ 0 };
}
