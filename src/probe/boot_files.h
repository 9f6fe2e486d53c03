/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of boot partitions, wherever those are mounted. Private. */
#pragma once

#include "base/strings.h"
#include "evidence/uki.h"
#include "sys/root.h"

#include <stdbool.h>
#include <stdint.h>

enum { BOOT_TEXT_MAX = 16 * 1024 * 1024, BOOT_ENTRIES_MAX = 4096 };

/* Where boot partitions are mounted, up to NULL; '/boot' comes first. */
extern const char *const boot_folders[];

/* The text of a file; 0 or a negative errno. The caller frees it. */
int boot_text(const struct root *root, const char *path, char **ret, size_t *ret_size);

/* What pacman calls the package of a kernel, or NULL. The caller frees it. */
char *boot_package(const struct root *root, const char *release);

/* An open file, its size and when it was changed; NULL with a negative errno. */
FILE *boot_open_file(const struct root *root, const char *path, uint64_t *ret_size,
		     int64_t *ret_modified, int *ret_error);

/* NULL where it is none, or cannot be read: then *ret_error says why; -ENODATA: a full
 * partition leaves an empty file, -EINVAL: it is something else. */
FILE *boot_open_uki(const struct root *root, const char *path, struct uki *ret,
		    int64_t *ret_modified, int *ret_error);

/*
 * The path in the root of what a loader calls `path`. That is relative to a partition
 * (/boot of its own, an ESP) or a subvolume ('/@/boot/x'). `mount` is where the
 * partition of the entry is, or NULL. The likeliest one where nothing is there. The
 * caller frees it.
 */
char *boot_find(const struct root *root, const char *mount, const char *path);

/* What a loader keeps in the firmware, or tells of itself there: four bytes of flags,
 * then UTF-16, of which ASCII is read. NULL where there is none. The caller frees it. */
char *boot_efi_variable(const struct root *root, const char *name);

/* The folders of `boot_folders` that hold `name`, without those that are another one
 * under a second path. */
void boot_list_folders(const struct root *root, const char *name, struct strings *ret,
		       int *ret_error);
