/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that a plan becomes: path, mode, bytes, and the commands that make them take
 * effect. One backend a file: it decides nothing and writes nothing.
 */
#pragma once

#include "base/finding.h"
#include "base/memory.h"
#include "plan/plan.h"

#include <stddef.h>
#include <sys/types.h>

struct artifact {
	char *path; /* with a leading '/', relative to the root */
	mode_t mode;
	char *bytes; /* the whole new content */
	size_t size;
	/* For a user's file that is edited: its content without our block, so that revert
	 * can keep an edit that was made since. NULL for files of our own. */
	char *without;
	size_t without_size;
	/* What is there now was written by this program, too: where nothing is recorded
	 * of it (the record is lost, or somebody copied what '--output' gave), it is
	 * nothing to come back to. */
	bool replaces_own;
};

struct command {
	struct strings argv;
};

struct artifacts {
	struct artifact *v; /* sorted by path */
	size_t n;
	/* What files that others write, too, would be without us: where they were written
	 * since, or hold our words without our having put them there, as the entry of a
	 * kernel that was installed since. No bytes: the file would not be there. */
	struct artifact *undone; /* sorted by path */
	size_t n_undone;
	struct command *commands; /* in the order in which they are run */
	size_t n_commands;
	/* 'FILE:LINE' of what overwrites the command line of kernels to come, or NULL. */
	char *cmdline_lost_at;
};

/*
 * A user's file that cannot be edited without loss is an error in *findings, with its
 * line, and is left out.
 */
void artifacts_render(const struct plan *plan, struct artifacts *ret,
		      struct findings *findings);
/* The same for no plan at all: nothing but `undone`. */
void artifacts_render_undone(const struct system *system, struct artifacts *ret,
			     struct findings *findings);
void artifacts_free(struct artifacts *artifacts);

/*
 * The paths, with a leading '/', whose present content some backend edits, replaces or
 * looks at: probe reads them into system.files. One that ends in '*.cfg' stands for all
 * files of that folder whose names end so; as long as system.files has it as it is, the
 * folder was not listed, and nothing is concluded from what else is in it.
 */
extern const char *const artifact_paths[];
extern const size_t artifact_n_paths;

/* What is to be run after a revert, which is shown then: a line for each command. */
#define WAY_BACK_PATH "/var/lib/vfio-bootcfg/way-back"

/* In the menu, the name of what reserves nothing. */
#define FALLBACK_TITLE "without vfio-bootcfg"

/* What of the boot menu reserves nothing, as a person would look for it; NULL where there
 * is none. */
const char *artifacts_fallback(const struct plan *plan,
			       const struct artifacts *artifacts);

#define cleanup_artifacts cleanup(artifacts_free)
