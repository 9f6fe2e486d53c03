/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict, then what led to it, then who held the targets that failed, and when. */
#include "report/text.h"
#include "report/wrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHECK_INDENT = 8,
	EVENT_INDENT = 16,
	NAMED_MAX = 3, /* targets of one line by address; of the others their number */
};

struct page {
	FILE *out;
	enum colour colour;
	int verbosity;
	size_t width;
	const struct verification *verification;
	bool *has_remedy; /* of each check, that its remedy is shown: the first of equals
			   */
};

static const struct {
	const char *word;
	enum style style;
} statuses[] = {
	[CHECK_PASS] = { "PASS", STYLE_GOOD },
	[CHECK_WARN] = { "WARN", STYLE_WARN },
	[CHECK_FAIL] = { "FAIL", STYLE_BAD },
	[CHECK_UNKNOWN] = { "UNKNOWN", STYLE_NEW },
};

/* Whether a machine may start and what is not known are the usual reasons that keep it
 * from that: rights and memory. */
static bool passes_in_part(const struct verification *verification)
{
	bool is_unknown = false;

	for (size_t i = 0; i < verification->n_checks; i++)
		is_unknown |= verification->checks[i].status == CHECK_UNKNOWN;
	return verification->question == QUESTION_START &&
	       verification->verdict == VERDICT_PASS && is_unknown;
}

/* Behind their number: ': node-access, memory-lock'. Those of one code are neighbours. */
static void put_unknown(FILE *out, const struct verification *verification)
{
	const char *last = NULL;

	for (size_t i = 0; i < verification->n_checks; i++) {
		const struct check_result *check = &verification->checks[i];

		if (check->status != CHECK_UNKNOWN ||
		    (last && strcmp(last, check->code) == 0))
			continue;
		fprintf(out, "%s%s", last ? ", " : ": ", check->code);
		last = check->code;
	}
}

/* 'pass: as planned', and how many checks came out how. */
static void put_verdict(const struct page *page)
{
	static const struct {
		const char *sentences[3]; /* by the question */
		enum style style;
	} verdicts[] = {
		[VERDICT_PASS] = { { "as planned", "the next boot will be as planned",
				     "a machine with them will start" },
				   STYLE_GOOD },
		[VERDICT_FAIL] = { { "not as planned",
				     "the next boot would not be as planned",
				     "a machine with them would not start" },
				   STYLE_BAD },
		[VERDICT_UNKNOWN] = { { "not known whether as planned",
					"not known whether the next boot will be as planned",
					"not known whether a machine with them will start" },
				      STYLE_NEW },
	};
	static const char *const words[] = {
		[CHECK_PASS] = "passed",
		[CHECK_WARN] = "warned",
		[CHECK_FAIL] = "failed",
		[CHECK_UNKNOWN] = "unknown",
	};
	const struct verification *verification = page->verification;
	enum verdict verdict = verification->verdict;
	size_t n[] = { 0, 0, 0, 0 };
	const char *sentence = verdicts[verdict].sentences[verification->question];
	const char *separator = " (";

	for (size_t i = 0; i < verification->n_checks; i++)
		n[verification->checks[i].status]++;
	if (passes_in_part(verification))
		sentence = "nothing was found that would stop a machine with them";
	style_put(page->out, page->colour, verdicts[verdict].style,
		  "%s:", verdict_name(verdict));
	fprintf(page->out, " %s", sentence);
	if (verification->kernel) {
		fputs(" on ", page->out);
		text_put(page->out, verification->kernel);
	}
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		if (n[i]) {
			fprintf(page->out, "%s%zu %s", separator, n[i], words[i]);
			separator = ", ";
		}
	if (passes_in_part(verification))
		put_unknown(page->out, verification);
	fputs(verification->n_checks ? ")\n" : "\n", page->out);
}

