/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module index of one kernel, read with libkmod. libkmod looks at the kernel that
 * runs, its /proc/cmdline and /sys/module, even where it is given another root: nothing
 * here depends on what it finds there, and it is given no modprobe.d.
 */
#pragma once

#include "base/finding.h"
#include "facts/system.h"
#include "probe/kernels_aliases.h"
#include "probe/kernels_modprobe.h"
#include "sys/root.h"

struct kmod_ctx;

struct kernel_index {
	struct kmod_ctx *kmod;
	int fd; /* of the folder that kmod was given by its path; open as long as kmod */
	struct strings builtin;		/* names of modules, sorted */
	struct aliases builtin_aliases; /* PCI: only since kernel 7 */
	struct softdep_lines softdeps;
};

/* Of the kernel in `folder`, '/lib/modules/RELEASE'. What is missing there is a warning
 * in *findings, and missing in *ret. */
void kernel_index_open(const struct root *root, const char *folder,
		       struct kernel_index *ret, struct findings *findings);
void kernel_index_close(struct kernel_index *index);

/* Of a module by its name, with underscores. */
enum module_state kernel_index_state(const struct kernel_index *index,
				     const char *module);
/* The same for one that is to reserve: missing, too, where it is none that can. */
enum module_state kernel_index_driver(const struct kernel_index *index,
				      const char *module);
/* Whether kernel_index.builtin has it. */
bool kernel_index_has(const struct strings *builtin, const char *module);

/* Appends the modules whose aliases match. */
void kernel_index_match(const struct kernel_index *index, const char *modalias,
			struct strings *modules);

#define cleanup_kernel_index cleanup(kernel_index_close)
