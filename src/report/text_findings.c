/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"
#include "report/wrap.h"

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

enum { MESSAGE_INDENT = 4, REMEDY_INDENT = 7 };

/* The message, wrapped, and its code, which has no blank to be broken at. */
static void put_message(FILE *out, const char *message, const char *code,
			enum colour colour, struct margin margin)
{
	cleanup_free char *line = xasprintf("%s [%s]", message, code);
	cleanup_free char *text = NULL;
	size_t size;
	FILE *wrapped = xopen_memstream(&text, &size);

	wrap_put(wrapped, line, margin);
	fclose(wrapped);
	fwrite(text, 1, (size_t)(strrchr(text, '[') - text), out);
	style_put(out, colour, STYLE_DIM, "[%s]", code);
	fputc('\n', out);
}

static void put_finding(FILE *out, const struct finding *finding, enum colour colour,
			size_t width)
{
	/* The message names the address where it reads well; else it must not be lost. */
	bool is_named = !finding->address || strstr(finding->message, finding->address);
	size_t column = strlen(severity_name(finding->severity)) + 2;

	if (finding->where) {
		text_put(out, finding->where);
		fputs(": ", out);
		column += strlen(finding->where) + 2;
	}
	style_put(out, colour, severity_style(finding->severity),
		  "%s:", severity_name(finding->severity));
	fputc(' ', out);
	if (!is_named) {
		fprintf(out, "%s: ", finding->address);
		column += strlen(finding->address) + 2;
	}
	put_message(out, finding->message, finding->code, colour,
		    (struct margin){ column, MESSAGE_INDENT, width });
	if (finding->remedy) {
		fputs("    -> ", out);
		wrap_put(out, finding->remedy,
			 (struct margin){ REMEDY_INDENT, REMEDY_INDENT, width });
	}
}

void report_findings(FILE *out, const struct findings *findings, enum colour colour,
		     size_t width)
{
	for (size_t i = 0; i < findings->n; i++)
		put_finding(out, &findings->v[i], colour, width);
}
