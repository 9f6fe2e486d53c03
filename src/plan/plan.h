/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every decision and its reason: configuration x facts -> plan. Pure: the same input
 * gives the same plan. What is unsafe or ambiguous is refused, as a finding.
 */
#pragma once

#include "base/finding.h"
#include "base/memory.h"
#include "config/config.h"
#include "facts/machine.h"
#include "facts/record.h"
#include "facts/system.h"

/* A module that would take a target, in any installed kernel. */
struct competitor {
	char *module;
	bool is_builtin;  /* in at least one kernel */
	bool is_loadable; /* in at least one kernel */
	/* The first kernel that has it built in, and what tells so there. Borrowed from
	 * the system; NULL where it is built in nowhere. */
	const struct kernel *builtin_in;
	const struct module *builtin_evidence;
};

struct target {
	const struct device_rule *rule; /* Borrowed from the configuration. */
	const struct function
		*function; /* Borrowed from the machine; NULL: not seen here. */
	/* The named function in whose slot it is; NULL: named itself. Borrowed. */
	const struct function *companion_of;
	bool has_bdf; /* false for one that was not seen and that only an id or path names
		       */
	struct bdf bdf;
	/* What is expected there: what is there, unless an id or the record says
	 * otherwise. No subsystem where only an id says it; vendor 0 where nothing does.
	 */
	struct identity_pattern id;
	/* Where it is not, or may not be, what is meant: what is known of that, and what
	 * helps; else NULL. */
	char *doubt, *doubt_remedy;
	bool has_twins;			/* of another section, or that the host keeps */
	enum claim claim;		/* never CLAIM_AUTO */
	char *reason;			/* why that claim */
	struct competitor *competitors; /* sorted by module */
	size_t n_competitors;
};

/* What one installed kernel needs. */
struct plan_kernel {
	const struct kernel *kernel; /* Borrowed from the system. */
	enum module_state driver;
	struct strings
		modules; /* to load, in order; empty where the driver is built in */
};

/* `softdep MODULE pre: …` */
struct plan_softdep {
	char *module;
	struct strings pre, post; /* the driver first, then what was there before */
};

struct plan {
	const char *driver;	     /* 'vfio-pci'. Borrowed from the configuration. */
	const struct system *system; /* Borrowed. */
	struct target *targets;	     /* sorted by address; unseen ones last */
	size_t n_targets;
	/* What the host keeps of the targets' vendor:device, virtual functions aside.
	 * Borrowed from the machine. */
	const struct function **twins;
	size_t n_twins;
	bool is_unresolved; /* a device that is meant was looked for and is not certain */
	struct strings cmdline;	     /* tokens, in their fixed order */
	struct strings configured;   /* words that the loader's files have by hand */
	struct plan_kernel *kernels; /* as in the system */
	size_t n_kernels;
	struct strings modules; /* that every kernel with the driver as a module has */
	struct plan_softdep *softdeps; /* sorted by module */
	size_t n_softdeps;
	bool uses_initramfs[INITRAMFS_KINDS];
	bool uses_bootloader[BOOTLOADER_KINDS];
	bool uses_by_hand[BY_HAND_KINDS]; /* which nothing is written for */
	bool keeps_fallback;		  /* a boot entry that reserves nothing */
	bool needs_early;		  /* a target is claimed by address */
};

/*
 * `record` may be NULL. The plan borrows from all of its inputs, which must outlive it.
 * Where *findings gets an error, the plan may be incomplete and must not be written.
 */
void plan_make(const struct config *config, const struct machine *machine,
	       const struct system *system, const struct record *record, struct plan *ret,
	       struct findings *findings);
void plan_free(struct plan *plan);

/* The name of the boot loader, or the generator, that nothing is written for; or NULL. */
const char *plan_loader_by_hand(const struct plan *plan);
const char *plan_generator_by_hand(const struct plan *plan);

#define cleanup_plan cleanup(plan_free)
