/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root in a temporary directory, and what it holds as one text. */
#pragma once

#include "base/memory.h"
#include "base/strings.h"
#include "sys/root.h"
#include "unit/check.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
	char path[64];
	struct root root;
};

static inline void scratch_begin(struct scratch *scratch)
{
	strcpy(scratch->path, "/tmp/vfio-bootcfg-test-XXXXXX");
	assert_non_null(mkdtemp(scratch->path));
	assert_int_equal(root_open(scratch->path, &scratch->root), 0);
}

static inline void scratch_file(const struct scratch *scratch, const char *path,
				const char *text, mode_t mode)
{
	char *full = xasprintf("%s%s", scratch->path, path);
	FILE *file;

	for (char *slash = strchr(full + strlen(scratch->path) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(full, mode), 0);
	free(full);
}

static struct strings *listing; /* nftw() has no argument to pass */
static size_t listing_skip;

static inline int list_entry(const char *path, const struct stat *status, int type,
			     struct FTW *where)
{
	char target[256] = "", bytes[4096] = "";
	int fd = type == FTW_F ? open(path, O_RDONLY) : -1;

	if (fd >= 0 && read(fd, bytes, sizeof bytes - 1) < 0)
		abort();
	if (fd >= 0)
		close(fd);
	if (type == FTW_SL && readlink(path, target, sizeof target - 1) < 0)
		abort();
	strings_take(listing, xasprintf("%s %o %s%s", path + listing_skip,
					status->st_mode & 07777u, target, bytes));
	return 0;
}

/* Every path with its mode and content, sorted. The caller frees it. */
static inline char *scratch_text(const struct scratch *scratch)
{
	struct strings lines = { 0 };
	char *text;

	listing = &lines;
	listing_skip = strlen(scratch->path);
	assert_int_equal(nftw(scratch->path, list_entry, 16, FTW_PHYS), 0);
	strings_sort(&lines);
	text = strings_join(&lines, "\n");
	strings_free(&lines);
	return text;
}

static inline int remove_entry(const char *path, const struct stat *status, int type,
			       struct FTW *where)
{
	return remove(path);
}

static inline void scratch_end(struct scratch *scratch)
{
	root_close(&scratch->root);
	nftw(scratch->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
