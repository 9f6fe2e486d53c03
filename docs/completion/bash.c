/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "completion.h"

#include <stdio.h>

/* '--root=DIR' comes as three words, because '=' separates words for readline. */
static const char head[] =
	"# bash completion for vfio-bootcfg: made from its tables of commands and options\n"
	"_vfio_bootcfg() {\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"	local verb='' word words\n"
	"	COMPREPLY=()\n"
	"	if [[ $cur == = ]]; then\n"
	"		cur=''\n"
	"	elif [[ $prev == = ]]; then\n"
	"		prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"	fi\n";

static const char tail[] =
	"	mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"}\n"
	"complete -F _vfio_bootcfg vfio-bootcfg\n";

static void print_verbs(const char *between)
{
	for (int i = 0; i < VERBS; i++)
		printf("%s%s", i ? between : "", verb_specs[i].name);
}

static void print_argument(const struct option_spec *spec)
{
	const struct argument *argument = argument_of(spec);

	if (spec->letter)
		printf("	-%c | --%s)\n", spec->letter, spec->name);
	else
		printf("	--%s)\n", spec->name);
	fputs("		mapfile -t COMPREPLY < <(compgen ", stdout);
	if (argument->words) {
		printf("-W '%s' -- \"$cur\")\n", argument->words);
	} else {
		printf("%s -- \"$cur\")\n", argument->bash);
		fputs("		compopt -o filenames 2>/dev/null\n", stdout);
	}
	fputs("		return\n		;;\n", stdout);
}

static void print_options(int verb)
{
	printf("	%s) words='", verb_specs[verb].name);
	for (size_t i = 0, n = 0; i < n_option_specs; i++) {
		const struct option_spec *spec = &option_specs[i];

		if (!(spec->verbs >> verb & 1))
			continue;
		printf("%s--%s", n++ ? " " : "", spec->name);
		if (spec->letter)
			printf(" -%c", spec->letter);
	}
	if (verb_specs[verb].operands)
		fputs("' && words+=\" $(" DEVICE_NAMES ")\" ;;\n", stdout);
	else
		fputs("' ;;\n", stdout);
}

void print_bash(void)
{
	fputs(head, stdout);
	fputs("	case $prev in\n", stdout);
	for (size_t i = 0; i < n_option_specs; i++)
		if (option_specs[i].argument)
			print_argument(&option_specs[i]);
	fputs("	esac\n"
	      "	for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	      "		case $word in\n		",
	      stdout);
	print_verbs(" | ");
	fputs(") verb=$word && break ;;\n"
	      "		esac\n"
	      "	done\n"
	      "	case $verb in\n",
	      stdout);
	for (int i = 0; i < VERBS; i++)
		print_options(i);
	fputs("	*) words='", stdout);
	print_verbs(" ");
	fputs(" --help --version' ;;\n	esac\n", stdout);
	fputs(tail, stdout);
}
