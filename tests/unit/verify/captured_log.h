/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel log of a captured machine (tests/machines). */
#pragma once

#include "base/memory.h"
#include "base/strings.h"
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its lines, '[    1.234567] text' each. */
static inline struct strings captured_log(const char *name)
{
	struct strings log = { 0 };
	char *path cleanup_free = xasprintf(TEST_DATA "/machines/%s.snapshot", name);
	FILE *file cleanup_file = fopen(path, "re");
	char *line cleanup_free = NULL;
	size_t room = 0;
	bool is_in_log = false;

	assert_non_null(file);
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line != '|')
			is_in_log = strncmp(line, "t kernel.log", 12) == 0;
		else if (is_in_log)
			strings_add(&log, line + 1);
	}
	return log;
}
