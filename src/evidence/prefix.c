/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/prefix.h"

#include <string.h>

enum { DOMAIN_MIN = 4, DOMAIN_MAX = 8 };

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Length of the full address that the text begins with, or 0. */
static size_t bdf_length(const char *text, size_t n)
{
	size_t domain = 0;

	while (domain < n && domain < DOMAIN_MAX && is_hex(text[domain]))
		domain++;
	if (domain < DOMAIN_MIN || n < domain + 8)
		return 0;
	text += domain;
	if (text[0] != ':' || !is_hex(text[1]) || !is_hex(text[2]) || text[3] != ':' ||
	    !is_hex(text[4]) || !is_hex(text[5]) || text[6] != '.')
		return 0;
	return text[7] >= '0' && text[7] <= '7' ? domain + 8 : 0;
}

static const char *find(const char *text, const char *end, char c, size_t most)
{
	size_t n = (size_t)(end - text);

	return memchr(text, c, n < most ? n : most);
}

/* ': ' at once, or after the name of a network device. */
static const char *find_rest(const char *at, const char *end)
{
	if (end - at < 2)
		return NULL;
	if (*at == ' ') {
		const char *name = at + 1;

		at = find(name, end, ':', 20);
		if (!at || end - at < 2 || memchr(name, ' ', (size_t)(at - name)))
			return NULL;
	}
	return at[0] == ':' && at[1] == ' ' ? at + 2 : NULL;
}

bool prefix_parse(const char *text, const char *end, struct prefix *ret)
{
	const char *blank = find(text, end, ' ', PREFIX_DRIVER_MAX + 1);
	struct prefix prefix = { .driver = text };

	if (!blank || blank == text || blank[-1] == ':')
		return false;
	prefix.n_driver = (size_t)(blank - text);
	prefix.bdf = blank + 1;
	prefix.n_bdf = bdf_length(prefix.bdf, (size_t)(end - prefix.bdf));
	if (!prefix.n_bdf)
		return false;
	prefix.rest = find_rest(prefix.bdf + prefix.n_bdf, end);
	if (!prefix.rest)
		return false;
	*ret = prefix;
	return true;
}

bool prefix_has_driver(const struct prefix *prefix)
{
	return prefix->n_driver != 3 || memcmp(prefix->driver, "pci", 3) != 0;
}
