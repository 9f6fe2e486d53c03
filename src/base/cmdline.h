/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line as the kernel takes it apart (lib/cmdline.c, next_arg): blanks
 * divide tokens except within double quotes, and only the first '=' ends the name.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>

struct cmdline_token {
	char *name;
	char *value; /* without its quotes; NULL where there is no '=' */
	char *text;  /* as it was written */
};

struct cmdline {
	struct cmdline_token *v; /* in the order of the line */
	size_t n;
	size_t n_kernel; /* those before a lone '--': the rest is init's */
};

/* The next token of a text, behind blanks; *ret_n is its length, 0 at the end. Borrowed.
 */
const char *cmdline_next(const char *text, size_t *ret_n);

void cmdline_parse(const char *text, struct cmdline *ret);
void cmdline_free(struct cmdline *cmdline);

/* Whether two parameter names are one to the kernel, which takes '-' for '_'. */
bool cmdline_same_name(const char *a, const char *b);

/* Whether a list of modules or drivers has one that is called so. */
bool cmdline_has_name(const struct strings *names, const char *name);

/* Adds the first `n` tokens as they were written. */
void cmdline_list(const struct cmdline *cmdline, size_t n, struct strings *ret);

/*
 * The last of a name, which is the one that counts: a repeated parameter of a module
 * replaces the earlier one. NULL where there is none before '--'. Borrowed.
 */
const struct cmdline_token *cmdline_find(const struct cmdline *cmdline, const char *name);

/* Its value: "" where the name stands alone, NULL where it is missing. Borrowed. */
const char *cmdline_value(const struct cmdline *cmdline, const char *name);

/*
 * Whether a token that is `text` is in effect: same name and value, where no later token
 * of that name says something else.
 */
bool cmdline_has(const struct cmdline *cmdline, const char *text);

#define cleanup_cmdline cleanup(cmdline_free)
