/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What guides of old left in dracut's configuration, and breaks ours: dracut-install ends
 * at the first module that a kernel does not have, and dracut goes on without those that
 * all files together name behind it (dracut-init.sh, instmods).
 */
#include "probe/detect.h"

#include "base/cmdline.h"
#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

#define FOLDER "etc/dracut.conf.d"

static const char gone[] = "vfio_virqfd"; /* a part of vfio since 6.2 */

static const char *kernel_without(const struct system *system)
{
	for (size_t i = 0; i < system->n_kernels; i++)
		if (kernel_module_state(&system->kernels[i], gone) == MODULE_MISSING)
			return system->kernels[i].release;
	return NULL;
}

static bool forces_it(const char *line)
{
	static const char name[] = "force_drivers";
	cleanup_strings struct strings words = { 0 };

	line += strspn(line, " \t");
	if (strncmp(line, name, sizeof name - 1) != 0)
		return false;
	line += sizeof name - 1;
	line += *line == '+';
	if (*line != '=')
		return false;
	strings_split(&words, line + 1, " \t\"'");
	return cmdline_has_name(&words, gone);
}

static void read_conf(const struct root *root, const char *path, const char *release,
		      struct findings *findings)
{
	cleanup_free char *text = detect_text(root, path);
	char *rest = text, *line;

	for (unsigned number = 1; (line = strsep(&rest, "\n")); number++) {
		cleanup_free char *where = xasprintf("/%s:%u", path, number);

		if (!forces_it(line))
			continue;
		finding_remedy(
			findings_add(
				findings, SEVERITY_WARNING, "dracut-missing-module",
				where,
				"kernel '%s' has no '%s', and dracut leaves out every module that 'force_drivers' names behind it",
				release, gone),
			"remove '%s' from this line, or the line", gone);
	}
}

void detect_dracut_drivers(const struct root *root, const struct system *system,
			   struct findings *findings)
{
	cleanup_strings struct strings names = { 0 };
	const char *release = kernel_without(system);

	if (!release)
		return;
	read_conf(root, "etc/dracut.conf", release, findings);
	root_list(root, FOLDER, &names);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = xasprintf(FOLDER "/%s", names.v[i]);

		if (text_ends_with(names.v[i], ".conf"))
			read_conf(root, path, release, findings);
	}
}
