/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that were committed, and what is kept of what they were before. */
#pragma once

#include "base/finding.h"
#include "base/memory.h"
#include "base/strings.h"
#include "sys/root.h"
#include "txn/transaction.h"

#include <stdint.h>

#define MANIFEST_PATH	   TRANSACTION_STATE "/manifest"
#define MANIFEST_ORIGINALS TRANSACTION_STATE "/original"

struct manifest_file {
	char *path;
	uint64_t digest; /* of what was committed: shows whether it was edited since */
	bool existed;	 /* before the first commit; then its content is kept */
};

struct manifest {
	struct manifest_file *v; /* sorted by path */
	size_t n;
	struct strings directories; /* that were made, in the order in which they were */
};

/* A missing manifest is an empty one. 0 or a negative errno with an error in *findings.
 */
int manifest_read(const struct root *root, struct manifest *ret,
		  struct findings *findings);
char *manifest_format(const struct manifest *manifest);
void manifest_free(struct manifest *manifest);

/* NULL where there is none. Borrowed. */
struct manifest_file *manifest_find(const struct manifest *manifest, const char *path);
void manifest_set(struct manifest *manifest, const char *path, uint64_t digest,
		  bool existed);
void manifest_drop(struct manifest *manifest, const char *path);

/* Where the content from before the first commit is kept. The caller frees it. */
char *manifest_original_path(const char *path);

/* FNV-1a: it tells an edited file from an untouched one, and guards against nobody. */
uint64_t digest_of(const char *bytes, size_t n);

#define cleanup_manifest cleanup(manifest_free)
