/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/table.h"

#include <stdlib.h>

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static void must_succeed(int r)
{
	if (r < 0)
		abort();
}

static void add_column(struct libscols_table *table, const struct table_column *column,
		       bool is_narrow)
{
	static const int flags[] = {
		[COLUMN_PLAIN] = 0,
		[COLUMN_TREE] = SCOLS_FL_TREE,
		[COLUMN_TRUNCATED] = SCOLS_FL_TRUNC,
		[COLUMN_LINES] = SCOLS_FL_WRAP,
	};
	struct libscols_column *new = must(scols_table_new_column(
		table, column->heading, 0, is_narrow ? flags[column->kind] : 0));

	if (column->kind == COLUMN_LINES)
		must_succeed(scols_column_set_wrapfunc(new, scols_wrapnl_chunksize,
						       scols_wrapnl_nextchunk, NULL));
}

struct libscols_table *table_new(FILE *out, const struct table_column *columns, size_t n,
				 size_t width, enum colour colour)
{
	struct libscols_table *table = must(scols_new_table());

	must_succeed(scols_table_set_stream(table, out));
	/* The cells come escaped, and text_put() knows more than isprint(). */
	must_succeed(scols_table_enable_noencoding(table, 1));
	must_succeed(scols_table_enable_colors(table, colour == COLOUR_YES));
	must_succeed(scols_table_set_termforce(table, width ? SCOLS_TERMFORCE_ALWAYS
							    : SCOLS_TERMFORCE_NEVER));
	if (width)
		must_succeed(scols_table_set_termwidth(table, width));
	for (size_t i = 0; i < n; i++)
		add_column(table, &columns[i], width > 0);
	return table;
}

struct libscols_line *table_line(struct libscols_table *table,
				 struct libscols_line *parent)
{
	return must(scols_table_new_line(table, parent));
}

void table_cell(struct libscols_line *line, size_t column, char *text, enum style style)
{
	must_succeed(scols_line_refer_data(line, column, text));
	if (style != STYLE_PLAIN)
		must_succeed(scols_cell_set_color(scols_line_get_cell(line, column),
						  style_code(style)));
}

void table_print(struct libscols_table *table)
{
	/* A full disk or a closed pipe shows on the stream. */
	scols_print_table(table);
	scols_unref_table(table);
}
