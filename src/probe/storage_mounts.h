/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mounted and swapped to, read by libmount from the files of a tree. */
#pragma once

#include "base/strings.h"
#include "sys/tree.h"

struct mount {
	unsigned major, minor; /* 0 and anything: no block device of its own */
	char *source;	       /* '/dev/sda2', 'rpool/ROOT', or NULL */
	char *target;	       /* '/boot' */
	char *filesystem;      /* 'ext4' */
	bool is_whole;	       /* not a bind mount of a folder */
};

/* In the order of the file: a later one may hide an earlier one. */
struct mounts {
	struct mount *v;
	size_t n;
};

/* 0, or why proc/self/mountinfo could not be read. */
int mounts_read(const struct tree *tree, struct mounts *ret);
void mounts_free(struct mounts *mounts);

/* The mount that holds a file, or NULL. Borrowed. */
const struct mount *mounts_holding(const struct mounts *mounts, const char *path);

/* The devices and files that are swapped to. */
struct strings swaps_read(const struct tree *tree);

#define cleanup_mounts cleanup(mounts_free)
