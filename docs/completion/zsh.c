/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "completion.h"

#include <stdio.h>
#include <string.h>

/* Within single quotes; a backslash keeps what _arguments and _describe read as syntax.
 */
static void print_quoted(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:\\", text[i]))
			printf("\\%c", text[i]);
		else
			putchar(text[i]);
	}
}

/* '(-c --config)'{-c,--config=}'[read FILE …]:FILE:_files' */
static void print_option(const struct option_spec *spec, int verb)
{
	bool may_repeat = spec->kind == OPTION_LIST || spec->kind == OPTION_COUNT;
	const char *equals = spec->argument ? "=" : "";

	fputs("			", stdout);
	if (may_repeat)
		fputs("'*'", stdout);
	else if (spec->letter)
		printf("'(-%c --%s)'", spec->letter, spec->name);
	if (spec->letter)
		printf("{-%c,--%s%s}'[", spec->letter, spec->name, equals);
	else
		printf("'--%s%s[", spec->name, equals);
	print_quoted(spec->help, brief_length(spec->help));
	putchar(']');
	if (spec->argument) {
		const struct argument *argument = argument_of(spec, 1u << verb);

		printf(":%s:", spec->argument);
		if (argument->words)
			printf("(%s)", argument->words);
		else
			fputs(argument->zsh, stdout);
	}
	putchar('\'');
}

static void print_verb(int verb)
{
	printf("	%s)\n		_arguments", verb_specs[verb].name);
	for (size_t i = 0; i < n_option_specs; i++) {
		if (!(option_specs[i].verbs >> verb & 1))
			continue;
		fputs(" \\\n", stdout);
		print_option(&option_specs[i], verb);
	}
	if (verb_specs[verb].operands)
		fputs(" \\\n			'*:device:($(" DEVICES "))'", stdout);
	fputs("\n		;;\n", stdout);
}

void print_zsh(void)
{
	fputs("#compdef vfio-bootcfg\n"
	      "# Made from the tables of commands and options of vfio-bootcfg.\n"
	      "_vfio_bootcfg() {\n"
	      "	local context state state_descr line\n"
	      "	typeset -A opt_args\n"
	      "	local -a commands=(\n",
	      stdout);
	for (int i = 0; i < VERBS; i++) {
		printf("		'%s:", verb_specs[i].name);
		print_quoted(verb_specs[i].help, strlen(verb_specs[i].help));
		fputs("'\n", stdout);
	}
	fputs("	)\n"
	      "	_arguments -C '(- *)'{-h,--help}'[print help]' \\\n"
	      "		'(- *)'{-V,--version}'[print the version]' \\\n"
	      "		'1:command:->command' '*::option:->option'\n"
	      "	if [[ $state == command ]]; then\n"
	      "		_describe -t commands command commands\n"
	      "		return\n"
	      "	fi\n"
	      "	case $words[1] in\n",
	      stdout);
	for (int i = 0; i < VERBS; i++)
		print_verb(i);
	fputs("	esac\n}\n_vfio_bootcfg \"$@\"\n", stdout);
}
