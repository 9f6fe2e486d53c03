/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Seen of DMAR in 5.14: `Request device [0x00:0x02.0]`. */
static bool take_bdf_with_0x(const char *text, struct bdf *ret, int *ret_length)
{
	char plain[8];

	if (strnlen(text, 11) < 11 || strncmp(text, "0x", 2) != 0 ||
	    strncmp(text + 4, ":0x", 3) != 0)
		return false;
	plain[0] = text[2];
	plain[1] = text[3];
	plain[2] = ':';
	strncpy(plain + 3, text + 7, 4);
	plain[7] = '\0';
	if (!bdf_parse(plain, ret))
		return false;
	*ret_length = 11;
	return true;
}

static size_t take_bdf(const char *text, struct pattern_match *match)
{
	int length;

	if (!bdf_parse_prefix(text, &match->bdf, &length) &&
	    !take_bdf_with_0x(text, &match->bdf, &length))
		return 0;
	match->has_bdf = true;
	return (size_t)length;
}

static size_t take_id(const char *text, struct pattern_match *match)
{
	struct identity_pattern id;
	char digits[10] = { 0 };

	strncpy(digits, text, 9);
	if (!identity_pattern_parse(digits, &id))
		return 0;
	match->has_id = true;
	match->id = id.id;
	return 9;
}

/* At most nine digits, which always fit. */
static size_t take_number(const char *text, long *ret)
{
	long number = 0;
	size_t n = 0;

	for (; n < 9 && text[n] >= '0' && text[n] <= '9'; n++)
		number = 10 * number + (text[n] - '0');
	if (n)
		*ret = number;
	return n;
}

static size_t take_hex(const char *text)
{
	size_t prefix = text[0] == '0' && text[1] == 'x' ? 2 : 0;
	size_t n = strspn(text + prefix, "0123456789abcdefABCDEF");

	return n ? prefix + n : 0;
}

static size_t take_word(const char *text, char next)
{
	size_t n = 0;

	while (text[n] && !isspace((unsigned char)text[n]) && text[n] != next)
		n++;
	return n;
}

/* How much of the text the field takes: at least one character, or 0 for none. */
static size_t take_field(char field, char next, const char *text,
			 struct pattern_match *match)
{
	long error;
	size_t n;

	switch (field) {
	case 'b':
		return take_bdf(text, match);
	case 'i':
		return take_id(text, match);
	case 'n':
		return take_number(text, &match->number);
	case 'x':
		return take_hex(text);
	case 'e':
		n = take_number(text, &error);
		match->error = n ? (int)error : 0;
		return n;
	case 'D':
		match->driver = text;
		return match->n_driver = take_word(text, next);
	default:
		match->word = text;
		return match->n_word = take_word(text, next);
	}
}

/* Past the literal that is a driver's name, or NULL. */
static const char *take_literal_driver(const char *name, const char *text,
				       struct pattern_match *match)
{
	size_t n = strcspn(name, "}");

	if (strncmp(text, name, n) != 0)
		return NULL;
	match->driver = text;
	match->n_driver = n;
	return text + n;
}

static bool match_from(const char *pattern, const char *text,
		       struct pattern_match *match);

static bool match_after_any(const char *pattern, const char *text,
			    struct pattern_match *match)
{
	if (!*pattern)
		return true;
	for (;; text++) {
		struct pattern_match before = *match;

		if (*pattern != '%')
			text = strchr(text, *pattern);
		if (!text)
			return false;
		if (match_from(pattern, text, match))
			return true;
		*match = before;
		if (!*text)
			return false;
	}
}

static bool match_from(const char *pattern, const char *text, struct pattern_match *match)
{
	for (; *pattern; pattern++) {
		size_t n;

		if (*pattern != '%') {
			if (*text++ != *pattern)
				return false;
			continue;
		}
		if (*++pattern == '*')
			return match_after_any(pattern + 1, text, match);
		if (*pattern == '{') {
			text = take_literal_driver(pattern + 1, text, match);
			if (!text)
				return false;
			pattern += strcspn(pattern, "}");
			continue;
		}
		n = take_field(*pattern, pattern[1], text, match);
		if (!n)
			return false;
		text += n;
	}
	return true;
}

bool pattern_match(const char *pattern, const char *text, struct pattern_match *ret)
{
	*ret = (struct pattern_match){ .number = -1 };
	return match_from(pattern, text, ret);
}
