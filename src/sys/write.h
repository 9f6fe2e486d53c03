/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes within a root, each durable when it returns: the file and its directory are
 * synced. The last component of a path is never followed, so a symbolic link that someone
 * plants there is replaced or refused, not written through; whatever leads to it resolves
 * within the root. 0 or a negative errno.
 */
#pragma once

#include "base/strings.h"
#include "sys/root.h"

#include <stddef.h>
#include <sys/types.h>

/* All of it, however many calls it takes. */
int write_bytes(int fd, const char *bytes, size_t n);

/*
 * A new file; -EEXIST where something is there. Owner and extended attributes (an SELinux
 * label among them) are those of the file at `like`, unless it is NULL or missing.
 */
int write_new(const struct root *root, const char *path, const char *bytes, size_t n,
	      mode_t mode, const char *like);

/* Another name for the same file, or a copy of it where the file system has no links. */
int write_link(const struct root *root, const char *from, const char *to);

/* What is at `to` is replaced. */
int write_rename(const struct root *root, const char *from, const char *to);

/* -ENOENT is no error: it is gone either way. */
int write_unlink(const struct root *root, const char *path);

/* Removes a directory that is empty; one that is not, or is gone, is no error. */
int write_rmdir(const struct root *root, const char *path);

/* The directory and those above it, as far as they are missing: added to *ret once each,
 * and in the order in which they can be made. */
int write_missing_dirs(const struct root *root, const char *path, struct strings *ret);

/* One that is there is no error. */
int write_mkdir(const struct root *root, const char *path);
int write_mkdirs(const struct root *root, const char *path);

/*
 * For tests, which stop a transaction at every step: after this many changes the next one
 * fails with ENOSPC, or it and all that follow, as where a disk has become read-only; or
 * it ends the process as a power cut would. Negative: never.
 */
enum write_stop { WRITE_STOP_FAIL, WRITE_STOP_FAIL_ON, WRITE_STOP_EXIT };
extern int write_steps_left;
extern enum write_stop write_stop;
