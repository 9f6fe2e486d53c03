/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool take_id(const char **text, uint16_t *ret)
{
	char digits[5] = { 0 };

	strncpy(digits, *text, 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return false;
	*ret = (uint16_t)strtoul(digits, NULL, 16);
	*text += 4;
	return true;
}

bool identity_pattern_parse(const char *text, struct identity_pattern *ret)
{
	struct identity_pattern p = { 0 };

	if (!take_id(&text, &p.id.vendor) || *text++ != ':' ||
	    !take_id(&text, &p.id.device))
		return false;
	if (*text) {
		if (*text++ != ':' || !take_id(&text, &p.id.subsystem_vendor) ||
		    *text++ != ':' || !take_id(&text, &p.id.subsystem_device) || *text)
			return false;
		p.has_subsystem = true;
	}
	*ret = p;
	return true;
}

bool identity_same_device(struct identity a, struct identity b)
{
	return a.vendor == b.vendor && a.device == b.device;
}

bool identity_equal(struct identity a, struct identity b)
{
	return identity_same_device(a, b) && a.subsystem_vendor == b.subsystem_vendor &&
	       a.subsystem_device == b.subsystem_device;
}

int identity_compare(struct identity a, struct identity b)
{
	if (a.vendor != b.vendor)
		return a.vendor - b.vendor;
	if (a.device != b.device)
		return a.device - b.device;
	if (a.subsystem_vendor != b.subsystem_vendor)
		return a.subsystem_vendor - b.subsystem_vendor;
	return a.subsystem_device - b.subsystem_device;
}

bool identity_matches(struct identity id, const struct identity_pattern *pattern)
{
	return pattern->has_subsystem ? identity_equal(id, pattern->id)
				      : identity_same_device(id, pattern->id);
}

struct identity_text identity_device_text(struct identity id)
{
	struct identity_text text;

	snprintf(text.s, sizeof text.s, "%04x:%04x", id.vendor, id.device);
	return text;
}

struct identity_text identity_text(struct identity id)
{
	struct identity_text text;

	snprintf(text.s, sizeof text.s, "%04x:%04x:%04x:%04x", id.vendor, id.device,
		 id.subsystem_vendor, id.subsystem_device);
	return text;
}

struct identity_text identity_pattern_text(const struct identity_pattern *pattern)
{
	return pattern->has_subsystem ? identity_text(pattern->id)
				      : identity_device_text(pattern->id);
}
