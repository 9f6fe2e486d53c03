/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/path.h"

#include "base/bdf.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Appends the first step, which has a bus, or a later one, which has none. */
static bool add_step(FILE *out, const char *step, bool is_first)
{
	cleanup_free char *on_bus = NULL;
	struct bdf bdf;

	if (is_first) {
		if (!bdf_parse(step, &bdf))
			return false;
		fputs(bdf_text(bdf).s, out);
		return true;
	}
	on_bus = xasprintf("0:%s", step);
	if (strchr(step, ':') || !bdf_parse(on_bus, &bdf))
		return false;
	fprintf(out, "/%02x.%x", bdf.device & 31u, bdf.function & 7u);
	return true;
}

char *path_canonical(const char *text)
{
	char *canonical = NULL;
	size_t size;
	FILE *out = xopen_memstream(&canonical, &size);
	cleanup_free char *steps = xstrdup(text);
	char *rest = steps, *step;
	bool is_path = true;

	/* strsep() and not strtok(): an empty step, as in '00:03.1//00.0', is a fault. */
	while (is_path && (step = strsep(&rest, "/")))
		is_path = add_step(out, step, step == steps);
	fclose(out);
	if (is_path)
		return canonical;
	free(canonical);
	return NULL;
}
