/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/lock.h"

#include "sys/write.h"
#include "txn/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_FOLDER "/run/vfio-bootcfg"
#define LOCK_FILE   LOCK_FOLDER "/generate.lock"

static int open_lock_file(const struct root *root)
{
	int r = write_mkdir(root, LOCK_FOLDER);

	if (r < 0)
		return r;
	r = root_openat(root, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	/* The folder went with its last user. */
	return r == -ENOENT ? -EWOULDBLOCK : r;
}

/*
 * The directory itself needs no file, but any user may open '/', and lock it for ever. On
 * the running system it is a file that only root may open; whoever may not make that
 * cannot change the system either.
 */
static int open_lock(const struct root *root)
{
	int fd = strcmp(root->path, "/") == 0 ? open_lock_file(root) : -ENOENT;

	return fd == -ENOENT || fd == -EACCES || fd == -EPERM || fd == -EROFS
		       ? root_openat(root, "/", O_RDONLY | O_DIRECTORY, 0)
		       : fd;
}

static bool is_lock_file(const struct root *root, int fd)
{
	struct stat opened, there;

	return fstat(fd, &opened) == 0 && S_ISREG(opened.st_mode) &&
	       root_stat(root, LOCK_FILE, &there) == 0 && opened.st_dev == there.st_dev &&
	       opened.st_ino == there.st_ino;
}

int transaction_lock(const struct root *root, int *ret_lock)
{
	cleanup_fd int fd = open_lock(root);
	struct stat status;

	if (fd < 0)
		return fd;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &status) < 0)
		return -errno;
	/* Whoever had it may have removed it while it was opened here. */
	if (S_ISREG(status.st_mode) && !is_lock_file(root, fd))
		return -EWOULDBLOCK;
	*ret_lock = steal_fd(&fd);
	return 0;
}

void transaction_end(const struct root *root, int *lock)
{
	if (*lock < 0)
		return;
	if (is_lock_file(root, *lock)) {
		write_unlink(root, LOCK_FILE);
		write_rmdir(root, LOCK_FOLDER);
	}
	cleanup_close_fd(lock);
	*lock = -1;
}
