/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics on one scale, the worst the highest, so that an alert is '> 0' or '> 1'. */
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

static const int severities[] = {
	[CHECK_PASS] = 0,
	[CHECK_WARN] = 1,
	[CHECK_UNKNOWN] = 2,
	[CHECK_FAIL] = 3,
};

static const int verdicts[] = {
	[VERDICT_PASS] = 0,
	[VERDICT_UNKNOWN] = 2,
	[VERDICT_FAIL] = 3,
};

static const char *address_of(const struct check_result *check)
{
	return check->address ? check->address : "";
}

/* The worst first of those that are of one series. */
static int compare(const void *a, const void *b)
{
	const struct check_result *const *x = a, *const *y = b;
	int order = strcmp((*x)->code, (*y)->code);

	if (!order)
		order = strcmp(address_of(*x), address_of(*y));
	return order ? order : severities[(*y)->status] - severities[(*x)->status];
}

static void put_label(FILE *out, const char *name, const char *value)
{
	cleanup_free char *escaped = text_escaped(value);

	fprintf(out, "%s=\"", name);
	for (const char *c = escaped; *c; c++)
		fprintf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	fputc('"', out);
}

static void put_check(FILE *out, const struct check_result *check)
{
	fputs("vfio_bootcfg_check{", out);
	put_label(out, "code", check->code);
	fputc(',', out);
	put_label(out, "address", address_of(check));
	fprintf(out, "} %d\n", severities[check->status]);
}

static bool is_same_series(const struct check_result *a, const struct check_result *b)
{
	return strcmp(a->code, b->code) == 0 && strcmp(address_of(a), address_of(b)) == 0;
}

/* A series may be given once only, so that of several results the worst counts. */
static void put_checks(FILE *out, const struct verification *verification)
{
	const struct check_result **sorted cleanup_free = NULL;
	size_t n = verification->n_checks;

	if (!n)
		return;
	sorted = xcalloc(n, sizeof *sorted);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &verification->checks[i];
	qsort(sorted, n, sizeof *sorted, compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !is_same_series(sorted[i], sorted[i - 1]))
			put_check(out, sorted[i]);
}

void report_verification_prometheus(FILE *out, const struct verification *verification)
{
	fputs("# HELP vfio_bootcfg_verdict Whether this boot bound as planned: 0 pass, 2 unknown, 3 fail.\n"
	      "# TYPE vfio_bootcfg_verdict gauge\n",
	      out);
	fprintf(out, "vfio_bootcfg_verdict %d\n", verdicts[verification->verdict]);
	fputs("# HELP vfio_bootcfg_check The worst result of a check: 0 pass, 1 warn, 2 unknown, 3 fail.\n"
	      "# TYPE vfio_bootcfg_check gauge\n",
	      out);
	put_checks(out, verification);
}
