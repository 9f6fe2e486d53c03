/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/result.h"

#include <stdlib.h>
#include <string.h>

struct check_result *result_add(struct boot *boot, enum check_status status,
				const char *address, const char *message, ...)
{
	struct verification *verification = boot->verification;
	struct check_result *result =
		array_add(verification->checks, verification->n_checks);
	va_list arguments;

	result->code = boot->code;
	result->status = status;
	result->address = address ? xstrdup(address) : NULL;
	va_start(arguments, message);
	result->message = xvasprintf(message, arguments);
	va_end(arguments);
	return result;
}

void result_remedy(struct check_result *result, const char *remedy, ...)
{
	va_list arguments;

	free(result->remedy);
	va_start(arguments, remedy);
	result->remedy = xvasprintf(remedy, arguments);
	va_end(arguments);
}

void verification_fit_root(struct verification *verification, const struct plan *plan)
{
	static const char here[] = "'vfio-bootcfg generate --rebuild'";
	const char *root = plan->system ? plan->system->root : NULL;

	if (!root || strcmp(root, "/") == 0)
		return;
	for (size_t i = 0; i < verification->n_checks; i++) {
		struct check_result *result = &verification->checks[i];
		const char *at = result->remedy ? strstr(result->remedy, here) : NULL;
		char *fitting;

		if (!at)
			continue;
		fitting = xasprintf(
			"%.*s'vfio-bootcfg generate' (then the commands that it names)%s",
			(int)(at - result->remedy), result->remedy, at + strlen(here));
		free(result->remedy);
		result->remedy = fitting;
	}
}

void result_shows(struct check_result *result, const char *source, const char *text, ...)
{
	struct check_evidence *evidence = array_add(result->evidence, result->n_evidence);
	va_list arguments;

	evidence->source = xstrdup(source);
	va_start(arguments, text);
	evidence->text = xvasprintf(text, arguments);
	va_end(arguments);
}

/* Two records of one line, as of a claim and a failure, are shown once. */
static bool is_shown(const struct check_result *result, const char *text, unsigned line)
{
	for (size_t i = 0; i < result->n_evidence; i++)
		if (result->evidence[i].line == line &&
		    strcmp(result->evidence[i].text, text) == 0)
			return true;
	return false;
}

static void show_line(struct check_result *result, const struct boot *boot,
		      const struct log_record *record, char *text)
{
	struct check_evidence *evidence;

	if (is_shown(result, text, record->line)) {
		free(text);
		return;
	}
	evidence = array_add(result->evidence, result->n_evidence);
	evidence->source = xstrdup(boot->log->name);
	evidence->line = record->line;
	evidence->text = text;
}

void result_shows_record(struct check_result *result, const struct boot *boot,
			 const struct log_record *record)
{
	if (record)
		show_line(result, boot, record, xstrdup(record->text));
}

void result_shows_remarked(struct check_result *result, const struct boot *boot,
			   const struct log_record *record, const char *remark)
{
	show_line(result, boot, record, xasprintf("%s (%s)", record->text, remark));
}
