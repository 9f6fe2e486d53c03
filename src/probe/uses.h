/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would be lost with a function: '/', 'swap', 'default route'. */
#pragma once

#include "base/finding.h"
#include "base/memory.h"
#include "facts/machine.h"
#include "sys/tree.h"

/* Fills `uses` of every function, and root_guess. */
void uses_read(const struct tree *tree, struct machine *machine,
	       struct findings *findings);

/* The parts that uses_read() walks through, each in a file of its own. */
void uses_read_storage(const struct tree *tree, struct machine *machine,
		       struct findings *findings);
void uses_read_network(const struct tree *tree, struct functions *functions);

/* Marks what the device at the end of a sysfs path hangs on. */
void uses_mark(const struct tree *tree, struct functions *functions, const char *target,
	       const char *use);

/*
 * A walk over the devices of one class, from some of them to those below, each visited
 * once: RAID, LUKS and LVM, or bridges and bonds, may be stacked in any way.
 */
struct uses_walk {
	const struct tree *tree;
	const char *folder;   /* 'sys/class/block' */
	struct strings names; /* of all its devices, sorted */
	unsigned *seen;	      /* for each, the round in which it was added last */
	unsigned round;
	size_t *queue; /* of positions in names */
	size_t n, at;
};

void uses_walk_open(const struct tree *tree, const char *folder, struct uses_walk *ret);
void uses_walk_close(struct uses_walk *walk);
void uses_walk_start(struct uses_walk *walk);
/* False where there is no such device. */
bool uses_walk_add(struct uses_walk *walk, const char *name);
/* The next device, or NULL. Borrowed. */
const char *uses_walk_next(struct uses_walk *walk);

#define cleanup_uses_walk cleanup(uses_walk_close)
