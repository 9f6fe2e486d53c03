/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/class.h"
#include "report/rivals.h"
#include "report/table.h"
#include "report/twins.h"
#include "report/wrap.h"

#include <stdlib.h>
#include <string.h>

/* On less, a column of notes would leave the names no room. */
enum { NOTES_BESIDE = 90, NOTES_INDENT = 10 };

/* What stands below each line of the table; `text` is NULL where nothing does. */
struct note {
	char *text;
	enum style style;
};
struct notes {
	struct note *v;
	size_t n;
};

/* What every form of the list walks. */
struct list {
	const struct machine *machine;
	const struct system *system;
	struct twins twins;
	struct libscols_table *table;
	struct notes *below; /* of a narrow terminal, or NULL: the notes are a column */
	bool is_short;
	bool is_verbose; /* whole identities, paths, and competitors by name */
	size_t width;	 /* of the terminal, or 0: one line a function, group first */
};

static bool has_groups(const struct functions *functions)
{
	for (size_t i = 0; i < functions->n; i++)
		if (functions->v[i].iommu_group != NO_GROUP)
			return true;
	return false;
}

/* Why there is no tree. In a pipe it is a comment, which awk and grep pass over. */
static void put_reason(FILE *out, const struct machine *machine, const char *before)
{
	fputs(before, out);
	if (!machine->has_functions) {
		fputs("no PCI functions are known of ", out);
		text_put(out, machine->name);
	} else if (!machine->has_sysfs) {
		text_put(out, machine->name);
		fputs(" has no sysfs: drivers, IOMMU groups and uses are unknown", out);
	} else if (machine->iommu.in_firmware == NO) {
		fputs("no IOMMU groups: the firmware describes no IOMMU (look for VT-d or AMD-Vi in its setup)",
		      out);
	} else if (machine->iommu.in_firmware == YES) {
		fputs("no IOMMU groups: the firmware describes an IOMMU, but this boot does not use it",
		      out);
		if (machine->iommu.kind == IOMMU_INTEL)
			fputs(" (it needs 'intel_iommu=on')", out);
	} else {
		fputs("no IOMMU groups: no function can be given to a virtual machine yet",
		      out);
	}
	fputc('\n', out);
}

/* '/' and 'swap' are carried; 'default route' says it all itself. */
static void note_uses(struct strings *notes, const struct machine *machine,
		      const struct function *function)
{
	struct strings carried = { 0 };

	for (size_t i = 0; i < function->uses.n; i++) {
		char *use = text_escaped(function->uses.v[i]);
		bool is_carried = *use == '/' || strcmp(use, "swap") == 0;

		/* Of every disk, because nobody could tell. */
		if (machine->root_guess && strcmp(use, "/") == 0) {
			strings_add(notes, "may carry /");
			free(use);
			continue;
		}
		strings_take(is_carried ? &carried : notes, use);
	}
	if (carried.n) {
		cleanup_free char *all = strings_join(&carried, ", ");

		strings_take(notes, xasprintf("carries %s", all));
	}
	strings_free(&carried);
}

/* A terminal is narrow: there the domain is left out where all have the same, 0. */
static char *address_of(const struct list *list, struct bdf bdf)
{
	struct bdf_text text = bdf_text(bdf);

	return xstrdup(list->is_short ? strchr(text.s, ':') + 1 : text.s);
}

static void note_twins(struct strings *notes, const struct list *list, size_t position)
{
	const struct function *functions = list->machine->functions.v;
	struct function_run run = list->twins.of[position];

	if (run.n == 2) {
		size_t other = run.v[run.v[0] == position];
		cleanup_free char *address = address_of(list, functions[other].bdf);

		strings_take(notes, xasprintf("twin of %s", address));
	} else if (run.n > 2) {
		strings_take(notes, xasprintf("one of %zu twins", run.n));
	}
}

static void name_rivals(struct strings *notes, const struct rivals *rivals)
{
	cleanup_strings struct strings names = { 0 };
	cleanup_free char *all = NULL;

	for (size_t i = 0; i < rivals->n; i++)
		strings_take(&names,
			     xasprintf("%s%s", rivals->v[i].module,
				       rivals->v[i].is_builtin ? " (built in)" : ""));
	all = strings_join(&names, ", ");
	if (names.n)
		strings_take(notes, xasprintf("competitors: %s", all));
}

