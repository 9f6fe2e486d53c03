/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_options commands|options|statuses: that table of the command line as scdoc. */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What scdoc would take for markup is escaped. */
static void print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*_`[]|#<", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_commands(void)
{
	for (int i = 0; i < VERBS; i++) {
		const char *help = verb_specs[i].help;

		printf("*%s*", verb_specs[i].name);
		if (verb_specs[i].operands) {
			fputs(" _", stdout);
			print_plain(verb_specs[i].operands);
			putchar('_');
		}
		fputs("\n\t", stdout);
		print_plain(help);
		fputs(help[strlen(help) - 1] == '?' ? " " : ". ", stdout);
		print_plain(verb_specs[i].text);
		fputs("\n\n", stdout);
	}
}

static void print_option(const struct option_spec *spec)
{
	if (spec->letter)
		printf("*-%c*, ", spec->letter);
	printf("*--%s*", spec->name);
	if (spec->argument)
		printf("=_%s_", spec->argument);
	if (spec->verbs != EVERY_VERB) {
		cleanup_free char *verbs = options_verbs(spec->verbs, "*");

		printf(" (%s)", verbs);
	}
	fputs("\n\t", stdout);
	print_plain(spec->help);
	fputs("\n\n", stdout);
}

static void print_options(void)
{
	for (size_t i = 0; i < n_option_specs; i++)
		print_option(&option_specs[i]);
}

static void print_statuses(void)
{
	for (int i = 0; i < STATUSES; i++) {
		printf("*%d*\n\t", i);
		print_plain(status_helps[i]);
		fputs("\n\n", stdout);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} tables[] = {
		{ "commands", print_commands },
		{ "options", print_options },
		{ "statuses", print_statuses },
	};

	for (size_t i = 0; argc == 2 && i < sizeof tables / sizeof *tables; i++)
		if (strcmp(tables[i].name, argv[1]) == 0) {
			tables[i].print();
			return EXIT_SUCCESS;
		}
	fprintf(stderr, "usage: print_options commands|options|statuses\n");
	return EXIT_FAILURE;
}
