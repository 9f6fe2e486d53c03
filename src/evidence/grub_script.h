/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a grub.cfg, with quotes removed and variables put in (grub manual, 6.1,
 * 'Writing full configuration files directly'). Private. */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>

enum { GRUB_VARIABLES_MAX = 256 };

struct grub_script {
	const char *text;
	size_t n, at;
	unsigned line;
	struct {
		char *name, *value;
	} variables[GRUB_VARIABLES_MAX];
	size_t n_variables;
};

enum grub_end {
	GRUB_END_COMMAND, /* a newline, or ';' */
	GRUB_END_OPEN,	  /* '{' */
	GRUB_END_CLOSE,	  /* '}' */
	GRUB_END_TEXT,
};

/* A command, which may be empty, and what ends it. */
struct grub_command {
	struct strings words;
	unsigned line; /* of its first word */
	enum grub_end end;
};

/* False at the end of the text. *ret is to be freed by strings_free(&ret->words). */
bool grub_next(struct grub_script *script, struct grub_command *ret);

/* What has no value is ignored: which branch of a condition is taken is not known. */
void grub_set(struct grub_script *script, const char *name, const char *value);
/* "" where it has none. Borrowed. */
const char *grub_value(const struct grub_script *script, const char *name, size_t n);

/* The variables of an environment block, NAME=VALUE. */
void grub_set_all(struct grub_script *script, const char *environment);
void grub_script_free(struct grub_script *script);
