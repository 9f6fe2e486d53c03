/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/view.h"

#include "plan/modules.h"

#include <stdio.h>

bool kernel_is_before(const struct kernel *kernel, unsigned major, unsigned minor)
{
	unsigned its_major, its_minor;

	if (sscanf(kernel->release, "%u.%u", &its_major, &its_minor) != 2)
		return false;
	return its_major != major ? its_major < major : its_minor < minor;
}

char *driver_option(const struct view *view, const char *parameter)
{
	cleanup_free char *name = xasprintf("%s.%s", view->plan->driver, parameter);
	cleanup_free char *module = driver_module(view->plan);
	const char *value = cmdline_value(&view->present, name);
	const struct setting *line;

	return value ? xstrdup(value)
		     : settings_option(&view->plan->system->settings, module, parameter,
				       &line);
}
