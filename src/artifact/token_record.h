/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which words were added to which file, or to which tool's keeping: a line 'PLACE', a tab
 * and the words. A file without comments cannot say itself what of it is ours.
 */
#pragma once

#include "base/strings.h"

#include <stdbool.h>

struct token_place {
	char *name; /* a path with a leading '/', or the name of a tool */
	struct strings words;
};
struct token_record {
	struct token_place *v; /* sorted by name once it is formatted */
	size_t n;
};

/* Lines that are none are passed over: nothing is taken for ours that is not said to be.
 */
void token_record_parse(const char *text, struct token_record *ret);
/* The caller frees it. */
char *token_record_format(struct token_record *record);

/* A place without words was seen, and holds nothing of ours. */
bool token_record_has(const struct token_record *record, const char *name);
/* Borrowed; no words where the place is unknown. */
const struct strings *token_record_at(const struct token_record *record,
				      const char *name);
/* Takes over the words, of which there may be none. */
void token_record_add(struct token_record *record, const char *name,
		      struct strings *words);
void token_record_free(struct token_record *record);
