/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of the running system. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * From here on, what the user or the system ends a program with (an interrupt, a hangup)
 * is noted, and passed to a program that runs: whoever waits for it can still say what is
 * left to do.
 */
void run_hold_signals(void);

/* The last one that was noted, or 0. */
int run_signal(void);

/*
 * Runs argv[0], found in PATH, without input, and waits. What it prints goes to our
 * standard error, where it harms neither results nor, once nobody reads it, the program.
 * The exit status, 128 + the signal that ended it, or a negative errno where it could not
 * start.
 */
int run_program(char *const argv[]);

/* Whether a process of that id runs this one, through however many others. */
bool run_is_below(pid_t pid);
