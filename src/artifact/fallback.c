/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "artifact/rendering.h"

#include <string.h>

static bool has_path(const struct artifacts *artifacts, const char *part)
{
	for (size_t i = 0; i < artifacts->n; i++)
		if (strstr(artifacts->v[i].path, part))
			return true;
	return false;
}

const char *artifacts_fallback(const struct plan *plan, const struct artifacts *artifacts)
{
	if (has_path(artifacts, GRUB_FALLBACK_PATH))
		return "the submenu 'Linux " FALLBACK_TITLE "'";
	if (has_path(artifacts, FALLBACK_ENTRY_MARK) ||
	    has_path(artifacts, INSTALL_PLUGIN_PATH))
		return "an entry that ends in '(" FALLBACK_TITLE ")'";
	if (plan->uses_bootloader[BOOTLOADER_OSTREE])
		return "the deployment before, which keeps its own arguments";
	return NULL;
}