static void put_evidence(const struct page *page, const struct check_evidence *evidence)
{
	cleanup_free char *text =
		evidence->line ? xasprintf("%s:%u: %s", evidence->source, evidence->line,
					   evidence->text)
			       : xasprintf("%s: %s", evidence->source, evidence->text);

	fprintf(page->out, "%*s", CHECK_INDENT, "");
	wrap_put(page->out, text,
		 (struct margin){ CHECK_INDENT, CHECK_INDENT + 2, page->width });
}

static void put_remedy(const struct page *page, const char *remedy)
{
	fprintf(page->out, "%*s", CHECK_INDENT, "");
	style_put(page->out, page->colour, STYLE_STRONG, "->");
	fputc(' ', page->out);
	wrap_put(page->out, remedy,
		 (struct margin){ CHECK_INDENT + 3, CHECK_INDENT + 3, page->width });
}

/* The function or the kernel that it is about, or NULL. Where all are about one kernel,
 * the verdict names it. */
static const char *whose(const struct page *page, const struct check_result *check)
{
	if (check->address)
		return check->address;
	return page->verification->kernel ? NULL : check->kernel;
}

/* 'PASS    target-bound 0000:29:00.0: …'; `owners` are the addresses, or NULL. */
static void put_headline(const struct page *page, const struct check_result *check,
			 const char *owners, const char *message)
{
	const char *word = statuses[check->status].word;
	cleanup_free char *text = xasprintf("%s%s%s: %s", check->code, owners ? " " : "",
					    owners ? owners : "", message);

	style_put(page->out, page->colour, statuses[check->status].style, "%s", word);
	fprintf(page->out, "%*s", CHECK_INDENT - (int)strlen(word), "");
	wrap_put(page->out, text,
		 (struct margin){ CHECK_INDENT, CHECK_INDENT, page->width });
}

static void put_check(const struct page *page, const struct check_result *check)
{
	bool has_evidence = check->status != CHECK_PASS || page->verbosity > 0;

	put_headline(page, check, whose(page, check), check->message);
	for (size_t i = 0; has_evidence && i < check->n_evidence; i++)
		put_evidence(page, &check->evidence[i]);
	if (!check->remedy)
		return;
	if (page->has_remedy[check - page->verification->checks])
		put_remedy(page, check->remedy);
	else if (check->status == CHECK_FAIL)
		put_remedy(page, "as above");
}

/* '0000:03:00.0, 0000:04:00.0, 0000:05:00.0 and 2 more' of those that passed. */
static char *join_owners(const struct page *page, const struct check_result *checks,
			 size_t n)
{
	struct strings named cleanup_strings = { 0 };
	size_t n_more = 0;
	char *text;

	for (size_t i = 0; i < n; i++) {
		if (checks[i].status != CHECK_PASS || !whose(page, &checks[i]))
			continue;
		if (named.n < NAMED_MAX)
			strings_add(&named, whose(page, &checks[i]));
		else
			n_more++;
	}
	if (!named.n)
		return NULL;
	text = strings_join(&named, ", ");
	if (n_more) {
		char *first cleanup_free = text;

		text = xasprintf("%s and %zu more", first, n_more);
	}
	return text;
}

/* The checks of one code that passed, in one line. */
static void put_passed(const struct page *page, const struct check_result *checks,
		       size_t n)
{
	const struct check_result *first = NULL;
	const char *message = NULL;
	char *owners cleanup_free = join_owners(page, checks, n);

	for (size_t i = 0; i < n; i++) {
		if (checks[i].status != CHECK_PASS)
			continue;
		if (!first)
			first = &checks[i];
		if (!message || strcmp(message, checks[i].message) == 0)
			message = checks[i].message;
		else
			message = "as planned"; /* each in its own way: -v tells */
	}
	if (first)
		put_headline(page, first, owners, message);
}

/* The checks of one code. */
static void put_code(const struct page *page, const struct check_result *checks, size_t n)
{
	if (page->verbosity == 0)
		put_passed(page, checks, n);
	for (size_t i = 0; i < n; i++)
		if (checks[i].status != CHECK_PASS || page->verbosity > 0)
			put_check(page, &checks[i]);
}

