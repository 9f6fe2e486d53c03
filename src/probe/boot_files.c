/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot_files.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMPONENTS_MAX = 4 };

const char *const boot_folders[] = { "/boot", "/efi", "/boot/efi", NULL };

int boot_text(const struct root *root, const char *path, char **ret, size_t *ret_size)
{
	return root_read(root, path, BOOT_TEXT_MAX, ret, ret_size);
}

char *boot_package(const struct root *root, const char *release)
{
	cleanup_free char *path = xasprintf("/usr/lib/modules/%s/pkgbase", release);
	cleanup_free char *package = NULL;
	size_t n;

	if (boot_text(root, path, &package, &n))
		return NULL;
	package[strcspn(package, " \t\r\n")] = '\0';
	return *package ? steal_ptr(package) : NULL;
}

FILE *boot_open_file(const struct root *root, const char *path, uint64_t *ret_size,
		     int64_t *ret_modified, int *ret_error)
{
	struct stat status;
	cleanup_fd int fd = root_open_regular(root, path, &status);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file) {
		*ret_error = fd < 0 ? fd : -errno;
		return NULL;
	}
	steal_fd(&fd);
	*ret_size = (uint64_t)status.st_size;
	if (*ret_modified < status.st_mtime)
		*ret_modified = status.st_mtime;
	return file;
}

FILE *boot_open_uki(const struct root *root, const char *path, struct uki *ret,
		    int64_t *ret_modified, int *ret_error)
{
	uint64_t size = 0;
	FILE *file = boot_open_file(root, path, &size, ret_modified, ret_error);
	int r = !file ? 0 : size ? uki_read(file, ret) : -ENODATA;

	if (r == 0)
		return file;
	fclose(file);
	*ret_error = r;
	return NULL;
}

static bool is_beneath(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* Behind the first component; NULL where that is the last. */
static const char *without_first(const char *path)
{
	return strchr(path + strspn(path, "/"), '/');
}

char *boot_find(const struct root *root, const char *mount, const char *path)
{
	const char *const tops[] = { mount ? mount : "", "", "/boot" };
	const char *rest = path;

	for (int i = 0; rest && i < COMPONENTS_MAX; i++, rest = without_first(rest))
		for (size_t k = 0; k < sizeof tops / sizeof *tops; k++) {
			char *full =
				xasprintf("%s/%s", tops[k], rest + strspn(rest, "/"));

			if (root_exists(root, full))
				return full;
			free(full);
		}
	path += strspn(path, "/");
	if (mount)
		return xasprintf("%s/%s", mount, path);
	return xasprintf("%s/%s", is_beneath(path, "boot") ? "" : "/boot", path);
}

/* /efi may be a link to /boot, or a second mount of it. */
static bool is_new(const struct root *root, const char *path, struct stat *seen,
		   size_t *n_seen)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH, 0);

	if (fd < 0 || fstat(fd, &seen[*n_seen]) < 0)
		return false;
	for (size_t i = 0; i < *n_seen; i++)
		if (seen[i].st_dev == seen[*n_seen].st_dev &&
		    seen[i].st_ino == seen[*n_seen].st_ino)
			return false;
	++*n_seen;
	return true;
}

void boot_list_folders(const struct root *root, const char *name, struct strings *ret,
		       int *ret_error)
{
	struct stat seen[4];
	size_t n_seen = 0;

	for (const char *const *folder = boot_folders; *folder; folder++) {
		cleanup_free char *path = xasprintf("%s/%s", *folder, name);
		cleanup_fd int fd = root_openat(root, path, O_PATH, 0);

		if (fd < 0 && fd != -ENOENT && fd != -ENOTDIR)
			*ret_error = fd;
		if (fd >= 0 && is_new(root, path, seen, &n_seen))
			strings_add(ret, *folder);
	}
}

char *boot_efi_variable(const struct root *root, const char *name)
{
	cleanup_free char *path = xasprintf(
		"/sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
		name);
	cleanup_free char *bytes = NULL;
	char *value;
	size_t n, length = 0;

	if (root_read(root, path, 4096, &bytes, &n) || n < 6)
		return NULL;
	value = xcalloc(n, 1);
	for (size_t i = 4; i + 1 < n && bytes[i]; i += 2)
		value[length++] = bytes[i];
	return value;
}
