/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/kernel_log.h"
#include "evidence/log_line.h"
#include "evidence/sieve.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool has_control_characters(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return true;
	return false;
}

/* Whatever the catalogue knows must come through the sieve. */
static void check_line(struct sieve *sieve, const char *line, size_t n)
{
	/* What lies behind a line is no business of the sieve's. */
	char *padded = xcalloc(n + SIEVE_SLACK, 1), *buffer = xcalloc(n + 1, 1);
	struct pattern_match match;
	struct log_line parsed;

	memcpy(padded, line, n);
	log_line_parse(line, n, buffer, &parsed);
	assert(parsed.message >= buffer && parsed.message <= buffer + n);
	if (parsed.is_kernel && !has_control_characters(line, n) &&
	    catalogue_match(&sieve->catalogue, parsed.message, &match))
		assert(sieve_judge(sieve, padded, n) != SIEVE_DROPS);
	free(padded);
	free(buffer);
}

static void check_lines(const char *text, size_t n)
{
	static struct sieve sieve;

	if (!sieve.catalogue.n)
		catalogue_build(&sieve.catalogue);
	while (n) {
		const char *newline = memchr(text, '\n', n);
		size_t length = newline ? (size_t)(newline - text) : n;

		holders_clear(&sieve.holders);
		check_line(&sieve, text, length < LOG_LINE_MAX ? length : LOG_LINE_MAX);
		length += newline != NULL;
		text += length;
		n -= length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	FILE *stream = n ? fmemopen((void *)bytes, n, "r") : NULL;
	struct kernel_log log;

	if (!stream)
		return 0;
	assert(kernel_log_read(stream, "log", &log) == 0);
	fclose(stream);
	for (size_t i = 0; i < log.n; i++) {
		assert(log.v[i].line >= 1 && log.v[i].line <= log.n_lines);
		assert(log.v[i].text);
	}
	kernel_log_free(&log);
	check_lines((const char *)bytes, n);
	return 0;
}
