/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of a test's own, made for it and removed after it. */
#pragma once

#include "unit/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder_root[4096];

static inline const char *folder_make(void)
{
	const char *parent = getenv("TMPDIR");

	snprintf(folder_root, sizeof folder_root, "%s/vfio-bootcfg-XXXXXX",
		 parent ? parent : "/tmp");
	assert_non_null(mkdtemp(folder_root));
	return folder_root;
}

static inline int folder_remove_entry(const char *path, const struct stat *status,
				      int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static inline void folder_remove(void)
{
	assert_int_equal(nftw(folder_root, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS),
			 0);
}

/* The path of `name` in the folder, with the folders that lead to it; it holds until the
 * next call. */
static inline const char *folder_path(const char *name)
{
	static char path[2 * sizeof folder_root];
	size_t n = strlen(folder_root) + 1;

	snprintf(path, sizeof path, "%s/%s", folder_root, name);
	for (char *at = path + n; (at = strchr(at, '/')); *at++ = '/') {
		*at = '\0';
		mkdir(path, 0755);
	}
	return path;
}

static inline void folder_write(const char *name, const char *text)
{
	FILE *file = fopen(folder_path(name), "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void folder_link(const char *name, const char *target)
{
	assert_int_equal(symlink(target, folder_path(name)), 0);
}
