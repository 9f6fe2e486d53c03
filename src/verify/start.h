/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plan against the system that runs: will a virtual machine start that is given the
 * targets? What a boot has to do with it is judged by the checks of verify.h.
 */
#pragma once

#include "facts/usage.h"
#include "verify/verify.h"

#include <stdint.h>

/* Whoever starts the machine: the user of this process, or a service with rights of its
 * own. */
enum starter {
	STARTER_UNKNOWN, /* the system is looked at from elsewhere */
	STARTER_USER,
	STARTER_SERVICE, /* libvirt: it takes the rights that it needs */
};

struct node_access {
	int group;
	bool may_open; /* for reading and writing */
};

struct start {
	enum starter starter;
	const struct usage *usage;	/* Borrowed. */
	const struct strings *operands; /* that name the targets, or NULL. Borrowed. */
	struct node_access *nodes;	/* those of the user, by group */
	size_t n_nodes;
	uint64_t memory;   /* of the guest in bytes, or 0: nobody said */
	uint64_t lockable; /* that the user may lock; UINT64_MAX: any */
};

void verify_start(const struct plan *plan, const struct machine *machine,
		  const struct kernel_log *log, const struct start *start,
		  struct verification *ret);
/* Whether the arguments may be given away: a shell that takes them does not look at the
 * exit status, and a twin is not what was asked for. */
bool start_is_usable(const struct verification *verification);
void start_free(struct start *start);

/* '4 GiB', '512 MiB', '65536 bytes': the largest unit that divides it. */
struct size_text {
	char s[32];
};
struct size_text size_text(uint64_t size);

/* Its own checks, for the manual page: those that verify does not have. */
extern const struct check_description start_checks[];
extern const size_t start_n_checks;

#define cleanup_start cleanup(start_free)
