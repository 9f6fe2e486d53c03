/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the next boot of a root will meet: the menu of its loader, the image of each
 * kernel, where kernels to come get their command line, and whether the files of the
 * plan are written.
 */
#pragma once

#include "evidence/boot_entries.h"
#include "evidence/image.h"

#include <sys/types.h>

/* A line of modprobe.d within an image. */
enum rule_kind { RULE_SOFTDEP, RULE_OPTIONS, RULE_BLACKLIST, RULE_INSTALL };
struct modprobe_rule {
	enum rule_kind kind;
	char *where;  /* the file in the image, 'FILE:LINE' where the line is known */
	char *module; /* with underscores; a pattern for RULE_SOFTDEP and RULE_INSTALL */
	char *text; /* of RULE_SOFTDEP the modules that come before, else what follows */
};

/* The initramfs that one kernel is given: one file or several, or a unified image. */
struct boot_image {
	char *path; /* joined by ' + '; NULL where the entry loads none */
	bool is_unified;
	int error;	  /* 0, or a negative errno: -ENOENT where it is missing */
	int64_t modified; /* seconds since 1970, of the newest of its files */
	struct image image;
	struct modprobe_rule *rules; /* in the order in which modprobe reads them */
	size_t n_rules;
};

struct boot_kernel {
	char *release;
	size_t entry; /* of the menu that boots it, or SIZE_MAX */
	struct boot_image image;
};

/* A file that kernels to come get their command line from; comments are left out. */
struct cmdline_source {
	char *path;
	int error; /* 0, or a negative errno */
	char *text;
};

enum file_state {
	FILE_CURRENT,
	FILE_MISSING,
	FILE_DIFFERS,
	FILE_EDITED,	/* by somebody else since it was written */
	FILE_LEFT_OVER, /* of an earlier plan */
};

/* A file of the plan, with what it should hold and whether it does. */
struct planned_file {
	char *path; /* with a leading '/' */
	enum file_state state;
	char *bytes; /* NULL for FILE_LEFT_OVER */
	size_t size;
	int64_t modified; /* of the present file; 0 where there is none */
};

struct next_boot {
	struct boot_menu menu;
	char *menu_path; /* of the file or folder that it was looked for in, or NULL */
	int menu_error;	 /* 0, or a negative errno: -ENOENT where there is none */
	struct boot_kernel *kernels; /* in the order of the system */
	size_t n_kernels;
	struct cmdline_source *sources; /* in the order in which they are read */
	size_t n_sources;
	/* Filled by whoever has rendered the plan; not at all where it was refused. */
	struct planned_file *files;
	size_t n_files;
	char *refused; /* why nothing could be rendered, or NULL */
	/* 'FILE:LINE' of what overwrites the command line of kernels to come, or NULL. */
	char *cmdline_lost_at;
};

void next_boot_free(struct next_boot *next);

#define cleanup_next_boot cleanup(next_boot_free)
