/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs on PCI functions at this moment: of the running system, not of a boot. */
#pragma once

#include "base/bdf.h"
#include "base/memory.h"
#include "base/tristate.h"

#include <stddef.h>

enum use_kind {
	USE_INTERFACE, /* 'eth0' is up */
	USE_STACKED,   /* 'dm-0' stands on a block device of it */
	USE_POOL,      /* ZFS has its pool 'tank' on it, imported */
	USE_NODE,      /* a process has '/dev/snd/pcmC0D0p' open */
	USE_MACHINE,   /* a process has '/dev/vfio/14' open */
};

struct use_now {
	struct bdf bdf;
	enum use_kind kind;
	char *name;    /* of the interface, block device, pool or node */
	char *process; /* its name, where one has the node open; else NULL */
	long pid;      /* of that process, or 0 */
};

struct usage {
	struct use_now *v; /* by address, kind, name and process */
	size_t n;
	/* Whether the open files of all processes could be seen: root may. */
	enum tristate sees_processes;
};

/* Those of one function. Borrowed from *usage. */
struct usage usage_of(const struct usage *usage, struct bdf bdf);

/* Sorts; call it once after all are added. */
void usage_sort(struct usage *usage);
void usage_free(struct usage *usage);

#define cleanup_usage cleanup(usage_free)
