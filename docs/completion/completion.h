/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of the command line as what three shells complete by. */
#pragma once

#include "cli/options.h"

#include <stddef.h>

/* Commands that print the names of the devices of the configuration, and the addresses of
 * the functions of this machine. Their quotes and their braces mean the same to the three
 * shells, also within single quotes. */
#define DEVICES                                                                     \
	"find /etc/vfio-bootcfg.conf /etc/vfio-bootcfg.conf.d -name \"*.conf\" "    \
	"-exec sed -n \"s/^ *\\[device  *\\([^] ]*\\).*/\\1/p\" {} + 2>/dev/null; " \
	"ls /sys/bus/pci/devices 2>/dev/null"

/* How each shell completes the argument of an option, by the word that --help has for it.
 */
struct argument {
	const char *word; /* 'FILE' */
	unsigned verbs;	  /* of which it is so: 1u << VERB_…, or EVERY_VERB */
	const char
		*words;	  /* the words to choose from, or NULL: what the next three say */
	const char *bash; /* options of compgen */
	const char *zsh;  /* an action of _arguments */
	const char *fish; /* options of complete */
};

/* The first row for an argument of the option of one of `verbs`. Ends the program where
 * the table has none. */
const struct argument *argument_of(const struct option_spec *spec, unsigned verbs);

/* The length of what fits beside a name: the help up to its first colon or semicolon. */
size_t brief_length(const char *help);

void print_bash(void);
void print_zsh(void);
void print_fish(void);