static void note_rivals(struct strings *notes, const struct list *list,
			const struct function *function)
{
	cleanup_rivals struct rivals rivals = rivals_of(list->system, function);
	size_t n_builtin = 0;

	if (list->is_verbose) {
		name_rivals(notes, &rivals);
		return;
	}
	for (size_t i = 0; i < rivals.n; i++)
		n_builtin += rivals.v[i].is_builtin;
	if (rivals.n == 1 && n_builtin) {
		strings_add(notes, "built-in competitor");
		return;
	}
	if (rivals.n)
		strings_take(notes, xasprintf("%zu competitor%s", rivals.n,
					      rivals.n == 1 ? "" : "s"));
	if (n_builtin)
		strings_take(notes, xasprintf("%zu built in", n_builtin));
}

/* As 'path' of the configuration takes it; on a root bus it is the address again. */
static void note_path(struct strings *notes, const struct function *function)
{
	if (function->path && strcmp(function->path, bdf_text(function->bdf).s) != 0)
		strings_take(notes, xasprintf("path %s", function->path));
}

/* What stands in the way of reserving the function; *ret_style by how much. */
static char *notes_of(const struct list *list, size_t position, enum style *ret_style)
{
	const struct function *function = &list->machine->functions.v[position];
	cleanup_strings struct strings notes = { 0 };

	if (function->is_boot_display == YES)
		strings_add(&notes, "boot display");
	else if (function->has_connected_output == YES)
		strings_add(&notes, "screen connected");
	note_uses(&notes, list->machine, function);
	*ret_style = notes.n ? STYLE_WARN : STYLE_PLAIN;
	if (function->driver_override) {
		cleanup_free char *name = text_escaped(function->driver_override);

		strings_take(&notes, xasprintf("override %s", name));
	}
	/* A bridge is never given away, and every root port has twins. */
	if (!function_is_bridge(function)) {
		note_twins(&notes, list, position);
		if (list->is_verbose)
			note_path(&notes, function);
		note_rivals(&notes, list, function);
	}
	if (!notes.n && !list->width)
		strings_add(&notes, "-");
	if (!notes.n && list->below)
		return NULL;
	return strings_join(&notes, list->width && !list->below ? "\n" : "; ");
}

/* On a terminal the words that tell no device from another make room for those that do.
 */
static char *name_of(const struct list *list, const struct function *function)
{
	static const char *const idle[] = { "Advanced Micro Devices, Inc. ",
					    " Corporation", " Semiconductor Co., Ltd.",
					    " Co., Ltd.", ", Inc." };
	char *name = text_escaped(function->description);

	for (size_t i = 0; list->width && i < sizeof idle / sizeof *idle; i++) {
		char *at = strstr(name, idle[i]);
		size_t n = strlen(idle[i]);

		if (at && at[n])
			memmove(at, at + n, strlen(at + n) + 1);
	}
	return name;
}

static enum style driver_style(const char *driver)
{
	if (!driver)
		return STYLE_DIM;
	return strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0 ? STYLE_GOOD
									 : STYLE_PLAIN;
}

static void add_function(const struct list *list, size_t position,
			 struct libscols_line *parent)
{
	const struct function *function = &list->machine->functions.v[position];
	struct libscols_line *line = table_line(list->table, parent);
	enum style style;
	char *notes = notes_of(list, position, &style);
	size_t column = 0;

	if (!list->width)
		table_cell(line, column++,
			   function->iommu_group == NO_GROUP
				   ? xstrdup("-")
				   : xasprintf("%d", function->iommu_group),
			   STYLE_PLAIN);
	table_cell(line, column++, address_of(list, function->bdf), STYLE_PLAIN);
	table_cell(line, column++,
		   xstrdup(list->is_verbose ? identity_text(function->id).s
					    : identity_device_text(function->id).s),
		   STYLE_PLAIN);
	table_cell(line, column++, xstrdup(class_word(function->class)), STYLE_PLAIN);
	table_cell(line, column++,
		   text_escaped(function->driver ? function->driver : "-"),
		   driver_style(function->driver));
	table_cell(line, column++, name_of(list, function), STYLE_PLAIN);
	if (list->below)
		*array_add(list->below->v, list->below->n) =
			(struct note){ notes, style };
	else
		table_cell(line, column++, notes, style);
}

static struct libscols_line *add_group(const struct list *list, char *name)
{
	struct libscols_line *line = table_line(list->table, NULL);

	table_cell(line, 0, name, STYLE_STRONG);
	if (list->below)
		*array_add(list->below->v, list->below->n) = (struct note){ 0 };
	return line;
}

