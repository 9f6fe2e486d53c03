/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our lines in a user's file: `# BEGIN vfio-bootcfg` … `# END vfio-bootcfg`. Taking the
 * block out gives back the text byte for byte: a file without a newline at its end stays
 * one, and a file with CR LF gets lines with CR LF.
 */
#pragma once

#include "base/finding.h"

#include <stdbool.h>
#include <stddef.h>

#define BLOCK_BEGIN "# BEGIN vfio-bootcfg"
#define BLOCK_END   "# END vfio-bootcfg"

struct managed_block {
	bool exists;
	size_t begin, end; /* with what joins it to the text around it */
};

/* False, with an error in *findings, where the markers are damaged. */
bool managed_block_find(const char *text, size_t n, const char *name,
			struct managed_block *ret, struct findings *findings);

/* The text without the block. The caller frees it; it is NUL-terminated. */
char *managed_block_remove(const char *text, size_t n, const struct managed_block *block,
			   size_t *ret_size);

enum block_place { BLOCK_IN_PLACE, BLOCK_AT_END };

/*
 * The text with the block made of `lines`, each ended by a newline, instead of the one
 * that it has. `lines` must still mean the same where a comment follows each.
 */
char *managed_block_put(const char *text, size_t n, const struct managed_block *block,
			enum block_place place, const char *lines, size_t *ret_size);
