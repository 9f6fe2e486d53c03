/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modprobe.d of a root: its lines in the order in which libkmod reads them. */
#pragma once

#include "base/finding.h"
#include "base/strings.h"
#include "facts/modprobe.h"
#include "probe/kernels_aliases.h"
#include "sys/root.h"

/* One `softdep` line. */
struct softdep_line {
	char *pattern; /* of module names, as fnmatch() takes it; with underscores */
	struct strings pre, post;
	char *where; /* 'FILE:LINE' */
};
struct softdep_lines {
	struct softdep_line *v; /* in the order in which they are read */
	size_t n;
};

struct modprobe {
	/* The kernel's own list, modules.softdep, is read as a file of that name among
	 * the others: some lines come before it, and some after it. */
	struct softdep_lines before, after;
	struct aliases aliases;
	struct settings settings; /* of any module; that of `install` is a pattern */
};

/* Without our own file. What cannot be read is a warning in *findings. */
void modprobe_read(const struct root *root, struct modprobe *ret,
		   struct findings *findings);
void modprobe_free(struct modprobe *modprobe);

/* Appends what the text of one file says; `name` is for 'FILE:LINE'. `aliases` and
 * `settings` may be NULL. */
void modprobe_parse(const char *text, const char *name, struct softdep_lines *softdeps,
		    struct aliases *aliases, struct settings *settings);

/* The first line for `module`, of the root's configuration and of the kernel's own list;
 * NULL where there is none. Borrowed. */
const struct softdep_line *modprobe_softdep(const struct modprobe *modprobe,
					    const struct softdep_lines *kernel,
					    const char *module);
void softdep_lines_free(struct softdep_lines *lines);

#define cleanup_modprobe      cleanup(modprobe_free)
#define cleanup_softdep_lines cleanup(softdep_lines_free)
