/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a configuration file: a section, a key with its value, or a fault. */
#pragma once

#include "base/memory.h"

#include <stddef.h>

enum entry_kind { ENTRY_OTHER, ENTRY_SECTION, ENTRY_KEY };

struct entry {
	enum entry_kind kind;
	unsigned line;	/* the first, from 1 */
	size_t section; /* the number of the section, from 1; 0 before the first */
	char *name;	/* as written; NULL where there is none */
	char *value; /* of a key, without quotes and comment; NULL where there is none */
	const char *code; /* of the fault, or NULL */
	char *fault;	  /* what is wrong with it, or NULL */
};

/*
 * Reads `text`, which has no blanks at its ends and is no comment, into kind, name, value
 * and fault. What iniparser reads otherwise than it looks (text behind a closing quote is
 * dropped, 4.2 knows a '\' in quotes and 4.1 does not) is a fault.
 */
void entry_parse(const char *text, struct entry *ret);
void entry_fault(struct entry *entry, const char *code, const char *message, ...)
	__attribute__((format(printf, 3, 4)));
void entry_free(struct entry *entry);
