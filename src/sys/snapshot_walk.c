/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/snapshot_walk.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Folders, by pattern, and what is taken of each: attributes and links by their names,
 * which may be patterns too; '.' for the folder itself, which tells an empty one from one
 * that is not there; names alone where the content is private or has effects; and of what
 * udev knows of a device only that a ZFS pool has it.
 */
enum taking { TAKE_CONTENT, TAKE_NAMES, TAKE_ZFS };

static const struct rule {
	const char *folder;
	const char *leaves;
	enum taking taking;
} rules[] = {
	{ "dev", ".", TAKE_CONTENT },
	{ "dev/vfio", ". *", TAKE_NAMES },
	{ "dev/vfio/devices", ". *", TAKE_NAMES },
	{ "run/udev/data", "b*", TAKE_ZFS },
	{ "sys/bus/pci/devices", ".", TAKE_CONTENT },
	{ "sys/bus/pci/devices/*",
	  "boot_vga class device driver driver_override enable iommu iommu_group "
	  "max_link_speed physfn power_state removable reset_method resource revision "
	  "secondary_bus_number "
	  "sriov_drivers_autoprobe sriov_numvfs sriov_totalvfs subsystem_device "
	  "subsystem_vendor vendor virtfn*",
	  TAKE_CONTENT },
	{ "sys/bus/pci/devices/*/vfio-dev", "*", TAKE_NAMES },
	{ "sys/bus/pci/drivers/*", "module", TAKE_CONTENT },
	{ "sys/class", ".", TAKE_CONTENT },
	{ "sys/class/block", "*", TAKE_CONTENT },
	{ "sys/class/block/*/dm", "name", TAKE_CONTENT },
	{ "sys/class/block/*/slaves", "*", TAKE_CONTENT },
	{ "sys/class/drm", "card*", TAKE_CONTENT },
	{ "sys/class/drm/card*", "boot_display", TAKE_CONTENT },
	{ "sys/class/drm/card*-*", "status", TAKE_CONTENT },
	{ "sys/class/iommu", ". *", TAKE_CONTENT },
	{ "sys/class/net", "*", TAKE_CONTENT },
	{ "sys/class/net/*", "lower_*", TAKE_CONTENT },
	{ "sys/class/nvme-subsystem/*", "nvme*", TAKE_CONTENT },
	{ "sys/dev/block", "*", TAKE_CONTENT },
	{ "sys/firmware", ".", TAKE_CONTENT },
	{ "sys/firmware/acpi/tables", ". DMAR IVRS IORT VIOT", TAKE_NAMES },
	{ "sys/fs/btrfs/*/devices", "*", TAKE_CONTENT },
	{ "sys/kernel/iommu_groups", ".", TAKE_CONTENT },
	{ "sys/kernel/iommu_groups/*", "name reserved_regions type", TAKE_CONTENT },
	{ "sys/kernel/iommu_groups/*/devices", "*", TAKE_CONTENT },
	{ "sys/module/kvm*", ". initstate", TAKE_CONTENT },
	{ "sys/module/kvm*/parameters", "*", TAKE_CONTENT },
	{ "sys/module/pci_stub", ". initstate", TAKE_CONTENT },
	{ "sys/module/pci_stub/parameters", "*", TAKE_CONTENT },
	{ "sys/module/vfio*", ". initstate", TAKE_CONTENT },
	{ "sys/module/vfio*/parameters", "*", TAKE_CONTENT },
};

struct walk {
	const struct tree *tree;
	struct snapshot_lines *lines;
	const struct rule *rule;
	struct strings leaves;
};

/* 'sys/class/net' and '../../devices/…': textually, as no folder of sysfs is a link. */
static char *resolve(const char *folder, const char *target)
{
	cleanup_free char *text =
		*target == '/' ? xstrdup(target) : xasprintf("%s/%s", folder, target);
	char *path = xcalloc(strlen(text) + 2, 1), *save = NULL;

	for (char *name = strtok_r(text, "/", &save); name;
	     name = strtok_r(NULL, "/", &save)) {
		char *slash = strrchr(path, '/');

		if (strcmp(name, "..") == 0)
			*(slash ? slash : path) = '\0';
		else if (strcmp(name, ".") != 0)
			strcat(strcat(path, *path ? "/" : ""), name);
	}
	return path;
}

