/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where everything stands in a configuration file, and what in it is no entry.
 *
 * Lines are cut as iniparser cuts them (4.1 and 4.2, iniparser_load()): trailing blanks
 * go, a trailing '\' joins the next line, and a joined line has at most 1022 bytes.
 */
#pragma once

#include "base/memory.h"
#include "config/entry.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	LINE_SIZE_MAX = 1022, /* ASCIILINESZ, less a newline and a NUL */
	ENTRIES_MAX =
		16 * 1024, /* iniparser looks a key up by walking over all of them */
};

struct line_index {
	struct entry
		*v; /* in the order of the file; blank lines and comments have none */
	size_t n;
	bool has_fault;
	bool has_mark; /* the byte order mark, which iniparser would take for text */
};

/* A section or key that is there a second time is a fault; as iniparser folds the case of
 * names, so does this. */
void line_index_make(const char *bytes, size_t n, struct line_index *ret);
void line_index_free(struct line_index *lines);

#define cleanup_line_index cleanup(line_index_free)
