/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/help.h"

#include <string.h>

enum { HELP_WIDTH = 79, HELP_COLUMN = 26 };

/* Writes the words of `text`, whose lines begin at `indent`, where the first one is. */
static void print_words(FILE *out, const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int n = (int)strcspn(text, " ");

		if (column > indent && column + 1 + n > HELP_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		}
		column += fprintf(out, "%s%.*s", column > indent ? " " : "", n, text);
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_entry(FILE *out, const char *name, const char *help, int indent)
{
	int column = fprintf(out, "  %s", name);

	if (column + 2 > indent) {
		fputc('\n', out);
		column = 0;
	}
	fprintf(out, "%*s", indent - column, "");
	print_words(out, help, indent);
}

static void print_option(FILE *out, const struct option_spec *spec)
{
	char letter[4] = { '-', spec->letter, ',', 0 };
	cleanup_free char *name = xasprintf("%3s --%s%s%s", spec->letter ? letter : "",
					    spec->name, spec->argument ? "=" : "",
					    spec->argument ? spec->argument : "");

	print_entry(out, name, spec->help, HELP_COLUMN);
}

/* A heading for each set of commands that share options, in the order of the table. */
static void print_all_options(FILE *out)
{
	for (size_t i = 0; i < n_option_specs; i++) {
		unsigned verbs = option_specs[i].verbs;
		cleanup_free char *heading = NULL;
		size_t first = 0;

		while (option_specs[first].verbs != verbs)
			first++;
		if (first != i)
			continue;
		heading = verbs == EVERY_VERB ? xstrdup("every command")
					      : options_verbs(verbs, "");
		fprintf(out, "\nOptions of %s:\n", heading);
		for (size_t j = i; j < n_option_specs; j++)
			if (option_specs[j].verbs == verbs)
				print_option(out, &option_specs[j]);
	}
}

static void print_program(FILE *out)
{
	fputs("Usage: vfio-bootcfg COMMAND [OPTION]...\n"
	      "Reserves PCI devices for virtual machines at boot.\n\nCommands:\n",
	      out);
	for (size_t i = 0; i < VERBS; i++)
		print_entry(out, verb_specs[i].name, verb_specs[i].help, 12);
	print_all_options(out);
	fputs("\nExit status:\n", out);
	for (int i = 0; i < STATUSES; i++)
		fprintf(out, "  %d  %s\n", i, status_helps[i]);
	fputs("\nSee vfio-bootcfg(8), and vfio-bootcfg.conf(5) for the configuration.\n",
	      out);
}

void help_print(FILE *out, enum verb verb)
{
	const struct verb_spec *spec;

	if (verb == VERBS) {
		print_program(out);
		return;
	}
	spec = &verb_specs[verb];
	fprintf(out, "Usage: vfio-bootcfg %s [OPTION]...%s%s\n", spec->name,
		spec->operands ? " " : "", spec->operands ? spec->operands : "");
	print_words(out, spec->help, 0);
	fputc('\n', out);
	print_words(out, spec->text, 0);
	fputs("\nOptions:\n", out);
	for (size_t i = 0; i < n_option_specs; i++)
		if (option_specs[i].verbs >> verb & 1)
			print_option(out, &option_specs[i]);
}
