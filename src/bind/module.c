/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bind/module.h"

#include "base/memory.h"
#include "bind/child.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* By its path: BusyBox has a modprobe of its own, which does not know the dash in
 * 'vfio-pci.ids=' and would load the driver without them. */
static char *find_modprobe(const char *root)
{
	static const char *const folders[] = { "/sbin", "/usr/sbin", "/usr/bin" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		cleanup_free char *path = xasprintf("%s%s/modprobe", root, folders[i]);

		if (access(path, X_OK) == 0)
			return steal_ptr(path);
	}
	return NULL;
}

int module_load(const char *root, const char *name, long limit)
{
	cleanup_free char *modprobe = find_modprobe(root);

	if (!modprobe)
		return -ENOENT;
	return child_run((const char *[]){ modprobe, name, NULL }, limit);
}

int module_load_matching(const char *root, const char *name, long limit)
{
	cleanup_free char *modprobe = find_modprobe(root);

	if (!modprobe)
		return -ENOENT;
	return child_run((const char *[]){ modprobe, "-b", name, NULL }, limit);
}

struct strings module_drivers(const char *root, const char *name)
{
	static const char prefix[] = "pci:";
	cleanup_free char *path = xasprintf("%s/sys/module/%s/drivers", root, name);
	struct strings drivers = { 0 };
	struct dirent *entry;
	DIR *folder = opendir(path);

	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			strings_add(&drivers, entry->d_name + strlen(prefix));
	if (folder)
		closedir(folder);
	strings_sort(&drivers);
	return drivers;
}
