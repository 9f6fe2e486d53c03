/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/write.h"

#include "sys/write_fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { LINKS_MAX = 40, /* as the kernel */ XATTR_MAX = 65536 };

struct write_fault write_fault;

/* Every function that changes something begins here. */
static int begin_write(void)
{
	if (!write_fault.at || --write_fault.at)
		return 0;
	if (!write_fault.error)
		_exit(WRITE_FAULT_STATUS);
	return -write_fault.error;
}

/* Divides a path into its folder and its name. -EISDIR where it has no name. */
static int divide(const char *path, char **ret_folder, char **ret_name)
{
	size_t n = strlen(path), begin;

	while (n && path[n - 1] == '/')
		n--;
	begin = n;
	while (begin && path[begin - 1] != '/')
		begin--;
	if (begin == n || (n - begin <= 2 && strspn(path + begin, ".") >= n - begin))
		return -EISDIR;
	*ret_folder = begin ? xstrndup(path, begin) : xstrdup("/");
	*ret_name = xstrndup(path + begin, n - begin);
	return 0;
}

/* The text of the link `name`, or NULL in *ret where it is none. */
static int read_link(int folder, const char *name, char **ret)
{
	char text[4096];
	ssize_t n = readlinkat(folder, name, text, sizeof text);

	*ret = NULL;
	if (n < 0)
		return errno == EINVAL || errno == ENOENT ? 0 : -errno;
	if (n == sizeof text)
		return -ENAMETOOLONG;
	*ret = xstrndup(text, (size_t)n);
	return 0;
}

int place_open(const struct root *root, const char *path, struct place *ret)
{
	cleanup_free char *at = xstrdup(path);

	for (int links = 0; links <= LINKS_MAX; links++) {
		cleanup_free char *folder = NULL, *name = NULL, *target = NULL;
		cleanup_fd int fd = -1;
		int error = divide(at, &folder, &name);

		if (error)
			return error;
		fd = root_openat(root, folder, O_RDONLY | O_DIRECTORY, 0);
		if (fd < 0)
			return fd;
		error = read_link(fd, name, &target);
		if (error)
			return error;
		if (!target) {
			*ret = (struct place){ steal_fd(&fd), steal_ptr(name) };
			return 0;
		}
		/* An absolute one begins at the root; others where the link stands. */
		free(at);
		at = *target == '/' ? xstrdup(target)
				    : xasprintf("%s/%s", folder, target);
	}
	return -ELOOP;
}

void place_close(struct place *place)
{
	if (!place->name) /* never opened: the descriptor 0 is somebody else's */
		return;
	close(place->folder);
	free(place->name);
	*place = (struct place){ .folder = -1 };
}

int place_stat(const struct place *place, const char *name, struct stat *ret)
{
	return fstatat(place->folder, name, ret, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int write_all(int fd, const char *bytes, size_t n)
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

/* Hashes and signatures of the old content must not be on the new one. */
static bool is_of_content(const char *attribute)
{
	return strcmp(attribute, "security.ima") == 0 ||
	       strcmp(attribute, "security.evm") == 0;
}

static int copy_attribute(int from, int to, const char *name)
{
	cleanup_free char *value = xcalloc(XATTR_MAX, 1);
	ssize_t n = fgetxattr(from, name, value, XATTR_MAX);

	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	if (fsetxattr(to, name, value, (size_t)n, 0) == 0)
		return 0;
	/* Another file system, or one who may not label files: then the file gets the
	 * label that new files get. */
	return errno == EOPNOTSUPP || errno == EPERM || errno == EACCES ? 0 : -errno;
}

static int copy_attributes(int from, int to)
{
	cleanup_free char *names = xcalloc(XATTR_MAX, 1);
	ssize_t n = flistxattr(from, names, XATTR_MAX);

	if (n < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		int error = is_of_content(name) ? 0 : copy_attribute(from, to, name);

		if (error)
			return error;
	}
	return 0;
}

static int copy_owner(const struct stat *from, int to)
{
	struct stat status;

	if (fstat(to, &status) < 0)
		return -errno;
	if (status.st_uid == from->st_uid && status.st_gid == from->st_gid)
		return 0;
	return fchown(to, from->st_uid, from->st_gid) < 0 ? -errno : 0;
}

static int fill(int fd, const struct content *content)
{
	int error = write_all(fd, content->bytes, content->n);
	struct stat like;

	if (!error && content->like >= 0) {
		if (fstat(content->like, &like) < 0)
			return -errno;
		error = copy_owner(&like, fd);
		if (!error)
			error = copy_attributes(content->like, fd);
	}
	/* Last, because chown() takes bits away and an ACL sets them. */
	if (!error && fchmod(fd, content->mode) < 0)
		return -errno;
	if (!error && content->like >= 0 && content->keeps_time &&
	    futimens(fd, (struct timespec[]){ like.st_atim, like.st_mtim }) < 0)
		return -errno;
	if (!error && fsync(fd) < 0)
		return -errno;
	return error;
}

int place_create(const struct place *place, const char *name,
		 const struct content *content)
{
	cleanup_fd int fd = -1;
	int error = begin_write();

	if (error)
		return error;
	fd = openat(place->folder, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	return fill(fd, content);
}

int place_link(const struct place *place, const char *from, const char *to)
{
	int error = begin_write();

	if (error)
		return error;
	return linkat(place->folder, from, place->folder, to, 0) < 0 ? -errno : 0;
}

int place_rename(const struct place *place, const char *from, const char *to,
		 enum replace replace)
{
	unsigned flags = replace == REPLACE ? 0 : RENAME_NOREPLACE;
	int error = begin_write();

	if (error)
		return error;
	if (renameat2(place->folder, from, place->folder, to, flags) == 0)
		return 0;
	/* Not every file system knows the flag. */
	if (!flags || errno != EINVAL)
		return -errno;
	if (faccessat(place->folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(place->folder, from, place->folder, to) < 0 ? -errno : 0;
}

int place_unlink(const struct place *place, const char *name)
{
	int error = begin_write();

	if (error)
		return error;
	return unlinkat(place->folder, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int place_sync(const struct place *place)
{
	int error = begin_write();

	if (error)
		return error;
	/* Some file systems have nothing to do for a folder, and say EINVAL. */
	return fsync(place->folder) < 0 && errno != EINVAL ? -errno : 0;
}

int root_make_folder(const struct root *root, const char *path, mode_t mode)
{
	cleanup_place struct place place = { 0 };
	int error = place_open(root, path, &place);

	if (!error)
		error = begin_write();
	if (error)
		return error;
	if (mkdirat(place.folder, place.name, 0700) < 0)
		return -errno;
	/* Not by the umask of whoever calls. */
	if (fchmodat(place.folder, place.name, mode, 0) < 0)
		return -errno;
	return place_sync(&place);
}

int root_remove_folder(const struct root *root, const char *path)
{
	cleanup_place struct place place = { 0 };
	int error = place_open(root, path, &place);

	if (error == -ENOENT)
		return 0;
	if (!error)
		error = begin_write();
	if (error)
		return error;
	if (unlinkat(place.folder, place.name, AT_REMOVEDIR) < 0)
		return errno == ENOENT ? 0 : -errno;
	return place_sync(&place);
}
