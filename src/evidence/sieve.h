/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says in a few nanoseconds which lines of a log are worth reading. It may let a line
 * through for nothing; it keeps none back that the catalogue knows, unless control
 * characters stand in the midst of it.
 */
#pragma once

#include "evidence/catalogue.h"
#include "evidence/holders.h"

enum { SIEVE_SLACK = 8 }; /* bytes past a line that may be read, whatever they hold */

struct sieve {
	struct catalogue catalogue;
	struct holders holders;
};

enum sieve_verdict {
	SIEVE_DROPS,
	SIEVE_PASSES,
	SIEVE_BOOT, /* passes, and may begin another boot */
};

/* The line is without its newline. */
enum sieve_verdict sieve_judge(struct sieve *sieve, const char *line, size_t n);
