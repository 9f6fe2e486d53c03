/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host would lose with a target. */
#include "plan/view.h"

#include <string.h>

char *boot_display(const struct view *view, const struct target *target)
{
	const struct function *function = target->function;

	if (function->is_boot_display == YES)
		return xasprintf(
			"%s is the boot display: the screen stays dark once the driver has it",
			bdf_text(function->bdf).s);
	if (function->has_connected_output == YES && view->n_connected == 1)
		return xasprintf("%s drives the only connected screen",
				 bdf_text(function->bdf).s);
	return NULL;
}

static bool is_storage(const char *use)
{
	return use[0] == '/' || strcmp(use, "swap") == 0;
}

char *root_storage(const struct view *view, const struct target *target)
{
	const struct strings *all = &target->function->uses;
	cleanup_strings struct strings uses = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (is_storage(all->v[i]))
			strings_take(&uses, xasprintf("'%s'", all->v[i]));
	if (!uses.n)
		return NULL;
	list = strings_join(&uses, ", ");
	return xasprintf("%s carries %s", bdf_text(target->bdf).s, list);
}

char *default_network(const struct view *view, const struct target *target)
{
	if (!strings_has(&target->function->uses, "default route"))
		return NULL;
	return xasprintf("%s is this machine's way to the network: its default route",
			 bdf_text(target->bdf).s);
}
