/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/files.h"

#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A path with one leading '/'. The caller frees it. */
static char *absolute(const char *path)
{
	return xasprintf("/%s", path + strspn(path, "/"));
}

static int read_mode(const struct root *root, const char *path, mode_t *ret)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH, 0);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	*ret = status.st_mode & 07777;
	return 0;
}

static const char *reason(int error)
{
	switch (error) {
	case -EISDIR:
		return "it is a folder (expected a file)";
	case -EINVAL:
		return "it is no regular file";
	case -EFBIG:
		return "it is larger than 1 MiB";
	default:
		return strerror(-error);
	}
}

static void read_file(const struct root *root, const char *path, struct system *system,
		      struct findings *findings)
{
	struct file file = { 0 };
	int error = root_read(root, path, FILES_SIZE_MAX, &file.bytes, &file.size);

	if (!error)
		error = read_mode(root, path, &file.mode);
	if (error && error != -ENOENT) {
		findings_add(findings, SEVERITY_ERROR, "unreadable-file", path,
			     "cannot read '%s': %s", path, reason(error));
		free(file.bytes);
		return;
	}
	file.path = xstrdup(path);
	file.exists = !error;
	if (error) {
		/* It may have vanished between the two. */
		free(file.bytes);
		file.bytes = NULL;
		file.size = 0;
	}
	*array_add(system->files, system->n_files) = file;
}

/* The files of a folder that a pattern such as '/etc/default/grub.d/<any>.cfg' names. */
static void add_matches(const struct root *root, const char *pattern,
			struct strings *paths)
{
	const char *name = strrchr(pattern, '/') + 1;
	cleanup_free char *folder = xstrndup(pattern, (size_t)(name - pattern));
	cleanup_strings struct strings names = { 0 };

	root_list(root, folder, &names);
	for (size_t i = 0; i < names.n; i++)
		if (fnmatch(name, names.v[i], FNM_PERIOD) == 0)
			strings_take(paths, xasprintf("%s%s", folder, names.v[i]));
}

void probe_files(const struct root *root, const char *const *paths, size_t n_paths,
		 struct system *system, struct findings *findings)
{
	cleanup_strings struct strings sorted = { 0 };

	for (size_t i = 0; i < n_paths; i++) {
		cleanup_free char *path = absolute(paths[i]);

		if (strchr(path, '*'))
			add_matches(root, path, &sorted);
		else
			strings_add(&sorted, path);
	}
	strings_sort(&sorted);
	for (size_t i = 0; i < sorted.n; i++)
		read_file(root, sorted.v[i], system, findings);
}
