/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "txn/lock.h"

#include "base/memory.h"
#include "sys/run.h"
#include "sys/write.h"
#include "txn/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_FOLDER "/run/vfio-bootcfg"
#define ABOVE	    "VFIO_BOOTCFG_WITHIN"

/* The run that has the running system's lock and waits for us, or 0. What outlives that
 * run, as a daemon does, may still have its id, but is no longer below it. */
static pid_t run_above(const struct root *root)
{
	const char *ids = strcmp(root->path, "/") == 0 ? getenv(ABOVE) : NULL;
	char *next = NULL;
	pid_t pid = ids ? (pid_t)strtol(ids, &next, 10) : 0;

	if (pid == getpid()) /* by transaction_admit() */
		pid = (pid_t)strtol(next, NULL, 10);
	return pid > 0 && run_is_below(pid) ? pid : 0;
}

void transaction_admit(void)
{
	const char *above = getenv(ABOVE);
	cleanup_free char *ids = xasprintf("%d %s", (int)getpid(), above ? above : "");

	setenv(ABOVE, ids, 1);
}

/* Of the runs within another one, too, there is one at a time. */
static char *lock_file(pid_t above)
{
	return above ? xasprintf(LOCK_FOLDER "/within-%d.lock", (int)above)
		     : xstrdup(LOCK_FOLDER "/generate.lock");
}

static int open_lock_file(const struct root *root, pid_t above)
{
	cleanup_free char *path = lock_file(above);
	int r = write_mkdir(root, LOCK_FOLDER);

	if (r < 0)
		return r;
	r = root_openat(root, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
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
	pid_t above = run_above(root);
	int fd = strcmp(root->path, "/") == 0 ? open_lock_file(root, above) : -ENOENT;

	return fd == -ENOENT || fd == -EACCES || fd == -EPERM || fd == -EROFS
		       ? root_openat(root, above ? "/etc" : "/", O_RDONLY | O_DIRECTORY,
				     0)
		       : fd;
}

static bool is_lock_file(const struct root *root, int fd)
{
	cleanup_free char *path = lock_file(run_above(root));
	struct stat opened, there;

	return fstat(fd, &opened) == 0 && S_ISREG(opened.st_mode) &&
	       root_stat(root, path, &there) == 0 && opened.st_dev == there.st_dev &&
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
		cleanup_free char *path = lock_file(run_above(root));

		write_unlink(root, path);
		write_rmdir(root, LOCK_FOLDER);
	}
	cleanup_close_fd(lock);
	*lock = -1;
}
