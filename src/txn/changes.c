/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/transaction.h"

#include <stdlib.h>

const char *action_name(enum action action)
{
	static const char *const names[] = {
		[ACTION_CREATE] = "create",
		[ACTION_UPDATE] = "update",
		[ACTION_UNCHANGED] = "unchanged",
		[ACTION_REMOVE] = "remove",
	};

	return names[action];
}

bool changes_change_anything(const struct changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].action != ACTION_UNCHANGED)
			return true;
	return false;
}

void change_free(struct change *change)
{
	free(change->path);
	free(change->target);
	free(change->before);
	free(change->after);
	free(change->original);
}

void changes_free(struct changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		change_free(&changes->v[i]);
	free(changes->v);
	*changes = (struct changes){ 0 };
}
