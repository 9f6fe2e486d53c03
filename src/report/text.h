/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people: nothing that a device or a log says reaches a terminal raw. */
#pragma once

#include "report/report.h"

#include <stdio.h>

/*
 * Writes text with what a terminal would obey as \n, \t, \xNN: control characters, bytes
 * that are no UTF-8, and characters that turn the direction of what follows.
 */
void text_put(FILE *out, const char *text);
void text_put_bytes(FILE *out, const char *text, size_t n);

/* The same as a string. The caller frees it. */
char *text_escaped(const char *text);

enum style {
	STYLE_PLAIN,
	STYLE_STRONG,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_NEW,
	STYLES,
};

/* What switches it on, for libsmartcols too; NULL for STYLE_PLAIN. */
const char *style_code(enum style style);

void style_begin(FILE *out, enum colour colour, enum style style);
void style_end(FILE *out, enum colour colour, enum style style);

/* Writes a text of ours in a style. */
void style_put(FILE *out, enum colour colour, enum style style, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
