/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue, arranged for the lookup: a row is found by the first four bytes of its
 * literal text, at one of the three places where a message can have it.
 */
#pragma once

#include "evidence/messages.h"
#include "evidence/pattern.h"

#include <stdint.h>
#include <string.h>

enum { CATALOGUE_KEYS = 4096, CATALOGUE_ROWS = 256, CATALOGUE_KEY_BYTES = 5 };

enum place {
	PLACE_START,	 /* of the message: 'DMAR: …' */
	PLACE_WORD,	 /* after its first word: '%D: probe of …' */
	PLACE_AFTER_BDF, /* after '%D %b: ' */
	PLACES,
};

/* Part of a pattern that is text, not a field. */
struct literal {
	const char *text;
	size_t n;
};

struct catalogue {
	const struct message *rows[CATALOGUE_ROWS];
	struct literal heads[CATALOGUE_ROWS];	/* that the row is found by */
	struct literal longest[CATALOGUE_ROWS]; /* without it no message fits */
	uint8_t places[CATALOGUE_KEYS]; /* one bit a place at which a row has it */
	uint16_t next[CATALOGUE_ROWS];	/* row + 1 of the same key, or 0 */
	uint16_t first[PLACES][CATALOGUE_KEYS]; /* row + 1, or 0 */
	size_t n;
};

void catalogue_build(struct catalogue *catalogue);

/*
 * Reads CATALOGUE_KEY_BYTES of the text. Two keys are for texts whose first four bytes
 * differ from line to line: '[1002:68c8] …' and '1002:68c8 …'.
 */
static inline unsigned catalogue_key(const char *text)
{
	uint32_t bytes;

	if (text[0] == '[')
		return 0;
	if (text[4] == ':' && text[0] <= 'f' && text[1] <= 'f')
		return 1;
	memcpy(&bytes, text, sizeof bytes);
	return bytes * 0x9e3779b1u >> 20;
}

/* The first row of that key and place that may fit the text up to `end`, or NULL. */
const struct message *catalogue_suspect(const struct catalogue *catalogue, unsigned key,
					enum place place, const char *text,
					const char *end);

/* The first row that fits the message, in the order of the lists, or NULL. */
const struct message *catalogue_match(const struct catalogue *catalogue,
				      const char *message, struct pattern_match *ret);
