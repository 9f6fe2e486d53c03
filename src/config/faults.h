/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors in a configuration, up to a number that a person can use. */
#pragma once

#include "base/finding.h"

#include <stddef.h>

enum { FAULTS_MAX = 1000 };

struct faults {
	struct findings *findings; /* Borrowed. */
	size_t n;		   /* found, of which at most FAULTS_MAX are added */
};

void fault_add(struct faults *faults, const char *code, const char *where,
	       const char *message, ...) __attribute__((format(printf, 4, 5)));
