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

bool use_is_guess(const struct view *view, const char *use)
{
	return view->machine->root_guess && strcmp(use, "/") == 0;
}

/* The storage uses that are certain, or those that are a guess; NULL where there is none.
 * The caller frees it. */
static char *list_storage(const struct view *view, const struct target *target,
			  bool is_guess)
{
	const struct strings *all = &target->function->uses;
	cleanup_strings struct strings uses = { 0 };

	for (size_t i = 0; i < all->n; i++)
		if (is_storage(all->v[i]) && use_is_guess(view, all->v[i]) == is_guess)
			strings_take(&uses, xasprintf("'%s'", all->v[i]));
	return uses.n ? strings_join(&uses, ", ") : NULL;
}

bool root_storage_is_guess(const struct view *view, const struct target *target)
{
	cleanup_free char *certain = list_storage(view, target, false);

	return !certain;
}

char *root_storage(const struct view *view, const struct target *target)
{
	cleanup_free char *certain = list_storage(view, target, false);
	cleanup_free char *guess = list_storage(view, target, true);
	struct bdf_text place = bdf_text(target->bdf);

	if (certain && guess)
		return xasprintf("%s carries %s, and may carry %s", place.s, certain,
				 guess);
	if (certain)
		return xasprintf("%s carries %s", place.s, certain);
	return guess ? xasprintf("%s may carry %s", place.s, guess) : NULL;
}

/* Whether the system itself stands there, or on it; else it is the administrator's own,
 * which can be unmounted. */
static bool is_of_system(const char *use)
{
	static const char *const folders[] = { "/boot", "/efi",	 "/etc",     "/home",
					       "/nix",	"/root", "/sysroot", "/tmp",
					       "/usr",	"/var" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t n = strlen(folders[i]);

		if (strncmp(use, folders[i], n) == 0 && (!use[n] || use[n] == '/'))
			return true;
	}
	return strcmp(use, "/") == 0 || strcmp(use, "swap") == 0;
}

char *list_own_mounts(const struct target *target)
{
	const struct strings *all = &target->function->uses;
	cleanup_strings struct strings mounts = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		if (!is_storage(all->v[i]))
			continue;
		if (is_of_system(all->v[i]))
			return NULL;
		strings_take(&mounts, xasprintf("'%s'", all->v[i]));
	}
	return mounts.n ? strings_join(&mounts, ", ") : NULL;
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
