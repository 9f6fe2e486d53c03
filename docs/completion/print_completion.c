/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_completion bash|zsh|fish: completion for that shell, from the tables that read
 * the command line. */
#include "completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RELEASES "ls /lib/modules 2>/dev/null"

static const struct argument arguments[] = {
	{ "FILE", NULL, "-f", "_files", "-r -F" },
	{ "PATH", NULL, "-f", "_files", "-r -F" },
	{ "DIR", NULL, "-d", "_files -/", "-x -a '(__fish_complete_directories)'" },
	{ "RELEASE", NULL, "-W \"$(" RELEASES ")\"", "($(" RELEASES "))",
	  "-x -a '(" RELEASES ")'" },
	{ "WHEN", "auto always never", NULL, NULL, NULL },
	{ "FORM", "text qemu libvirt json prometheus", NULL, NULL, NULL },
	{ "SIZE", "4G 8G 16G 32G 64G", NULL, NULL, NULL },
	{ "N", "0 -1 -2", NULL, NULL, NULL },
};

const struct argument *argument_of(const struct option_spec *spec)
{
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
		if (strcmp(arguments[i].word, spec->argument) == 0)
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
