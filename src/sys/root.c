/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/root.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A rename or a mount anywhere, while '..' is walked, makes openat2 give up with EAGAIN
 * (fs/namei.c, handle_dots); the next attempt nearly always gets through. */
enum { ATTEMPTS = 64, PAGE = 4096 };

static const char *relative(const char *path)
{
	path += strspn(path, "/");
	return *path ? path : ".";
}

int root_openat(const struct root *root, const char *path, int flags, mode_t mode)
{
	bool creates = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
	const struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.mode = creates ? mode : 0, /* openat2 refuses one without the other */
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	for (int attempt = 1;; attempt++) {
		long fd =
			syscall(SYS_openat2, root->fd, relative(path), &how, sizeof how);

		if (fd >= 0)
			return (int)fd;
		if (errno != EINTR && (errno != EAGAIN || attempt == ATTEMPTS))
			return -errno;
	}
}

int root_open(const char *path, struct root *ret)
{
	struct root root = { .fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) };
	int fd;

	if (root.fd < 0)
		return -errno;
	/* Ask now, so that a kernel without openat2 is told apart from a missing file. */
	fd = root_openat(&root, ".", O_PATH | O_DIRECTORY, 0);
	if (fd < 0) {
		close(root.fd);
		return fd;
	}
	close(fd);
	root.path = xstrdup(path);
	*ret = root;
	return 0;
}

void root_close(struct root *root)
{
	/* A zeroed one, which was never opened, has the descriptor 0 of somebody else. */
	if (root->path && root->fd >= 0)
		close(root->fd);
	free(root->path);
	*root = (struct root){ .fd = -1 };
}

bool root_exists(const struct root *root, const char *path)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH, 0);

	return fd >= 0;
}

int root_open_regular(const struct root *root, const char *path, struct stat *ret)
{
	/* Opening a FIFO would wait for its writer, and a terminal might become ours. */
	cleanup_fd int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	*ret = status;
	return steal_fd(&fd);
}

/* Reads until `room` is full or the file ends; the number of bytes, or -errno. */
static ssize_t fill(int fd, char *bytes, size_t room)
{
	size_t n = 0;

	while (n < room) {
		ssize_t more = read(fd, bytes + n, room - n);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -errno;
		if (more == 0)
			break;
		n += (size_t)more;
	}
	return (ssize_t)n;
}

int root_read(const struct root *root, const char *path, size_t limit, char **ret,
	      size_t *ret_size)
{
	struct stat status = { 0 };
	cleanup_fd int fd = root_open_regular(root, path, &status);
	cleanup_free char *bytes = NULL;
	/* The size is only a hint: procfs says 0, and sysfs a page. */
	size_t n = 0, room = status.st_size > 0 ? (size_t)status.st_size : PAGE;

	if (fd < 0)
		return fd;
	for (;; room *= 2) {
		ssize_t more;

		/* One byte past the limit shows that there is more, one past the file
		 * that there is not; the last one is for the NUL. */
		room = room < limit ? room : limit;
		bytes = xreallocarray(bytes, room + 2, 1);
		more = fill(fd, bytes + n, room + 1 - n);
		if (more < 0)
			return (int)more;
		n += (size_t)more;
		if (n <= room)
			break;
		if (room == limit)
			return -EFBIG;
	}
	bytes[n] = '\0';
	*ret = steal_ptr(bytes);
	*ret_size = n;
	return 0;
}

int root_readlink(const struct root *root, const char *path, char **ret)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH | O_NOFOLLOW, 0);
	char target[PATH_MAX];
	struct stat status;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISLNK(status.st_mode))
		return -EINVAL;
	n = readlinkat(fd, "", target, sizeof target);
	if (n < 0)
		return -errno;
	*ret = xstrndup(target, (size_t)n);
	return 0;
}

int root_list(const struct root *root, const char *path, struct strings *ret)
{
	cleanup_fd int fd = root_openat(root, path, O_RDONLY | O_DIRECTORY, 0);
	cleanup_strings struct strings names = { 0 };
	const struct dirent *entry;
	DIR *directory;
	int error;

	if (fd < 0)
		return fd;
	directory = fdopendir(fd);
	if (!directory)
		return -errno;
	steal_fd(&fd);
	while ((errno = 0, entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strings_add(&names, entry->d_name);
	error = errno;
	closedir(directory);
	if (error)
		return -error;
	strings_sort(&names);
	*ret = names;
	names = (struct strings){ 0 };
	return 0;
}

int root_stat(const struct root *root, const char *path, struct stat *ret)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH | O_NOFOLLOW, 0);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	*ret = status;
	return 0;
}

int root_path(const struct root *root, const char *path, char **ret, int *ret_fd)
{
	int fd = root_openat(root, path, O_PATH, 0);

	if (fd < 0)
		return fd;
	*ret = xasprintf("/proc/self/fd/%d", fd);
	*ret_fd = fd;
	return 0;
}

char *root_where(const struct root *root, const char *path)
{
	size_t n = strlen(root->path);

	while (n && root->path[n - 1] == '/')
		n--;
	return xasprintf("%.*s%s", (int)n, root->path, path);
}
