/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All or nothing: artifacts against the files of a root, committed as one change that
 * can be taken back. What was there before the first commit is kept under
 * /var/lib/vfio-bootcfg until revert.
 */
#pragma once

#include "artifact/artifact.h"
#include "base/finding.h"
#include "base/memory.h"
#include "sys/root.h"

#define TRANSACTION_STATE "/var/lib/vfio-bootcfg"

enum action { ACTION_CREATE, ACTION_UPDATE, ACTION_UNCHANGED, ACTION_REMOVE };
const char *action_name(enum action action);

struct change {
	enum action action;
	char *path; /* with a leading '/' */
	mode_t mode;
	char *before, *after; /* NULL where there is no file */
	size_t before_size, after_size;
};
struct changes {
	struct change *v; /* sorted by path */
	size_t n;
};

/*
 * What a commit would do: files of an earlier commit that are no longer wanted go back to
 * what they were (ACTION_REMOVE, or ACTION_UPDATE with the original as `after`).
 * Reads only. 0 or a negative errno, with an error in *findings that says which file.
 */
int transaction_compare(const struct root *root, const struct artifacts *artifacts,
			struct changes *ret, struct findings *findings);

/* The same for a revert: every file back to what it was before the first commit. */
int transaction_compare_revert(const struct root *root, struct changes *ret,
			       struct findings *findings);

/* Carries the changes out, or fails and leaves the root as it was. */
int transaction_commit(const struct root *root, const struct changes *changes,
		       struct findings *findings);
int transaction_revert(const struct root *root, const struct changes *changes,
		       struct findings *findings);

bool changes_change_anything(const struct changes *changes);
void changes_free(struct changes *changes);

#define cleanup_changes cleanup(changes_free)
