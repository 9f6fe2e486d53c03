/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/attachment.h"

#include <stdlib.h>

static bool stays_together(const struct target *a, const struct target *b)
{
	return bdf_same_slot(a->bdf, b->bdf) && !b->function->is_virtual_function;
}

/* A slot without function 0 has nothing at all (PCI Local Bus 3.0, 3.2.2.3.4): where that
 * one stays here, the first that goes takes its place, and the others move up. */
static void add_function(struct attached_slot *slot, const struct target *target)
{
	struct attached_function *function = array_add(slot->functions, slot->n);
	bool is_numbered = slot->functions[0].target
				   ? slot->functions[0].target->bdf.function == 0
				   : target->bdf.function == 0;

	function->target = target;
	function->number = is_numbered ? target->bdf.function : (unsigned)(slot->n - 1);
}

void attachment_make(const struct plan *plan, struct attachment *ret)
{
	struct attachment attachment = { 0 };
	const struct target *last = NULL;

	for (size_t i = 0; i < plan->n_targets; i++) {
		const struct target *target = &plan->targets[i];

		if (!target->function)
			continue;
		if (!last || !stays_together(last, target))
			(void)array_add(attachment.slots, attachment.n);
		add_function(&attachment.slots[attachment.n - 1], target);
		last = target;
	}
	*ret = attachment;
}

void attachment_free(struct attachment *attachment)
{
	for (size_t i = 0; i < attachment->n; i++)
		free(attachment->slots[i].functions);
	free(attachment->slots);
	*attachment = (struct attachment){ 0 };
}
