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

#include <stdbool.h>

#define TRANSACTION_STATE "/var/lib/vfio-bootcfg"

enum action { ACTION_CREATE, ACTION_UPDATE, ACTION_UNCHANGED, ACTION_REMOVE };
const char *action_name(enum action action);

struct change {
	enum action action;
	char *path;   /* with a leading '/' */
	char *target; /* the same with its symbolic links resolved: the file that changes
		       */
	mode_t mode;
	char *before, *after; /* NULL where there is no file */
	size_t before_size, after_size;
	bool is_own;	/* of an earlier commit whose record is lost */
	bool restores;	/* it goes back to what it was before the first commit */
	char *original; /* what revert would bring back, where that becomes something new
			 */
	size_t original_size;
};
struct changes {
	struct change *v; /* sorted by path */
	size_t n;
};

/*
 * Locks the root and finishes or undoes what an interrupted run left. *ret_lock is held
 * until transaction_end(). -EWOULDBLOCK where another run holds it; every failure is an
 * error in *findings.
 */
int transaction_begin(const struct root *root, int *ret_lock, struct findings *findings);

/*
 * From here on, programs that this process runs may change the running system although it
 * is locked: plugins of kernel-install and hooks of packages run this program again. They
 * keep one another out.
 */
void transaction_admit(void);

/* Leaves no file where the lock needed one. -1 is none, and what *lock becomes. */
void transaction_end(const struct root *root, int *lock);

/*
 * What a commit would do. Files of an earlier commit that are no longer wanted go back to
 * what they were, or where they were written since, to what artifacts->undone says; one
 * that somebody has removed stays so. Any other file that was edited since is an error,
 * and so is one that cannot be read. Reads only. 0 or a negative errno; -EEXIST for the
 * former. Artifacts of `undone` alone make it a revert.
 */
int transaction_compare(const struct root *root, const struct artifacts *artifacts,
			struct changes *ret, struct findings *findings);

/* The same for a revert: every file back to what it was before the first commit. */
int transaction_compare_revert(const struct root *root, struct changes *ret,
			       struct findings *findings);

/* Carries the changes out, or fails with an error and leaves the root as it was. */
int transaction_commit(const struct root *root, const struct changes *changes,
		       struct findings *findings);

/* Writes the artifacts as plain files under a directory, which is made if it is missing.
 */
int transaction_export(const char *directory, const struct artifacts *artifacts,
		       struct findings *findings);

bool changes_change_anything(const struct changes *changes);
void change_free(struct change *change);
void changes_free(struct changes *changes);

#define cleanup_changes cleanup(changes_free)
