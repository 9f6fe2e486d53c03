/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One directory tree, and nothing outside it: whatever symbolic links it holds,
 * absolute ones included, resolve within the tree (openat2, RESOLVE_IN_ROOT).
 * Paths are relative to the root; a leading '/' changes nothing. Every function returns
 * 0 or a negative errno and leaves its ret_ arguments alone on failure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/strings.h"

struct root {
	int fd;	    /* of the directory, or -1 */
	char *path; /* as the user wrote it, for messages */
};

/* -ENOSYS where the kernel has no openat2, which came with Linux 5.6. */
int root_open(const char *path, struct root *ret);
void root_close(struct root *root);

/* Opens a file within the root. The caller closes the descriptor that it returns. */
int root_openat(const struct root *root, const char *path, int flags, mode_t mode);

/* Whether the path leads to something, links followed. */
bool root_exists(const struct root *root, const char *path);

/* Opens a regular file for reading, never waiting for one that is none: -EISDIR, or
 * -EINVAL. The caller closes the descriptor that it returns. */
int root_open_regular(const struct root *root, const char *path, struct stat *ret);

/* Reads a whole regular file; -EFBIG past `limit` bytes. *ret is NUL-terminated. */
int root_read(const struct root *root, const char *path, size_t limit, char **ret,
	      size_t *ret_size);

/* The text of the symbolic link itself. */
int root_readlink(const struct root *root, const char *path, char **ret);

/* The names in a directory, sorted; without '.' and '..'. */
int root_list(const struct root *root, const char *path, struct strings *ret);

/* As lstat(), within the root. */
int root_stat(const struct root *root, const char *path, struct stat *ret);

/*
 * A path of this process that leads to `path` within the root, for libraries that only
 * take paths: '/proc/self/fd/N'. It holds while *ret_fd is open.
 */
int root_path(const struct root *root, const char *path, char **ret, int *ret_fd);

/* How a message names `path`: as the user would, with the root before it. The caller
 * frees it. */
char *root_where(const struct root *root, const char *path);

#define cleanup_root cleanup(root_close)
