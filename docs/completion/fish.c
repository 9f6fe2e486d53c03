/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "completion.h"

#include <stdio.h>
#include <string.h>

static void print_quoted(const char *text, size_t n)
{
	putchar('\'');
	for (size_t i = 0; i < n; i++) {
		if (strchr("'\\", text[i]))
			putchar('\\');
		putchar(text[i]);
	}
	putchar('\'');
}

static void print_condition(unsigned verbs)
{
	if (verbs == EVERY_VERB)
		return;
	fputs(" -n '__fish_seen_subcommand_from", stdout);
	for (int i = 0; i < VERBS; i++)
		if (verbs >> i & 1)
			printf(" %s", verb_specs[i].name);
	putchar('\'');
}

static void print_argument(const struct argument *argument)
{
	if (argument->words)
		printf(" -x -a '%s'", argument->words);
	else
		printf(" %s", argument->fish);
}

/* `argument` or NULL: it takes none. */
static void print_option(const struct option_spec *spec, unsigned verbs,
			 const struct argument *argument)
{
	fputs("complete -c vfio-bootcfg", stdout);
	print_condition(verbs);
	if (spec->letter)
		printf(" -s %c", spec->letter);
	printf(" -l %s", spec->name);
	if (argument)
		print_argument(argument);
	fputs(" -d ", stdout);
	print_quoted(spec->help, brief_length(spec->help));
	putchar('\n');
}

/* Once for all commands that take the same. */
static void print_options(const struct option_spec *spec)
{
	unsigned left = spec->verbs;

	if (!spec->argument)
		print_option(spec, spec->verbs, NULL);
	while (spec->argument && left) {
		const struct argument *argument = argument_of(spec, left);

		print_option(spec, left & argument->verbs, argument);
		left &= ~argument->verbs;
	}
}

void print_fish(void)
{
	fputs("# Made from the tables of commands and options of vfio-bootcfg.\n"
	      "complete -c vfio-bootcfg -f\n",
	      stdout);
	for (int i = 0; i < VERBS; i++) {
		printf("complete -c vfio-bootcfg -n __fish_use_subcommand -a %s -d ",
		       verb_specs[i].name);
		print_quoted(verb_specs[i].help, strlen(verb_specs[i].help));
		putchar('\n');
	}
	for (int i = 0; i < VERBS; i++)
		if (verb_specs[i].operands) {
			fputs("complete -c vfio-bootcfg", stdout);
			print_condition(1u << i);
			fputs(" -a '(" DEVICES ")'\n", stdout);
		}
	for (size_t i = 0; i < n_option_specs; i++)
		print_options(&option_specs[i]);
}
