/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/entry.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void entry_free(struct entry *entry)
{
	free(entry->name);
	free(entry->value);
	free(entry->fault);
	*entry = (struct entry){ 0 };
}

/* The first fault of a line stays. */
void entry_fault(struct entry *entry, const char *code, const char *message, ...)
{
	va_list arguments;

	if (entry->fault)
		return;
	va_start(arguments, message);
	entry->code = code;
	entry->fault = xvasprintf(message, arguments);
	va_end(arguments);
}

/* A no-break space or a curly quote looks right and is wrong, so it is named by number.
 */
static void check_ascii(struct entry *entry, const char *text)
{
	size_t n = text ? strlen(text) : 0;
	size_t length;

	for (size_t i = 0; i < n; i += length) {
		uint32_t c;

		length = utf8_decode(text + i, n - i, &c);
		if (length == 1)
			continue;
		entry_fault(
			entry, "config-syntax",
			"U+%04X stands where only ASCII may: other characters belong in comments",
			length ? c : 0xfffd);
		return;
	}
}

static char *copy_stripped(const char *text, size_t n)
{
	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	return xstrndup(text, n);
}

static void parse_section(const char *text, struct entry *ret)
{
	size_t n = strcspn(text, "]");

	ret->kind = ENTRY_SECTION;
	if (!text[n]) {
		entry_fault(ret, "config-syntax", "the section has no ']' at its end");
		return;
	}
	ret->name = copy_stripped(text + 1, n - 1);
	if (text[n + 1])
		entry_fault(
			ret, "config-syntax",
			"text stands behind the ']' of a section: a comment needs a line of its own");
	else if (!*ret->name)
		entry_fault(ret, "config-syntax", "a section has no name");
}

/* `text` begins with its quote. */
static void parse_quoted(const char *text, struct entry *ret)
{
	const char *end = strchr(text + 1, *text);
	const char *rest;

	if (!end) {
		entry_fault(ret, "config-syntax", "the value has no closing %c", *text);
		return;
	}
	ret->value = xstrndup(text + 1, (size_t)(end - text) - 1);
	rest = end + 1 + strspn(end + 1, " \t");
	if (*rest && *rest != ';' && *rest != '#')
		entry_fault(
			ret, "config-syntax",
			"text stands behind the closing %c: quotes go around the whole value",
			*text);
	else if (strchr(ret->value, '\\'))
		entry_fault(ret, "config-syntax", "a '\\' stands in the quoted value");
}

static void parse_key(const char *text, struct entry *ret)
{
	const char *equals = strchr(text, '=');
	const char *value;

	if (!equals) {
		entry_fault(ret, "config-syntax",
			    "no entry: expected 'KEY = VALUE' or '[SECTION]'");
		return;
	}
	ret->kind = ENTRY_KEY;
	ret->name = copy_stripped(text, (size_t)(equals - text));
	if (!*ret->name)
		entry_fault(ret, "config-syntax", "no key stands before the '='");
	value = equals + 1 + strspn(equals + 1, " \t");
	if (*value == '"' || *value == '\'')
		parse_quoted(value, ret);
	else
		ret->value = copy_stripped(value, strcspn(value, ";#"));
}

void entry_parse(const char *text, struct entry *ret)
{
	*ret = (struct entry){ .kind = ENTRY_OTHER };
	if (*text == '[')
		parse_section(text, ret);
	else
		parse_key(text, ret);
	check_ascii(ret, ret->name);
	check_ascii(ret, ret->value);
}
