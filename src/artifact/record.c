/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was reserved, for the next run: see facts/record.h. */
#include "artifact/rendering.h"

/* Once the function is reserved, or the kernel whose alias told it is gone, nothing else
 * may tell. */
static void add_builtins(const struct target *target, struct record *record)
{
	for (size_t i = 0; i < target->n_competitors; i++)
		if (target->competitors[i].is_builtin)
			*array_add(record->builtins, record->n_builtins) =
				(struct record_builtin){
					.module = xstrdup(target->competitors[i].module),
					.id = target->function->id,
				};
}

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
		if (target->has_twins && target->function->path)
			entry->path = xstrdup(target->function->path);
		add_builtins(target, &record);
	}
	for (size_t i = 0; i < plan->n_twins; i++)
		*array_add(record.twins, record.n_twins) = (struct record_twin){
			.bdf = plan->twins[i]->bdf,
			.id = plan->twins[i]->id,
		};
	if (record.n)
		render_file(rendering, RECORD_PATH, 0644, record_format(&record));
}
