/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	enum style style;
} statuses[] = {
	[CHECK_PASS] = { "PASS", STYLE_GOOD },
	[CHECK_WARN] = { "WARN", STYLE_WARN },
	[CHECK_FAIL] = { "FAIL", STYLE_BAD },
	[CHECK_UNKNOWN] = { "UNKNOWN", STYLE_NEW },
};

static void put_source(FILE *out, const char *source, unsigned line)
{
	text_put(out, source);
	if (line)
		fprintf(out, ":%u", line);
	fputs(": ", out);
}

static void put_evidence(FILE *out, const struct check_evidence *evidence)
{
	fputs("        ", out);
	put_source(out, evidence->source, evidence->line);
	text_put(out, evidence->text);
	fputc('\n', out);
}

static void put_check(FILE *out, const struct check_result *check, enum colour colour,
		      bool has_evidence)
{
	const char *word = statuses[check->status].word;

	style_put(out, colour, statuses[check->status].style, "%s", word);
	fprintf(out, "%*s %s", 7 - (int)strlen(word), "", check->code);
	if (check->address)
		fprintf(out, " %s", check->address);
	fputs(": ", out);
	text_put(out, check->message);
	fputc('\n', out);
	for (size_t i = 0; has_evidence && i < check->n_evidence; i++)
		put_evidence(out, &check->evidence[i]);
	if (check->remedy) {
		style_put(out, colour, STYLE_STRONG, "        ->");
		fputc(' ', out);
		text_put(out, check->remedy);
		fputc('\n', out);
	}
}

/* Passed checks show their evidence when asked, and are left out when all is quiet. */
static void put_checks(FILE *out, const struct verification *verification,
		       enum colour colour, int verbosity)
{
	for (size_t i = 0; i < verification->n_checks; i++) {
		const struct check_result *check = &verification->checks[i];
		bool is_pass = check->status == CHECK_PASS;

		if (!is_pass || verbosity >= 0)
			put_check(out, check, colour, !is_pass || verbosity > 0);
	}
}

/* What a driver says begins with its name, mostly. */
static void put_event(FILE *out, const struct timeline_event *event)
{
	if (isfinite(event->time))
		fprintf(out, "  %12.6f  ", event->time);
	else
		fprintf(out, "  %12s  ", "");
	if (event->driver && !strstr(event->text, event->driver)) {
		text_put(out, event->driver);
		fputs(": ", out);
	}
	text_put(out, event->text);
	if (event->line)
		fprintf(out, " (line %u)", event->line);
	fputc('\n', out);
}

static void put_holders(FILE *out, const struct target_story *story)
{
	if (story->first_driver) {
		text_put(out, story->first_driver);
		fputs(" had it first, ", out);
	} else {
		fputs("it is unknown who had it first, ", out);
	}
	text_put(out, story->driver ? story->driver : "no driver");
	fputs(" has it now\n", out);
}

static void put_story(FILE *out, const struct target_story *story, enum colour colour)
{
	fputc('\n', out);
	style_put(out, colour, STYLE_STRONG, "%s", story->address);
	fputs(": ", out);
	put_holders(out, story);
	for (size_t i = 0; i < story->n_timeline; i++)
		put_event(out, &story->timeline[i]);
}

/* The addresses of failed checks, sorted. */
static struct strings failed_addresses(const struct verification *verification)
{
	struct strings failed = { 0 };

	for (size_t i = 0; i < verification->n_checks; i++)
		if (verification->checks[i].status == CHECK_FAIL &&
		    verification->checks[i].address)
			strings_add(&failed, verification->checks[i].address);
	strings_sort(&failed);
	return failed;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_stories(FILE *out, const struct verification *verification,
			enum colour colour, int verbosity)
{
	cleanup_strings struct strings failed = failed_addresses(verification);

	for (size_t i = 0; i < verification->n_targets; i++) {
		const struct target_story *story = &verification->targets[i];
		bool has_failed = failed.n && bsearch(&story->address, failed.v, failed.n,
						      sizeof *failed.v, compare);

		if (has_failed || verbosity > 0)
			put_story(out, story, colour);
	}
}

/* 'pass: as planned', and how many checks say otherwise. */
static void put_verdict(FILE *out, const struct verification *verification,
			enum colour colour)
{
	static const struct {
		const char *sentence;
		enum style style;
	} verdicts[] = {
		[VERDICT_PASS] = { "as planned", STYLE_GOOD },
		[VERDICT_FAIL] = { "not as planned", STYLE_BAD },
		[VERDICT_UNKNOWN] = { "not known whether as planned", STYLE_NEW },
	};
	size_t n[] = { 0, 0, 0, 0 };

	for (size_t i = 0; i < verification->n_checks; i++)
		n[verification->checks[i].status]++;
	fputc('\n', out);
	style_put(out, colour, verdicts[verification->verdict].style,
		  "%s:", verdict_name(verification->verdict));
	fprintf(out, " %s", verdicts[verification->verdict].sentence);
	if (verification->kernel) {
		fputs(" on ", out);
		text_put(out, verification->kernel);
	}
	fprintf(out, " (%zu passed, %zu warned, %zu failed, %zu unknown)\n",
		n[CHECK_PASS], n[CHECK_WARN], n[CHECK_FAIL], n[CHECK_UNKNOWN]);
}

void report_verification(FILE *out, const struct verification *verification,
			 enum colour colour, int verbosity)
{
	put_checks(out, verification, colour, verbosity);
	put_stories(out, verification, colour, verbosity);
	put_verdict(out, verification, colour);
}
