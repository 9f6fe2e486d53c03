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

/* How many characters differ; only texts of one length are alike. */
static size_t differences(const char *a, const char *b)
{
	size_t n = 0;

	if (strlen(a) != strlen(b))
		return SIZE_MAX;
	for (; *a; a++, b++)
		n += *a != *b;
	return n;
}

/* The address or path that differs in the fewest characters, at most two. */
char *suggest_place(const struct functions *functions, const char *wanted)
{
	const struct function *nearest = NULL;
	bool is_path = strchr(wanted, '/');
	size_t least = 3;

	for (size_t i = 0; i < functions->n; i++) {
		const struct function *f = &functions->v[i];
		struct bdf_text text = bdf_text(f->bdf);
		const char *place = is_path ? f->path : text.s;
		size_t n = place ? differences(place, wanted) : SIZE_MAX;

		if (n < least) {
			least = n;
			nearest = f;
		}
	}
	if (!nearest)
		return NULL;
	return xasprintf(" (did you mean '%s', %s?)",
			 is_path ? nearest->path : bdf_text(nearest->bdf).s,
			 nearest->description);
}
