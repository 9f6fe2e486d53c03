/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The facts that more than one refusal asks for, gathered once. Private. */
#pragma once

#include "base/cmdline.h"
#include "facts/usage.h"
#include "plan/plan.h"

struct view {
	const struct machine *machine;
	const struct record *record; /* or NULL */
	const struct plan *plan;
	/* The command line of this boot, which is left out where another machine will
	 * boot, and behind it what only the loader's files have: both count. */
	struct cmdline present;
	size_t n_booted;    /* of them, of this boot */
	bool *is_target;    /* one for each function of the machine */
	size_t n_connected; /* displays with a screen on them */
	bool keeps_screen;  /* one of them is no target */
};

/* Each adds what it finds. */
void refuse_groups(const struct view *view, struct findings *findings);
void check_iommu(const struct view *view, struct findings *findings);
void check_ids_by_hand(const struct view *view, struct findings *findings);
void check_foreign(const struct view *view, struct findings *findings);
void check_blocked(const struct view *view, struct findings *findings);
void note_builtin(const struct view *view, struct findings *findings);
void refuse_shared_bus(const struct view *view, struct findings *findings);
void refuse_in_use(const struct view *view, const struct usage *usage,
		   struct findings *findings);

/* Where the section may allow what was refused by `code`. */
void remedy_allow(struct finding *finding, const struct device_rule *rule,
		  const char *code);

/* Whether '/' is among the uses of every disk because nobody could tell. */
bool use_is_guess(const struct view *view, const char *use);
/* Whether that is all that root_storage() has against a target. */
bool root_storage_is_guess(const struct view *view, const struct target *target);
/* The mounts on a target that carries none of the system's own; NULL where it carries one
 * of those, or nothing. The caller frees it. */
char *list_own_mounts(const struct target *target);

/*
 * The rules for one target that was seen: each returns the sentence that says what is
 * wrong with it, or NULL; the caller frees it.
 */
typedef char *rule_fn(const struct view *view, const struct target *target);

/* What the host would lose. */
rule_fn boot_display, root_storage, default_network, slot_companion;

/* What the driver or VFIO would refuse. */
rule_fn target_is_iommu, denylist, no_iommu_group, direct_region, framebuffer_overlap,
	virtual_function, has_virtual_functions, vmd_child, late_device, removable_device;

/*
 * Where a token of the command line was written: 'FILE:LINE' where a file of the boot
 * loader shows it, else '/proc/cmdline'. The caller frees it.
 */
char *token_origin(const struct system *system, const char *token);

/* By its release; false where that does not begin with a version. */
bool kernel_is_before(const struct kernel *kernel, unsigned major, unsigned minor);

/* The value of a parameter of the reserving driver in the coming boot, or NULL where it
 * is not set: the present command line before modprobe.d. The caller frees it. */
char *driver_option(const struct view *view, const char *parameter);
