/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/write.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { WHOLE_MAX = 64 * 1024 * 1024, XATTR_MAX = 64 * 1024 };

int write_steps_left = -1;
enum write_stop write_stop = WRITE_STOP_FAIL;

static int step(void)
{
	if (write_steps_left < 0)
		return 0;
	if (write_steps_left > 0) {
		write_steps_left--;
		return 0;
	}
	if (write_stop == WRITE_STOP_EXIT)
		_exit(99);
	if (write_stop == WRITE_STOP_FAIL)
		write_steps_left = -1;
	return -ENOSPC;
}

/* The directory that holds `path`, for reading; *ret_name points into `path`. */
static int open_parent(const struct root *root, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *parent = slash && slash > path
					    ? xstrndup(path, (size_t)(slash - path))
					    : xstrdup("/");

	*ret_name = slash ? slash + 1 : path;
	return root_openat(root, parent, O_RDONLY | O_DIRECTORY, 0);
}

int write_bytes(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t written = write(fd, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

/* What the file system cannot hold (FAT has neither owners nor labels) is left out. */
static int tolerate(int r)
{
	return r < 0 && errno != EPERM && errno != ENOTSUP && errno != EINVAL ? -errno
									      : 0;
}

static int copy_xattr(int from, int to, const char *name)
{
	cleanup_free char *value = xcalloc(1, XATTR_MAX);
	ssize_t n = fgetxattr(from, name, value, XATTR_MAX);

	return n < 0 ? 0 : tolerate(fsetxattr(to, name, value, (size_t)n, 0));
}

static int copy_owner(const struct root *root, const char *like, int to)
{
	cleanup_fd int from =
		root_openat(root, like, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0);
	cleanup_free char *names = xcalloc(1, XATTR_MAX);
	struct stat status;
	ssize_t n;
	int r;

	if (from < 0)
		return from == -ENOENT ? 0 : from;
	if (fstat(from, &status) < 0)
		return -errno;
	r = tolerate(fchown(to, status.st_uid, status.st_gid));
	n = flistxattr(from, names, XATTR_MAX);
	for (const char *name = names; r == 0 && n > 0 && name < names + n;
	     name += strlen(name) + 1)
		r = copy_xattr(from, to, name);
	return r;
}

static int sync_fd(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

static int fill(const struct root *root, int fd, const char *bytes, size_t n, mode_t mode,
		const char *like)
{
	int r = write_bytes(fd, bytes, n);

	if (r == 0 && like)
		r = copy_owner(root, like, fd);
	if (r == 0)
		r = tolerate(fchmod(fd, mode));
	return r == 0 ? sync_fd(fd) : r;
}

int write_new(const struct root *root, const char *path, const char *bytes, size_t n,
	      mode_t mode, const char *like)
{
	const char *name;
	cleanup_fd int parent = open_parent(root, path, &name);
	cleanup_fd int fd = -1;
	int r = step();

	if (r < 0 || parent < 0)
		return r < 0 ? r : parent;
	fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -errno;
	r = fill(root, fd, bytes, n, mode, like);
	if (r == 0)
		r = sync_fd(parent);
	if (r < 0)
		unlinkat(parent, name, 0);
	return r;
}

static int copy_whole(const struct root *root, const char *from, const char *to)
{
	cleanup_free char *bytes = NULL;
	struct stat status;
	size_t n;
	int r = root_stat(root, from, &status);

	if (r == 0)
		r = root_read(root, from, WHOLE_MAX, &bytes, &n);
	if (r == 0)
		r = write_new(root, to, bytes, n, status.st_mode & 07777, from);
	return r;
}

int write_link(const struct root *root, const char *from, const char *to)
{
	const char *old, *new;
	cleanup_fd int from_parent = open_parent(root, from, &old);
	cleanup_fd int to_parent = open_parent(root, to, &new);
	int r = step();

	if (r < 0)
		return r;
	if (from_parent < 0 || to_parent < 0)
		return from_parent < 0 ? from_parent : to_parent;
	if (linkat(from_parent, old, to_parent, new, 0) == 0)
		return sync_fd(to_parent);
	if (errno != EPERM && errno != ENOTSUP && errno != EMLINK && errno != EXDEV)
		return -errno;
	return copy_whole(root, from, to);
}

int write_rename(const struct root *root, const char *from, const char *to)
{
	const char *old, *new;
	cleanup_fd int from_parent = open_parent(root, from, &old);
	cleanup_fd int to_parent = open_parent(root, to, &new);
	int r = step();

	if (r < 0)
		return r;
	if (from_parent < 0 || to_parent < 0)
		return from_parent < 0 ? from_parent : to_parent;
	if (renameat(from_parent, old, to_parent, new) < 0)
		return -errno;
	return sync_fd(to_parent);
}

/* A read-only file system is not asked whether it has what is to be removed. */
static bool is_absent(int parent, const char *name)
{
	return faccessat(parent, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

static int remove_name(const struct root *root, const char *path, int flags)
{
	const char *name;
	cleanup_fd int parent = open_parent(root, path, &name);
	int r = step();

	if (r < 0)
		return r;
	if (parent < 0)
		return parent;
	if (unlinkat(parent, name, flags) < 0)
		return errno == EROFS && is_absent(parent, name) ? -ENOENT : -errno;
	return sync_fd(parent);
}

int write_unlink(const struct root *root, const char *path)
{
	int r = remove_name(root, path, 0);

	return r == -ENOENT ? 0 : r;
}

int write_rmdir(const struct root *root, const char *path)
{
	int r = remove_name(root, path, AT_REMOVEDIR);

	return r == -ENOENT || r == -ENOTEMPTY || r == -EEXIST ? 0 : r;
}

static int make_directory(const struct root *root, const char *path)
{
	const char *name;
	cleanup_fd int parent = open_parent(root, path, &name);
	int r = step();

	if (r < 0 || parent < 0)
		return r < 0 ? r : parent;
	if (mkdirat(parent, name, 0755) < 0)
		return -errno;
	/* The umask must not make a directory that the distribution's tools cannot enter.
	 */
	if (fchmodat(parent, name, 0755, 0) < 0)
		return -errno;
	return sync_fd(parent);
}

int write_missing_dirs(const struct root *root, const char *path, struct strings *ret)
{
	for (const char *end = path; *end;) {
		cleanup_free char *part = NULL;
		int fd;

		end += strspn(end, "/");
		end += strcspn(end, "/");
		part = xstrndup(path, (size_t)(end - path));
		fd = root_openat(root, part, O_PATH | O_DIRECTORY, 0);
		if (fd >= 0)
			close(fd);
		else if (fd != -ENOENT)
			return fd;
		else if (!strings_has(ret, part))
			strings_add(ret, part);
	}
	return 0;
}

int write_mkdir(const struct root *root, const char *path)
{
	int r = make_directory(root, path);

	return r == -EEXIST ? 0 : r;
}

int write_mkdirs(const struct root *root, const char *path)
{
	cleanup_strings struct strings missing = { 0 };
	int r = write_missing_dirs(root, path, &missing);

	for (size_t i = 0; i < missing.n && r == 0; i++)
		r = write_mkdir(root, missing.v[i]);
	return r;
}
