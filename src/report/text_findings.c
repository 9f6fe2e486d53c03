/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

#include <string.h>

static enum style severity_style(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return STYLE_BAD;
	case SEVERITY_WARNING:
		return STYLE_WARN;
	case SEVERITY_NOTE:
		return STYLE_NEW;
	}
	return STYLE_PLAIN;
}

static void put_finding(FILE *out, const struct finding *finding, enum colour colour)
{
	/* The message names the address where it reads well; else it must not be lost. */
	bool is_named = !finding->address || strstr(finding->message, finding->address);

	if (finding->where) {
		text_put(out, finding->where);
		fputs(": ", out);
	}
	style_put(out, colour, severity_style(finding->severity),
		  "%s:", severity_name(finding->severity));
	fputc(' ', out);
	if (!is_named)
		fprintf(out, "%s: ", finding->address);
	text_put(out, finding->message);
	fputc(' ', out);
	style_put(out, colour, STYLE_DIM, "[%s]", finding->code);
	fputc('\n', out);
	if (finding->remedy) {
		fputs("    -> ", out);
		text_put(out, finding->remedy);
		fputc('\n', out);
	}
}

void report_findings(FILE *out, const struct findings *findings, enum colour colour)
{
	for (size_t i = 0; i < findings->n; i++)
		put_finding(out, &findings->v[i], colour);
}
