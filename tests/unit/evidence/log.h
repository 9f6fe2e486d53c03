/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a text as a kernel log. */
#pragma once

#include "evidence/kernel_log.h"
#include "unit/check.h"

#include <stdio.h>
#include <string.h>

static inline void read_log(const char *text, size_t n, struct kernel_log *ret)
{
	FILE *stream = tmpfile();

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, n, stream), n);
	rewind(stream);
	assert_int_equal(kernel_log_read(stream, "kernel.log", ret), 0);
	fclose(stream);
}

static inline struct kernel_log log_of(const char *text)
{
	struct kernel_log log;

	read_log(text, strlen(text), &log);
	return log;
}

static inline size_t count_kind(const struct kernel_log *log, enum message_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < log->n; i++)
		n += log->v[i].kind == kind;
	return n;
}
