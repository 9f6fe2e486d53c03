/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bdf.h"

#include <stdio.h>
#include <string.h>

/* Reads 1 to `most` hexadecimal digits; a sign, a blank or 0x is none. */
static bool take_hex(const char **text, int most, uint32_t *ret)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	uint32_t value = 0;
	int n = 0;

	for (; n < most; n++, (*text)++) {
		const char *digit = **text ? strchr(digits, **text) : NULL;

		if (!digit)
			break;
		value = value << 4 | (uint32_t)((digit - digits) & 15);
	}
	*ret = value;
	return n > 0;
}

bool bdf_parse_prefix(const char *text, struct bdf *ret, int *ret_length)
{
	const char *at = text;
	uint32_t domain = 0, bus, device, function;

	if (!take_hex(&at, 8, &bus) || *at++ != ':' || !take_hex(&at, 2, &device))
		return false;
	if (*at == ':') {
		at++;
		domain = bus;
		bus = device;
		if (!take_hex(&at, 2, &device))
			return false;
	}
	if (*at++ != '.' || !take_hex(&at, 1, &function))
		return false;
	if (bus > 0xff || device > 31 || function > 7)
		return false;
	*ret = (struct bdf){ domain, (uint8_t)bus, (uint8_t)device, (uint8_t)function };
	*ret_length = (int)(at - text);
	return true;
}

bool bdf_parse(const char *text, struct bdf *ret)
{
	struct bdf bdf;
	int length;

	if (!bdf_parse_prefix(text, &bdf, &length) || text[length])
		return false;
	*ret = bdf;
	return true;
}

int bdf_compare(const struct bdf *a, const struct bdf *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	if (a->bus != b->bus)
		return a->bus - b->bus;
	if (a->device != b->device)
		return a->device - b->device;
	return a->function - b->function;
}

bool bdf_equal(struct bdf a, struct bdf b)
{
	return bdf_compare(&a, &b) == 0;
}

bool bdf_same_slot(struct bdf a, struct bdf b)
{
	return a.domain == b.domain && a.bus == b.bus && a.device == b.device;
}

struct bdf_text bdf_text(struct bdf bdf)
{
	struct bdf_text text;

	snprintf(text.s, sizeof text.s, "%04x:%02x:%02x.%x", bdf.domain, bdf.bus,
		 bdf.device & 31u, bdf.function & 7u);
	return text;
}
