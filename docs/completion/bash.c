/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "completion.h"

#include <stdio.h>

/* '--root=DIR' comes as three words and '03:00.0' as well, because '=' and ':' separate
 * words for readline, which then replaces what stands behind the last one. */
static const char head[] =
	"# bash completion for vfio-bootcfg: made from its tables of commands and options\n"
	"_vfio_bootcfg() {\n"
	"	local i=$COMP_CWORD left='' verb='' prev word words\n"
	"	local cur=${COMP_WORDS[i]}\n"
	"	COMPREPLY=()\n"
	"	while ((i > 1)) && [[ ${COMP_WORDS[i]} == : || ${COMP_WORDS[i - 1]} == : ]]; do\n"
	"		cur=${COMP_WORDS[--i]}$cur\n"
	"		left=${cur%\"${cur##*:}\"}\n"
	"	done\n"
	"	prev=${COMP_WORDS[i - 1]}\n"
	"	if [[ $cur == = ]]; then\n"
	"		cur=''\n"
	"	elif [[ $prev == = ]]; then\n"
	"		prev=${COMP_WORDS[i - 2]}\n"
	"	fi\n"
	"	for word in \"${COMP_WORDS[@]:1:i-1}\"; do\n"
	"		case $word in\n		";

static const char tail[] =
	"	mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"	COMPREPLY=(\"${COMPREPLY[@]#\"$left\"}\")\n"
	"}\n"
	"complete -F _vfio_bootcfg vfio-bootcfg\n";

static void print_verbs(const char *between)
{
	for (int i = 0; i < VERBS; i++)
		printf("%s%s", i ? between : "", verb_specs[i].name);
}

/* '* --config | * -c)', or with the command that the words are for: 'attach --format)'.
 */
static void print_pattern(const struct option_spec *spec, unsigned verbs)
{
	if (verbs == spec->verbs) {
		printf("	*' --%s'", spec->name);
		if (spec->letter)
			printf(" | *' -%c'", spec->letter);
	} else {
		const char *between = "	";

		for (int i = 0; i < VERBS; i++)
			if (verbs >> i & 1) {
				printf("%s'%s --%s'", between, verb_specs[i].name,
				       spec->name);
				if (spec->letter)
					printf(" | '%s -%c'", verb_specs[i].name,
					       spec->letter);
				between = " | ";
			}
	}
	fputs(")\n", stdout);
}

static void print_argument(const struct option_spec *spec, unsigned verbs,
			   const struct argument *argument)
{
	print_pattern(spec, verbs);
	fputs("		mapfile -t COMPREPLY < <(compgen ", stdout);
	if (argument->words) {
		printf("-W '%s' -- \"$cur\")\n", argument->words);
	} else {
		printf("%s -- \"$cur\")\n", argument->bash);
		fputs("		compopt -o filenames 2>/dev/null\n", stdout);
	}
	fputs("		COMPREPLY=(\"${COMPREPLY[@]#\"$left\"}\")\n"
	      "		return\n		;;\n",
	      stdout);
}

static void print_arguments(const struct option_spec *spec)
{
	unsigned left = spec->argument ? spec->verbs : 0;

	while (left) {
		const struct argument *argument = argument_of(spec, left);

		print_argument(spec, left & argument->verbs, argument);
		left &= ~argument->verbs;
	}
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
		fputs("' && words+=\" $(" DEVICES ")\" ;;\n", stdout);
	else
		fputs("' ;;\n", stdout);
}

void print_bash(void)
{
	fputs(head, stdout);
	print_verbs(" | ");
	fputs(") verb=$word && break ;;\n"
	      "		esac\n"
	      "	done\n"
	      "	case \"$verb $prev\" in\n",
	      stdout);
	for (size_t i = 0; i < n_option_specs; i++)
		print_arguments(&option_specs[i]);
	fputs("	esac\n"
	      "	case $verb in\n",
	      stdout);
	for (int i = 0; i < VERBS; i++)
		print_options(i);
	fputs("	*) words='", stdout);
	print_verbs(" ");
	fputs(" --help --version' ;;\n	esac\n", stdout);
	fputs(tail, stdout);
}