static void put_checks(const struct page *page)
{
	const struct verification *verification = page->verification;
	size_t n;

	for (size_t i = 0; i < verification->n_checks; i += n) {
		const struct check_result *first = &verification->checks[i];

		n = 1;
		while (i + n < verification->n_checks &&
		       strcmp(first[n].code, first->code) == 0)
			n++;
		put_code(page, first, n);
	}
}

static int compare_remedies(const void *a, const void *b)
{
	const struct check_result *const *x = a, *const *y = b;
	int order = strcmp((*x)->remedy, (*y)->remedy);

	return order ? order : (*x > *y) - (*x < *y);
}

/* 'as above' would be another one, where one stands between. */
static void repeat_remedies(const struct verification *verification, bool *has_remedy)
{
	const char *last = NULL;

	for (size_t i = 0; i < verification->n_checks; i++) {
		const struct check_result *check = &verification->checks[i];

		if (!check->remedy)
			continue;
		if (check->status == CHECK_FAIL && last &&
		    strcmp(last, check->remedy) != 0)
			has_remedy[i] = true;
		if (has_remedy[i])
			last = check->remedy;
	}
}

/* One thing to do may mend many checks. */
static bool *find_first_remedies(const struct verification *verification)
{
	bool *has_remedy = xcalloc(verification->n_checks + 1, sizeof *has_remedy);
	const struct check_result **sorted cleanup_free = NULL;
	size_t n = 0;

	for (size_t i = 0; i < verification->n_checks; i++)
		if (verification->checks[i].remedy)
			*array_add(sorted, n) = &verification->checks[i];
	if (n)
		qsort(sorted, n, sizeof *sorted, compare_remedies);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(sorted[i]->remedy, sorted[i - 1]->remedy) != 0)
			has_remedy[sorted[i] - verification->checks] = true;
	repeat_remedies(verification, has_remedy);
	return has_remedy;
}

/* What a driver says begins with its name, mostly. */
static void put_event(const struct page *page, const struct timeline_event *event)
{
	bool has_driver = event->driver && !strstr(event->text, event->driver);
	cleanup_free char *line =
		event->line ? xasprintf(" (line %u)", event->line) : xstrdup("");
	cleanup_free char *text = xasprintf("%s%s%s%s", has_driver ? event->driver : "",
					    has_driver ? ": " : "", event->text, line);

	if (isfinite(event->time))
		fprintf(page->out, "  %12.6f  ", event->time);
	else
		fprintf(page->out, "%*s", EVENT_INDENT, "");
	wrap_put(page->out, text,
		 (struct margin){ EVENT_INDENT, EVENT_INDENT, page->width });
}

static void put_story(const struct page *page, const struct target_story *story)
{
	cleanup_free char *text = xasprintf(
		": %s had it first, %s%s",
		story->first_driver ? story->first_driver : "it is unknown who",
		story->driver	 ? story->driver
		: story->is_seen ? "no driver"
				 : "and who",
		story->is_seen || !story->driver ? " has it now" : " had it last");

	fputc('\n', page->out);
	style_put(page->out, page->colour, STYLE_STRONG, "%s", story->address);
	wrap_put(page->out, text,
		 (struct margin){ strlen(story->address), 2, page->width });
	for (size_t i = 0; i < story->n_timeline; i++)
		put_event(page, &story->timeline[i]);
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

static void put_stories(const struct page *page)
{
	const struct verification *verification = page->verification;
	cleanup_strings struct strings failed = failed_addresses(verification);

	for (size_t i = 0; i < verification->n_targets; i++) {
		const struct target_story *story = &verification->targets[i];
		bool has_failed = failed.n && bsearch(&story->address, failed.v, failed.n,
						      sizeof *failed.v, compare);

		if (has_failed || page->verbosity > 0)
			put_story(page, story);
	}
}

void report_verification(FILE *out, const struct verification *verification,
			 enum colour colour, int verbosity, size_t width)
{
	bool *has_remedy cleanup_free = find_first_remedies(verification);
	struct page page = { out, colour, verbosity, width, verification, has_remedy };

	put_verdict(&page);
	put_checks(&page);
	put_stories(&page);
}
