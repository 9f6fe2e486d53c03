/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/kernels.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool has_file(const struct root *root, const char *folder, const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", folder, name);
	struct stat status;

	return root_stat(root, path, &status) == 0;
}

static bool has_index(const struct root *root, const char *folder)
{
	/* Packages of kernels bring the first two. depmod writes the third also where
	 * only modules from elsewhere (DKMS) are left of a kernel that was removed. */
	return has_file(root, folder, "modules.order") ||
	       has_file(root, folder, "modules.builtin") ||
	       (has_file(root, folder, "modules.dep.bin") &&
		has_file(root, folder, "kernel"));
}

static bool is_folder(const struct root *root, const char *path)
{
	cleanup_strings struct strings names = { 0 };

	return root_list(root, path, &names) == 0;
}

static void look_at(const struct root *root, const char *parent, const char *release,
		    struct strings *ret, struct findings *findings)
{
	cleanup_free char *folder = xasprintf("%s/%s", parent, release);
	struct finding *finding;

	if (has_index(root, folder)) {
		strings_add(ret, folder);
		return;
	}
	if (!is_folder(root, folder))
		return;
	finding = findings_add(
		findings, SEVERITY_NOTE, "kernel-leftover", folder,
		"'%s' has no module index: '%s' does not count as an installed kernel",
		folder, release);
	finding_remedy(finding, "remove the folder, or install that kernel again");
}

static void list_parent(const struct root *root, const char *parent, struct strings *ret,
			struct findings *findings)
{
	int error = root_list(root, parent, ret);

	if (error && error != -ENOENT && error != -ENOTDIR)
		findings_add(findings, SEVERITY_WARNING, "unreadable-file", parent,
			     "cannot list '%s': %s", parent, strerror(-error));
}

static int compare_releases(const void *a, const void *b)
{
	const char *x = strrchr(*(char *const *)a, '/') + 1;
	const char *y = strrchr(*(char *const *)b, '/') + 1;
	int order = strverscmp(x, y);

	return order ? order : strcmp(x, y);
}

/* The kernel of the generation that boots next, where NixOS has no /lib/modules. */
static void look_in_nix(const struct root *root, struct strings *ret,
			struct findings *findings)
{
	static const char parent[] =
		"/nix/var/nix/profiles/system/kernel-modules/lib/modules";
	cleanup_strings struct strings names = { 0 };

	list_parent(root, parent, &names, findings);
	for (size_t i = 0; i < names.n; i++)
		look_at(root, parent, names.v[i], ret, findings);
}

void kernels_find(const struct root *root, struct strings *ret, struct findings *findings)
{
	/* The second is the first where /lib is a link; kernels that both have are those
	 * of the first, which is where programs look. */
	cleanup_strings struct strings in_lib = { 0 }, in_usr = { 0 };
	struct strings folders = { 0 };
	size_t k = 0;

	list_parent(root, "/lib/modules", &in_lib, findings);
	list_parent(root, "/usr/lib/modules", &in_usr, findings);
	for (size_t i = 0; i < in_lib.n; i++)
		look_at(root, "/lib/modules", in_lib.v[i], &folders, findings);
	for (size_t i = 0; i < in_usr.n; i++) {
		while (k < in_lib.n && strcmp(in_lib.v[k], in_usr.v[i]) < 0)
			k++;
		if (k == in_lib.n || strcmp(in_lib.v[k], in_usr.v[i]) != 0)
			look_at(root, "/usr/lib/modules", in_usr.v[i], &folders,
				findings);
	}
	if (!folders.n)
		look_in_nix(root, &folders, findings);
	if (folders.n)
		qsort(folders.v, folders.n, sizeof *folders.v, compare_releases);
	*ret = folders;
}
