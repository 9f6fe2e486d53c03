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

/* One screen is enough; without any, one connector that says so. */
static void mark(struct functions *functions, const char *target, enum tristate status)
{
	cleanup_bdfs struct bdfs bdfs = bdfs_in_path(target);
	const struct function *found =
		bdfs.n ? functions_at(functions, bdfs.v[bdfs.n - 1]) : NULL;
	struct function *function = found ? &functions->v[found - functions->v] : NULL;

	if (function && status > function->has_connected_output)
		function->has_connected_output = status;
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
		cleanup_free char *target = NULL;

		/* 'card0' is the card, 'card0-HDMI-A-1' a connector of it. */
		if (strncmp(names.v[i], "card", 4) == 0 && strchr(names.v[i], '-') &&
		    tree_readlink(tree, &target, SYSFS_DRM "/%s", names.v[i]) == 0)
			mark(functions, target, read_status(tree, names.v[i]));
	}
}
