/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operating system tree that will boot: kernels, boot chain, the files we may touch.
 */
#pragma once

#include "base/bdf.h"
#include "base/memory.h"
#include "base/strings.h"
#include "facts/boot_chain.h"
#include "facts/modprobe.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum module_state { MODULE_MISSING, MODULE_LOADABLE, MODULE_BUILTIN };
const char *
module_state_name(enum module_state state); /* 'missing', 'module', 'builtin' */

/* What tells that a module takes a function, the strongest first. */
enum module_evidence {
	EVIDENCE_BUILTIN_ALIAS, /* in modules.builtin.modinfo, since kernel 7 */
	EVIDENCE_ALIAS,		/* in modules.alias */
	EVIDENCE_SETTING,	/* an alias line of modprobe.d */
	EVIDENCE_DRIVER,	/* it holds the function now */
	EVIDENCE_RECORD,	/* it held the function when that was reserved */
};

/* A module of one kernel; names have underscores. */
struct module {
	char *name;
	enum module_state state;
	enum module_evidence evidence; /* of a module that matches a modalias */
	/* The other kernel of the root that the evidence is from; NULL: this one.
	 * Borrowed. */
	const char *evidence_release;
};
/* 'its alias in modules.alias of kernel '6.1.0''. The caller frees it. */
char *module_evidence_text(const struct module *module);

struct modules {
	struct module *v;
	size_t n; /* sorted by name */
};
void modules_free(struct modules *modules);

/* The modules whose aliases match one modalias, in one kernel's own index. */
struct alias_match {
	char *modalias;
	struct modules modules;
};

/* A softdep that takes effect for a module: the first line that matches, of all files. */
struct softdep {
	char *module;
	struct strings pre, post;
	char *where_before; /* of a line that is read before our own file, or NULL */
};

struct kernel {
	char *release;
	char *image; /* '/boot/vmlinuz-6.1.0', or NULL where none is in its usual place */
	struct modules
		reserving; /* state of the vfio family and of the reserving driver */
	struct alias_match *matches; /* sorted by modalias */
	size_t n_matches;
	/* Of every module in matches, and of those that reserve, that has one; sorted. */
	struct softdep *softdeps;
	size_t n_softdeps;
};

/* An empty one where the modalias was never asked about. Borrowed. */
struct modules kernel_matches(const struct kernel *kernel, const char *modalias);
enum module_state kernel_module_state(const struct kernel *kernel, const char *module);
const struct softdep *kernel_softdep(const struct kernel *kernel, const char *module);

/* What a file holds now. A path that does not exist is a row too. */
struct file {
	char *path; /* with a leading '/' */
	bool exists;
	mode_t mode;
	char *bytes; /* NUL-terminated */
	size_t size;
};

/* A driver that driverctl gives to a function whenever it appears. */
struct driverctl_override {
	char *where; /* '/etc/driverctl.d/pci-0000:01:00.0' */
	struct bdf bdf;
	char *driver;
};

/* The early binder, where its package has it. */
#define EARLY_PROGRAM "/usr/lib/vfio-bootcfg/vfio-bootcfg-early"

struct system {
	char *root;		/* '/' or as the user wrote it */
	struct kernel *kernels; /* sorted by release, version order */
	size_t n_kernels;
	struct detection initramfs[INITRAMFS_KINDS];
	struct detection bootloader[BOOTLOADER_KINDS];
	struct boot_chain chain;
	bool is_of_other_machine;      /* than the one that is judged */
	bool has_early_binder;	       /* and what brings it into an initramfs */
	bool grub_reads_dropins;       /* /etc/default/grub.d, the Debian family */
	bool mkinitcpio_reads_dropins; /* /etc/mkinitcpio.conf.d, since v36 */
	struct file *files; /* sorted by path: those that artifacts may update */
	size_t n_files;
	struct settings settings; /* of the modules that reserve, without our own file */
	struct driverctl_override *overrides; /* sorted by address */
	size_t n_overrides;
};

/* Borrowed; NULL where there is none. */
const struct driverctl_override *system_override(const struct system *system,
						 struct bdf bdf);
/* Borrowed; a file that was not read is NULL. */
const struct file *system_file(const struct system *system, const char *path);
void system_free(struct system *system);

#define cleanup_system cleanup(system_free)
