/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as a file that nobody can change, for libraries that only read paths. */
#pragma once

#include <stddef.h>

/*
 * A sealed copy in memory; *ret is its descriptor, and '/proc/self/fd/N' its path.
 * 0 or a negative errno.
 */
int sealed_copy(const char *bytes, size_t n, int *ret);

/* Reads a descriptor to its end into memory; -EFBIG past `limit` bytes. *ret is
 * NUL-terminated. */
int read_all(int fd, size_t limit, char **ret, size_t *ret_size);
