/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_completion bash|zsh|fish: completion for that shell, from the tables that read
 * the command line. */
#include "completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RELEASES "ls /lib/modules 2>/dev/null"

static const struct argument arguments[] = {
	{ "FILE", EVERY_VERB, NULL, "-f", "_files", "-r -F" },
	{ "PATH", EVERY_VERB, NULL, "-f", "_files", "-r -F" },
	{ "DIR", EVERY_VERB, NULL, "-d", "_files -/",
	  "-x -a '(__fish_complete_directories)'" },
	{ "RELEASE", EVERY_VERB, NULL, "-W \"$(" RELEASES ")\"", "($(" RELEASES "))",
	  "-x -a '(" RELEASES ")'" },
	{ "WHEN", EVERY_VERB, "auto always never", NULL, NULL, NULL },
	{ "FORM", 1u << VERB_VERIFY, "text json prometheus", NULL, NULL, NULL },
	{ "FORM", 1u << VERB_ATTACH, "qemu libvirt json", NULL, NULL, NULL },
	{ "SIZE", EVERY_VERB, "4G 8G 16G 32G 64G", NULL, NULL, NULL },
	{ "N", EVERY_VERB, "0 -1 -2", NULL, NULL, NULL },
};

const struct argument *argument_of(const struct option_spec *spec, unsigned verbs)
{
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
		if (strcmp(arguments[i].word, spec->argument) == 0 &&
		    arguments[i].verbs & verbs)
			return &arguments[i];
	fprintf(stderr,
		"print_completion: it is not known how to complete '%s' of '--%s'\n",
		spec->argument, spec->name);
	exit(EXIT_FAILURE);
}

size_t brief_length(const char *help)
{
	return strcspn(help, ":;");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {
		{ "bash", print_bash },
		{ "zsh", print_zsh },
		{ "fish", print_fish },
	};

	for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shells[i].name, argv[1]) == 0) {
			shells[i].print();
			return EXIT_SUCCESS;
		}
	fprintf(stderr, "usage: print_completion bash|zsh|fish\n");
	return EXIT_FAILURE;
}
