/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a shell file does to variables, read by shell word and without running anything:
 * /etc/default/grub and its drop-ins are scripts that grub-mkconfig sources. Whatever
 * only running would tell is said to be unclear, never guessed.
 */
#pragma once

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

enum shell_effect {
	SHELL_SET,     /* NAME=VALUE */
	SHELL_APPEND,  /* NAME+=VALUE */
	SHELL_UNSET,   /* unset NAME */
	SHELL_UNCLEAR, /* it may become anything here */
	SHELL_LOST,    /* it may become anything whenever something else runs, or the file
			  may end here */
};

/* In the order in which they stand; effects that are not certain to happen, as in an
 * `if`, are SHELL_UNCLEAR. */
struct shell_step {
	enum shell_effect effect;
	char *name;	   /* of the variable, or NULL: of any */
	const char *value; /* of SET and APPEND, as written. Borrowed from the text. */
	size_t n;
	bool is_argument; /* of `export`, where some shells split what expands */
	unsigned line;
};

struct shell_script {
	struct shell_step *v;
	size_t n;
	/* What the end of the text leaves open, so that text after it would not begin a
	 * command: 'a double quote', or NULL; and the line that opened it. */
	const char *open_what;
	unsigned open_line;
};

void shell_script_read(const char *text, size_t n, struct shell_script *ret);
void shell_script_free(struct shell_script *script);

struct shell_source {
	const char *name; /* of the file, for `where` */
	struct shell_script script;
};

struct shell_value {
	bool is_known;
	char *text;  /* NULL where it is unset or not known */
	char *where; /* 'FILE:LINE' of the last thing that happened to it, or NULL */
};

/* The value of a variable after the sources were run in order; at first it is unset. */
void shell_value_after(const struct shell_source *sources, size_t n, const char *variable,
		       struct shell_value *ret);
void shell_value_free(struct shell_value *value);

#define cleanup_shell_script cleanup(shell_script_free)
#define cleanup_shell_value  cleanup(shell_value_free)
