/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/suggest.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The same vendor's device with the nearest number: a wrong digit, or the card's sibling.
 */
char *suggest_id(const struct functions *functions, const struct identity_pattern *wanted)
{
	const struct function *nearest = NULL;
	int least = 0x10000;

	for (size_t i = 0; i < functions->n; i++) {
		const struct function *f = &functions->v[i];
		int distance = abs(f->id.device - wanted->id.device);

		if (f->id.vendor == wanted->id.vendor && distance < least) {
			least = distance;
			nearest = f;
		}
	}
	if (!nearest)
		return NULL;
	return xasprintf(" (did you mean '%s' at %s?)",
			 identity_device_text(nearest->id).s, bdf_text(nearest->bdf).s);
}

/* Whether one character differs, or two neighbours are swapped: what slips in typing. */
static bool is_slip(const char *a, const char *b)
{
	size_t first;

	if (strlen(a) != strlen(b))
		return false;
	for (first = 0; a[first] && a[first] == b[first];)
		first++;
	if (!a[first])
		return true;
	if (strcmp(a + first + 1, b + first + 1) == 0)
		return true;
	return a[first] == b[first + 1] && b[first] == a[first + 1] &&
	       strcmp(a + first + 2, b + first + 2) == 0;
}

/* No bridge can be reserved, a host bridge with the header of a device neither. */
char *suggest_place(const struct functions *functions, const char *wanted)
{
	bool is_path = strchr(wanted, '/');

	for (size_t i = 0; i < functions->n; i++) {
		const struct function *f = &functions->v[i];
		struct bdf_text text = bdf_text(f->bdf);
		const char *place = is_path ? f->path : text.s;

		if (!place || function_is_bridge(f) || f->class >> 8 == 0x0600 ||
		    !is_slip(place, wanted))
			continue;
		return xasprintf(" (did you mean '%s', %s?)", place, f->description);
	}
	return NULL;
}
