/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/catalogue.h"

#include "evidence/prefix.h"

#include <assert.h>
#include <string.h>

/* Where a pattern's literal text begins. */
static enum place place_of(const char **pattern)
{
	const char *at = *pattern;

	if (at[0] != '%')
		return PLACE_START;
	if (at[1] == '{') {
		*pattern = at + 2;
		return PLACE_START;
	}
	assert(at[1] == 'D' || at[1] == 'w');
	if (strncmp(at + 2, " %b: ", 5) == 0) {
		*pattern = at + 7;
		return PLACE_AFTER_BDF;
	}
	assert(strncmp(at + 2, ": ", 2) == 0);
	*pattern = at + 4;
	return PLACE_WORD;
}

static unsigned key_of(const char *literal)
{
	if (literal[0] == '%') {
		assert(literal[1] == 'i');
		return catalogue_key("0000:");
	}
	assert(literal[0] == '[' || strcspn(literal, "%") >= 4);
	return catalogue_key(literal);
}

/* From the head of a row on, which may be within '%{…}'. */
static struct literal longest_of(const char *pattern)
{
	struct literal longest = { "", 0 };

	while (*pattern) {
		size_t n = strcspn(pattern, "%}");

		if (n > longest.n)
			longest = (struct literal){ pattern, n };
		pattern += n;
		if (*pattern)
			pattern += *pattern == '%' ? 2 : 1;
	}
	return longest;
}

static void add_row(struct catalogue *catalogue, const struct message *message)
{
	const char *literal = message->pattern;
	enum place place = place_of(&literal);
	unsigned key = key_of(literal);
	uint16_t *link = &catalogue->first[place][key];

	catalogue->places[key] |= (uint8_t)(1u << place);
	while (*link)
		link = &catalogue->next[*link - 1];
	assert(catalogue->n < CATALOGUE_ROWS);
	catalogue->heads[catalogue->n] =
		(struct literal){ literal, strcspn(literal, "%}") };
	catalogue->longest[catalogue->n] = longest_of(literal);
	assert(catalogue->longest[catalogue->n].n);
	catalogue->rows[catalogue->n++] = message;
	*link = (uint16_t)catalogue->n;
}

void catalogue_build(struct catalogue *catalogue)
{
	static const struct message_list *const lists[] = {
		&messages_of_boot,   &messages_of_intel,  &messages_of_amd,
		&messages_of_groups, &messages_of_driver, &messages_of_device,
	};

	memset(catalogue, 0, sizeof *catalogue);
	for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
		for (size_t i = 0; i < lists[list]->n; i++)
			add_row(catalogue, &lists[list]->v[i]);
}

/* Mostly the last byte differs already. */
static bool is_at(const char *text, struct literal literal)
{
	return text[literal.n - 1] == literal.text[literal.n - 1] &&
	       memcmp(text, literal.text, literal.n) == 0;
}

/* memmem() prepares tables, which takes longer than to look through a line. */
static bool holds(const char *text, const char *end, struct literal needle)
{
	while ((size_t)(end - text) >= needle.n) {
		text = memchr(text, needle.text[0], (size_t)(end - text) - needle.n + 1);
		if (!text)
			return false;
		if (is_at(text, needle))
			return true;
		text++;
	}
	return false;
}

const struct message *catalogue_suspect(const struct catalogue *catalogue, unsigned key,
					enum place place, const char *text,
					const char *end)
{
	for (uint16_t row = catalogue->first[place][key]; row;
	     row = catalogue->next[row - 1]) {
		struct literal head = catalogue->heads[row - 1];

		if ((size_t)(end - text) >= head.n && (!head.n || is_at(text, head)) &&
		    holds(text, end, catalogue->longest[row - 1]))
			return catalogue->rows[row - 1];
	}
	return NULL;
}

static const struct message *match_at(const struct catalogue *catalogue, enum place place,
				      const char *literal, const char *message,
				      struct pattern_match *ret)
{
	char key[CATALOGUE_KEY_BYTES + 1] = { 0 };

	strncpy(key, literal, CATALOGUE_KEY_BYTES);
	for (uint16_t row = catalogue->first[place][catalogue_key(key)]; row;
	     row = catalogue->next[row - 1])
		if (pattern_match(catalogue->rows[row - 1]->pattern, message, ret))
			return catalogue->rows[row - 1];
	return NULL;
}

const struct message *catalogue_match(const struct catalogue *catalogue,
				      const char *message, struct pattern_match *ret)
{
	const char *blank = strchr(message, ' ');
	const struct message *found;
	struct prefix prefix;

	found = match_at(catalogue, PLACE_START, message, message, ret);
	if (!found && blank)
		found = match_at(catalogue, PLACE_WORD, blank + 1, message, ret);
	if (!found && prefix_parse(message, message + strlen(message), &prefix))
		found = match_at(catalogue, PLACE_AFTER_BDF, prefix.rest, message, ret);
	return found;
}
