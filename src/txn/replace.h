/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces several files as one: each new content is staged beside its target, each old
 * one kept beside it under another name, and a journal says what is under way.
 *
 *	state staging	nothing has changed yet; an interrupted run is undone
 *	state applying	everything is staged; an interrupted run is finished
 *	state undoing	a rename failed; an interrupted run is undone
 *
 * The old files die last: after the renames, before the journal. The journal names the
 * directories before the first of them is made or removed, all but its own.
 */
#pragma once

#include "base/finding.h"
#include "base/strings.h"
#include "sys/root.h"
#include "txn/transaction.h"

struct replacement {
	enum action action; /* not ACTION_UNCHANGED */
	char *path;
	mode_t mode;
	const char *bytes; /* Borrowed. */
	size_t size;
	char *like; /* whose owner and attributes it gets, or NULL */
};
struct replacements {
	struct replacement *v; /* in the order in which they are applied */
	size_t n;
	struct strings directories; /* to be made for them: undone with them */
	struct strings emptied;	    /* that go in the end, as far as nothing is in them */
};

/* 0; or a negative errno with an error in *findings, and nothing has changed. */
int replace_files(const struct root *root, const struct replacements *replacements,
		  struct findings *findings);

/* Finishes or undoes an interrupted run, if there was one. */
int replace_recover(const struct root *root, struct findings *findings);

void replacements_free(struct replacements *replacements);
#define cleanup_replacements cleanup(replacements_free)
