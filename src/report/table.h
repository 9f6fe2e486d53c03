/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aligned columns and trees by libsmartcols, whose failures can only be lack of memory.
 */
#pragma once

#include "report/text.h"

#include <libsmartcols/libsmartcols.h>

enum column_kind {
	COLUMN_PLAIN,
	COLUMN_TREE,
	COLUMN_TRUNCATED, /* gives way on a narrow terminal */
	COLUMN_LINES,	  /* each '\n' in a cell begins a line of it */
};

struct table_column {
	const char *heading;
	enum column_kind kind;
};

/* `width` is that of the terminal, or 0: then nothing is cut or wrapped. */
struct libscols_table *table_new(FILE *out, const struct table_column *columns, size_t n,
				 size_t width, enum colour colour);

/* `parent` may be NULL. Borrowed from the table. */
struct libscols_line *table_line(struct libscols_table *table,
				 struct libscols_line *parent);

/* Takes the text over, which is escaped already. */
void table_cell(struct libscols_line *line, size_t column, char *text, enum style style);

/* Writes the table and frees it. */
void table_print(struct libscols_table *table);
