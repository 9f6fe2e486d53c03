/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of the command line as what three shells complete by. */
#pragma once

#include "cli/options.h"

#include <stddef.h>

/* A command that prints the names of the devices of the configuration. Its quotes and its
 * braces mean the same to the three shells, also within single quotes. */
#define DEVICE_NAMES                                                             \
	"find /etc/vfio-bootcfg.conf /etc/vfio-bootcfg.conf.d -name \"*.conf\" " \
	"-exec sed -n \"s/^ *\\[device  *\\([^] ]*\\).*/\\1/p\" {} + 2>/dev/null"

/* How each shell completes the argument of an option, by the word that --help has for it.
 */
struct argument {
	const char *word; /* 'FILE' */
	const char
		*words;	  /* the words to choose from, or NULL: what the next three say */
	const char *bash; /* options of compgen */
	const char *zsh;  /* an action of _arguments */
	const char *fish; /* options of complete */
};

/* Ends the program where the table does not know the word. */
const struct argument *argument_of(const struct option_spec *spec);

/* The length of what fits beside a name: the help up to its first colon or semicolon. */
size_t brief_length(const char *help);

void print_bash(void);
void print_zsh(void);
void print_fish(void);