/* The names in a folder; one that cannot be listed is recorded so. */
static bool list(const struct walk *walk, const char *folder, struct strings *ret)
{
	int r = tree_list(walk->tree, ret, "%s", folder);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		lines_add_error(walk->lines, folder, -r);
	return r == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Those of the sorted names that match: a search where the pattern is a plain name. */
static struct strings matching(const struct strings *names, const char *pattern)
{
	struct strings matches = { 0 };

	if (!strpbrk(pattern, "*?[")) {
		if (names->n && bsearch(&pattern, names->v, names->n, sizeof *names->v,
					compare_names))
			strings_add(&matches, pattern);
		return matches;
	}
	for (size_t i = 0; i < names->n; i++)
		if (fnmatch(pattern, names->v[i], FNM_PERIOD) == 0)
			strings_add(&matches, names->v[i]);
	return matches;
}

/* Most resources of a function are unset; those at the end say nothing by their place. */
static void cut_unset_resources(char *text)
{
	static const char unset[] =
		"0x0000000000000000 0x0000000000000000 0x0000000000000000";
	char *line;

	while ((line = strrchr(text, '\n')) && strcmp(line + 1, unset) == 0)
		*line = '\0';
}

static void take_content(const struct walk *walk, const char *path)
{
	cleanup_free char *value = NULL;
	int r = tree_readlink(walk->tree, &value, "%s", path);

	if (r == 0) {
		lines_add_link(walk->lines, path, value);
		return;
	}
	r = tree_attribute(walk->tree, &value, "%s", path);
	if (r == 0)
		cut_unset_resources(value);
	if (r == 0 && strchr(value, '\n'))
		lines_add_text(walk->lines, path, value);
	else if (r == 0)
		lines_add_attribute(walk->lines, path, value);
	else if (r != -ENOENT && r != -EISDIR && r != -ENOTDIR)
		lines_add_error(walk->lines, path, -r);
}

/* Reading a device would have effects, and a table is private: their names are enough. */
static void take_name(const struct walk *walk, const char *path)
{
	cleanup_strings struct strings names = { 0 };

	if (!tree_exists(walk->tree, "%s", path))
		return;
	if (tree_list(walk->tree, &names, "%s", path) == 0)
		lines_add_directory(walk->lines, path);
	else
		lines_add_attribute(walk->lines, path, "");
}

static void take_zfs(const struct walk *walk, const char *path)
{
	static const char type[] = "E:ID_FS_TYPE=zfs_member",
			  pool[] = "E:ID_FS_LABEL_ENC=";
	cleanup_free char *text = NULL, *kept = NULL;
	const char *label;
	size_t n;

	if (tree_read(walk->tree, &text, &n, "%s", path) < 0 || !strstr(text, type))
		return;
	label = strstr(text, pool);
	kept = xasprintf("%.*s\n%s", label ? (int)strcspn(label, "\n") : 0,
			 label ? label : "", type);
	lines_add_text(walk->lines, path, kept);
}

/* Each leaf that is there; '.' is the folder itself. */
static void take_leaves(const struct walk *walk, const char *folder)
{
	static void (*const take[])(const struct walk *, const char *) = {
		[TAKE_CONTENT] = take_content,
		[TAKE_NAMES] = take_name,
		[TAKE_ZFS] = take_zfs,
	};
	cleanup_strings struct strings names = { 0 };

	if (!list(walk, folder, &names))
		return;
	for (size_t i = 0; i < walk->leaves.n; i++) {
		cleanup_strings struct strings matches =
			matching(&names, walk->leaves.v[i]);

		if (strcmp(walk->leaves.v[i], ".") == 0)
			lines_add_directory(walk->lines, folder);
		for (size_t n = 0; n < matches.n; n++) {
			cleanup_free char *path =
				xasprintf("%s/%s", folder, matches.v[n]);

			take[walk->rule->taking](walk, path);
		}
	}
}

/* The plain name itself on the way: a folder may be entered that cannot be listed. */
static struct strings matching_in(const struct walk *walk, const char *folder,
				  const char *pattern)
{
	cleanup_strings struct strings names = { 0 };
	struct strings matches = { 0 };

	if (strpbrk(pattern, "*?[")) {
		list(walk, folder, &names);
		return matching(&names, pattern);
	}
	strings_add(&matches, pattern);
	return matches;
}

/* Goes on below `folder` with the rest of the pattern; a link on the way is taken too,
 * and what lies behind it stands under its own path. */
static void walk_down(const struct walk *walk, const char *folder, const char *pattern)
{
	size_t n = strcspn(pattern, "/");
	cleanup_free char *name = xstrndup(pattern, n);
	cleanup_strings struct strings matches = { 0 };

	if (!n) {
		take_leaves(walk, folder);
		return;
	}
	matches = matching_in(walk, folder, name);
	for (size_t i = 0; i < matches.n; i++) {
		cleanup_free char *path =
			xasprintf("%s%s%s", folder, *folder ? "/" : "", matches.v[i]);
		cleanup_free char *target = NULL, *real = NULL;

		if (tree_readlink(walk->tree, &target, "%s", path) == 0) {
			lines_add_link(walk->lines, path, target);
			real = resolve(folder, target);
			if (!*real)
				continue; /* the root is nothing that a rule means */
		}
		walk_down(walk, real ? real : path, pattern + n + (pattern[n] == '/'));
	}
}

void snapshot_walk(const struct tree *tree, const char *top, struct snapshot_lines *lines)
{
	size_t n = strlen(top);

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct walk walk = { tree, lines, &rules[i], { 0 } };

		if (strncmp(rules[i].folder, top, n) != 0 ||
		    (rules[i].folder[n] && rules[i].folder[n] != '/'))
			continue;
		strings_split(&walk.leaves, rules[i].leaves, " ");
		walk_down(&walk, "", rules[i].folder);
		strings_free(&walk.leaves);
	}
}
