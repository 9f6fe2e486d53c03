/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "probe/detect.h"
#include "probe/files.h"
#include "probe/kernels.h"
#include "probe/probe.h"
#include "probe/settings.h"

#include <fcntl.h>
#include <unistd.h>

int probe_system(const struct root *root, const struct machine *machine,
		 const char *driver, const char *const *paths, size_t n_paths,
		 struct system *ret, struct findings *findings)
{
	/* Opened to see whether it can be looked at; all that is missing beneath it is a
	 * fact, and no failure. */
	cleanup_fd int fd = root_openat(root, ".", O_RDONLY | O_DIRECTORY, 0);
	struct system system = { 0 };

	if (fd < 0)
		return fd;
	system.root = xstrdup(root->path);
	probe_kernels(root, machine, driver, &system, findings);
	probe_overrides(root, &system, findings);
	probe_boot_chain(root, &system, findings);
	system.has_early_binder = root_exists(root, EARLY_PROGRAM);
	probe_files(root, paths, n_paths, &system, findings);
	*ret = system;
	return 0;
}
