/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing within a root. The folder is opened once, within the root, and everything then
 * happens to names in it: no symbolic link leads outside, and none is replaced. Every
 * function returns 0 or a negative errno.
 */
#pragma once

#include "base/memory.h"
#include "sys/root.h"

#include <stdbool.h>
#include <sys/types.h>

/* A name in a folder: that of the file to which the links of a path lead. */
struct place {
	int folder;
	char *name; /* for which there may be no file */
};

/* -ENOENT where the folder does not exist. */
int place_open(const struct root *root, const char *path, struct place *ret);
void place_close(struct place *place);

/* As lstat(). `name` is any name in the folder of the place. */
int place_stat(const struct place *place, const char *name, struct stat *ret);

struct content {
	const char *bytes;
	size_t n;
	mode_t mode;
	/* An open file whose owner, label and other extended attributes the new one gets,
	 * or -1; and its time, so that a copy that is put back is the same file. */
	int like;
	bool keeps_time;
};

/* Makes a new file and writes it through to the disk. -EEXIST where there is one. */
int place_create(const struct place *place, const char *name,
		 const struct content *content);

/* A second name for the file. */
int place_link(const struct place *place, const char *from, const char *to);

enum replace { REPLACE, REPLACE_NOTHING };
int place_rename(const struct place *place, const char *from, const char *to,
		 enum replace replace);

/* That there is none is no error. */
int place_unlink(const struct place *place, const char *name);

/* Writes the names of the folder through to the disk. */
int place_sync(const struct place *place);

/* The folder above must exist. */
int root_make_folder(const struct root *root, const char *path, mode_t mode);
/* -ENOTEMPTY; that there is none is no error. */
int root_remove_folder(const struct root *root, const char *path);

static inline void place_cleanup(struct place *place)
{
	place_close(place);
}
#define cleanup_place cleanup(place_cleanup)
