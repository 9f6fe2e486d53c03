/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was reserved, for the next run: see facts/record.h. */
#include "artifact/rendering.h"

void record_render(struct rendering *rendering)
{
	const struct plan *plan = rendering->plan;
	cleanup_record struct record record = { 0 };

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];
		struct record_target *entry;

		if (!target->function) /* there is no address to remember */
			continue;
		entry = array_add(record.v, record.n);
		entry->name = xstrdup(target->rule->name);
		entry->bdf = target->function->bdf;
		entry->id = target->function->id;
	}
	if (record.n)
		render_file(rendering, RECORD_PATH, 0644, record_format(&record));
}
