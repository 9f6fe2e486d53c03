/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/functions.h"
#include "probe/topology.h"

#include <string.h>

#define SYSFS_DRM "sys/class/drm"

/* 'connected', 'disconnected' or 'unknown' (drivers/gpu/drm/drm_sysfs.c, status_show). */
static enum tristate read_status(const struct tree *tree, const char *connector)
{
	cleanup_free char *status = NULL;

	if (tree_attribute(tree, &status, SYSFS_DRM "/%s/status", connector) < 0)
		return UNKNOWN;
	if (strcmp(status, "connected") == 0)
		return YES;
	return strcmp(status, "disconnected") == 0 ? NO : UNKNOWN;
}

/* What stands at 'card0' is a card, at 'card0-HDMI-A-1' a connector of it. NULL where it
 * is not on PCI. */
static struct function *function_of(const struct tree *tree, struct functions *functions,
				    const char *name)
{
	cleanup_free char *target = NULL;
	cleanup_bdfs struct bdfs bdfs = { 0 };
	const struct function *found;

	if (tree_readlink(tree, &target, SYSFS_DRM "/%s", name) < 0)
		return NULL;
	bdfs = bdfs_in_path(target);
	found = bdfs.n ? functions_at(functions, bdfs.v[bdfs.n - 1]) : NULL;
	return found ? &functions->v[found - functions->v] : NULL;
}

/* One screen is enough; without any, one connector that says so. */
static void mark_output(struct function *function, enum tristate status)
{
	if (status > function->has_connected_output)
		function->has_connected_output = status;
}

/* Of kernels since late 2025, and only where it is 1
 * (Documentation/ABI/testing/sysfs-class-drm): 'boot_vga' is of VGA
 * functions alone, and many a new display is none. */
static void mark_card(const struct tree *tree, struct function *function,
		      const char *name)
{
	cleanup_free char *text = NULL;

	if (tree_attribute(tree, &text, SYSFS_DRM "/%s/boot_display", name) == 0 &&
	    strcmp(text, "1") == 0)
		function->is_boot_display = YES;
}

void functions_read_outputs(const struct tree *tree, struct functions *functions)
{
	cleanup_strings struct strings names = { 0 };

	for (size_t i = 0; i < functions->n; i++)
		if (!function_is_display(&functions->v[i]))
			functions->v[i].has_connected_output = NO;
	if (tree_list(tree, &names, SYSFS_DRM) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];
		struct function *function = strncmp(name, "card", 4) == 0
						    ? function_of(tree, functions, name)
						    : NULL;

		if (function && strchr(name, '-'))
			mark_output(function, read_status(tree, name));
		else if (function)
			mark_card(tree, function, name);
	}
}
