/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns of modaliases and the modules behind them, for those that libkmod does not
 * look up: it stops at the first source that knows an alias.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

struct alias {
	char *pattern;	  /* as fnmatch() takes it */
	size_t n_literal; /* characters before its first wildcard */
	char *module;
};
struct aliases {
	struct alias *v; /* sorted by n_literal, then by pattern */
	size_t n;
};

void aliases_add(struct aliases *aliases, const char *pattern, const char *module);
void aliases_sort(struct aliases *aliases);
void aliases_free(struct aliases *aliases);

/* Appends the modules whose patterns match, once for every pattern. */
void aliases_match(const struct aliases *aliases, const char *modalias,
		   struct strings *modules);

/* Adds the aliases of modules.builtin.modinfo: 'MODULE.alias=PATTERN', each with a NUL.
 */
void aliases_add_modinfo(struct aliases *aliases, const char *bytes, size_t n);

#define cleanup_aliases cleanup(aliases_free)