/* by_group has those without a group at one end; here they stand last. */
static void add_grouped(const struct list *list, bool is_tree)
{
	const struct functions *functions = &list->machine->functions;
	struct libscols_line *parent = NULL;
	int group = NO_GROUP;

	for (size_t i = 0; i < functions->n; i++) {
		size_t position = functions->by_group[i];
		const struct function *function = &functions->v[position];

		if (function->iommu_group == NO_GROUP)
			continue;
		if (is_tree && (!parent || group != function->iommu_group)) {
			group = function->iommu_group;
			parent = add_group(list, xasprintf("group %d", group));
		}
		add_function(list, position, parent);
	}
}

static void add_groupless(const struct list *list, bool is_tree)
{
	const struct functions *functions = &list->machine->functions;
	struct libscols_line *parent = NULL;

	for (size_t i = 0; i < functions->n; i++) {
		if (functions->v[i].iommu_group != NO_GROUP)
			continue;
		if (is_tree && !parent)
			parent = add_group(list, xstrdup("no group"));
		add_function(list, i, parent);
	}
}

static struct libscols_table *table_of(const struct list *list, FILE *out,
				       enum colour colour, bool is_tree)
{
	static const struct table_column tree[] = {
		{ "ADDRESS", COLUMN_TREE },   { "ID", COLUMN_PLAIN },
		{ "CLASS", COLUMN_PLAIN },    { "DRIVER", COLUMN_PLAIN },
		{ "NAME", COLUMN_TRUNCATED }, { "NOTES", COLUMN_LINES },
	};
	static const struct table_column flat[] = {
		{ "GROUP", COLUMN_PLAIN },  { "ADDRESS", COLUMN_PLAIN },
		{ "ID", COLUMN_PLAIN },	    { "CLASS", COLUMN_PLAIN },
		{ "DRIVER", COLUMN_PLAIN }, { "NAME", COLUMN_TRUNCATED },
		{ "NOTES", COLUMN_LINES },
	};
	size_t n = list->below ? 5 : 6;

	if (is_tree)
		return table_new(out, tree, n, list->width, colour);
	/* Without groups, their column would only take room from a terminal. */
	return list->width ? table_new(out, flat + 1, n, list->width, colour)
			   : table_new(out, flat, 7, 0, colour);
}

/* The table is a heading, and a line for each note. */
static void put_table(FILE *out, const char *table, const struct notes *notes,
		      enum colour colour, size_t width)
{
	const char *end;

	for (size_t i = 0; (end = strchr(table, '\n')); i++, table = end + 1) {
		const struct note *note = i && i <= notes->n ? &notes->v[i - 1] : NULL;
		size_t n = (size_t)(end - table);

		while (n && table[n - 1] == ' ')
			n--;
		fwrite(table, 1, n, out);
		fputc('\n', out);
		if (!note || !note->text)
			continue;
		fprintf(out, "%*s", NOTES_INDENT, "");
		style_begin(out, colour, note->style);
		wrap_put(out, note->text,
			 (struct margin){ NOTES_INDENT, NOTES_INDENT, width });
		style_end(out, colour, note->style);
	}
}

static void put_list(FILE *out, struct list *list, enum colour colour, bool is_tree)
{
	list->table = table_of(list, out, colour, is_tree);
	add_grouped(list, is_tree);
	add_groupless(list, is_tree);
	table_print(list->table);
}

static void put_narrow_list(FILE *out, struct list *list, enum colour colour,
			    bool is_tree)
{
	struct notes notes = { 0 };
	char *text cleanup_free = NULL;
	size_t size;
	FILE *table = xopen_memstream(&text, &size);

	list->below = &notes;
	put_list(table, list, colour, is_tree);
	fclose(table);
	put_table(out, text, &notes, colour, list->width);
	for (size_t i = 0; i < notes.n; i++)
		free(notes.v[i].text);
	free(notes.v);
}

void report_list(FILE *out, const struct machine *machine, const struct system *system,
		 enum colour colour, int verbosity, size_t width)
{
	bool is_grouped = has_groups(&machine->functions);
	bool is_tree = is_grouped && width;
	struct list list = { .machine = machine,
			     .system = system,
			     .is_verbose = verbosity > 0,
			     .width = width };

	if (!is_grouped)
		put_reason(out, machine, width ? "" : "# ");
	if (!machine->functions.n)
		return;
	/* Sorted by address, so that the last one has the greatest domain. */
	list.is_short =
		width && !machine->functions.v[machine->functions.n - 1].bdf.domain;
	list.twins = twins_find(&machine->functions);
	if (width && width < NOTES_BESIDE)
		put_narrow_list(out, &list, colour, is_tree);
	else
		put_list(out, &list, colour, is_tree);
	twins_free(&list.twins);
}
