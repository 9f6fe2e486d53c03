/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of one machine, for reading: a directory with sys/, proc/ and kernel.log,
 * or the same as one text file (a snapshot) held in memory. Whoever reads cannot tell
 * which it is, and nothing is ever read from outside it.
 *
 * Paths are relative: "sys/bus/pci/devices". Functions return 0 or a negative errno:
 * -ENOENT where the tree does not hold the file, -EACCES where it may not be read,
 * -EFBIG past the limit.
 */
#pragma once

#include "base/finding.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	TREE_ATTRIBUTE_MAX = 4096,	      /* bytes of a sysfs attribute */
	TREE_FILE_MAX = 4 * 1024 * 1024,      /* bytes of a procfs file */
	TREE_STREAM_MAX = 1024 * 1024 * 1024, /* bytes of a kernel log */
};

struct tree;

/* `path` is a directory. */
int tree_open_directory(const char *path, struct tree **ret);

/*
 * Reads the one-file form (docs/design/snapshot.md). `name` is for diagnostics: a text
 * that is no snapshot is -EINVAL, with an error for each bad line in *findings.
 */
int tree_open_snapshot(const char *bytes, size_t n, const char *name, struct tree **ret,
		       struct findings *findings);

/* The same, but takes `bytes`, which were allocated with a NUL after the last of them:
 * a large machine is in memory once. */
int tree_take_snapshot(char *bytes, size_t n, const char *name, struct tree **ret,
		       struct findings *findings);

void tree_close(struct tree *tree);

/* The path is a printf format with its arguments. */

/* A sysfs attribute without its final newline; at most TREE_ATTRIBUTE_MAX bytes. */
int tree_attribute(const struct tree *tree, char **ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A whole file, NUL-terminated; at most TREE_FILE_MAX bytes. */
int tree_read(const struct tree *tree, char **ret, size_t *ret_size, const char *format,
	      ...) __attribute__((format(printf, 4, 5)));

/* The text of a symbolic link, as it stands. */
int tree_readlink(const struct tree *tree, char **ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The names in a directory, sorted. */
int tree_list(const struct tree *tree, struct strings *ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool tree_exists(const struct tree *tree, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A stream over a file of any size, the kernel log. The caller closes it. */
int tree_stream(const struct tree *tree, FILE **ret, const char *path);

static inline void tree_cleanup(struct tree **tree)
{
	tree_close(*tree);
}
#define cleanup_tree cleanup(tree_cleanup)
