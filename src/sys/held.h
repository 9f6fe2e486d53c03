/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot held in memory: one buffer, and its entries sorted by path. Links are
 * followed inside it, as the kernel would. Private to this room: sys/tree.h is the door.
 */
#pragma once

#include "base/finding.h"
#include "base/memory.h"
#include "base/strings.h"

#include <limits.h>
#include <stdint.h>

enum held_kind {
	HELD_ATTRIBUTE = 'f',
	HELD_LINK = 'l',
	HELD_DIRECTORY = 'd',
	HELD_ERROR = 'e',
	HELD_TEXT = 't',
};

struct held_entry {
	const char *path;
	const char *value; /* of a link its target; NUL-terminated */
	uint32_t size;
	uint32_t line;
	enum held_kind kind;
	int error; /* of HELD_ERROR: EACCES */
};

struct held {
	char *bytes; /* which the entries point into */
	struct held_entry *v;
	size_t n;
};

/*
 * Takes `bytes`, which have a NUL after the last of them, even where it fails: -EINVAL
 * where the text is no snapshot or has bad lines, -EFBIG where it is too long, with
 * errors in *findings.
 */
int held_parse(char *bytes, size_t n, const char *name, struct held *ret,
	       struct findings *findings);
void held_free(struct held *held);

enum held_follow { HELD_FOLLOW, HELD_NO_FOLLOW };

/* Where a path leads; `entry` is NULL for a directory that only its content shows. */
struct held_place {
	const struct held_entry *entry;
	char path[PATH_MAX];
};

/* 0, -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, or the error that a directory on the way
 * gave. HELD_NO_FOLLOW ends at a link that the path itself names. */
int held_resolve(const struct held *held, const char *path, enum held_follow follow,
		 struct held_place *ret);

/* The names in a directory, sorted. */
int held_list(const struct held *held, const char *path, struct strings *ret);

/* The entry of exactly that path, or NULL. */
const struct held_entry *held_find(const struct held *held, const char *path);
/* Whether there is an entry below that path. */
bool held_has_below(const struct held *held, const char *path);

#define cleanup_held cleanup(held_free)
