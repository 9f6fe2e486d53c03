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
	if (function->has_connected_output != YES || view->keeps_screen)
		return NULL;
	return xasprintf(
		view->n_connected == 1
			? "%s drives the only connected screen"
			: "%s drives a screen, and no screen stays on another display",
		bdf_text(function->bdf).s);
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

/* What a card has beside its display, and several of one kind, nobody is surprised by. */
static bool is_expected_beside(const struct function *named, uint32_t class)
{
	static const uint32_t beside_display[] = { 0x0300, 0x0302, 0x0380,
						   0x0403, 0x0c03, 0x0c80 };

	if (class == named->class >> 8)
		return true;
	for (size_t i = 0; i < sizeof beside_display / sizeof *beside_display; i++)
		if (function_is_display(named) && class == beside_display[i])
			return true;
	return false;
}

char *slot_companion(const struct view *view, const struct target *target)
{
	const struct function *named = target->companion_of;

	if (!named || is_expected_beside(named, target->function->class >> 8))
		return NULL;
	return xasprintf(
		"%s ('%s') is in the slot of %s and is taken from the host with it",
		bdf_text(target->bdf).s, target->function->description,
		bdf_text(named->bdf).s);
}

char *default_network(const struct view *view, const struct target *target)
{
	if (!strings_has(&target->function->uses, "default route"))
		return NULL;
	return xasprintf("%s is this machine's way to the network: its default route",
			 bdf_text(target->bdf).s);
}
