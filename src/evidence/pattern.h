/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The little language in which the catalogue writes down a kernel message: literal text
 * with fields, matched from the start of the message. What follows the pattern in the
 * message does not matter.
 *
 *	%b  an address, with or without its domain; DMAR has also printed 0x00:0x02.0
 *	%D  the name of a driver
 *	%{nvme}  this very text, which is the name of a driver
 *	%i  an identity, vvvv:dddd
 *	%n  a decimal number, kept
 *	%e  a decimal number, kept as an error without its sign
 *	%x  a hexadecimal number, with or without 0x
 *	%w  a word: up to a blank or to the literal that follows
 *	%*  any text, as little of it as possible; only one a pattern before other text
 */
#pragma once

#include "base/bdf.h"
#include "base/identity.h"

#include <stdbool.h>
#include <stddef.h>

/* What the fields held. */
struct pattern_match {
	bool has_bdf, has_id;
	struct bdf bdf;
	struct identity id; /* without a subsystem */
	const char *driver; /* within the text, or NULL */
	size_t n_driver;
	const char *word; /* the last %w, or NULL */
	size_t n_word;
	long number; /* or -1 */
	int error;
};

/* Both texts end with NUL. *ret is zeroed first; it means nothing where there is no
 * match. */
bool pattern_match(const char *pattern, const char *text, struct pattern_match *ret);
