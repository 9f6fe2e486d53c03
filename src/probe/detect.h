/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a root's boot chain is, told from its files alone: nothing is run. */
#pragma once

#include "base/finding.h"
#include "facts/system.h"
#include "sys/root.h"

#include <stdarg.h>

/* Fills system->initramfs, ->bootloader and what is said of their drop-ins. */
void probe_boot_chain(const struct root *root, struct system *system,
		      struct findings *findings);

void detect_dracut(const struct root *root, struct detection *ret);
/* Warns of what keeps it from taking our drivers. */
void detect_dracut_drivers(const struct root *root, const struct system *system,
			   struct findings *findings);
void detect_initramfs_tools(const struct root *root, struct detection *ret);
void detect_mkinitcpio(const struct root *root, struct system *system,
		       struct findings *findings);
void detect_grub(const struct root *root, struct system *system,
		 struct findings *findings);
void detect_by_hand(const struct root *root, struct boot_chain *chain);
void detect_ostree(const struct root *root, struct system *system);

/* Fill what system->chain says of kernels, entries and unified images; those of
 * mkinitcpio and the entries come before kernel-install. */
void detect_kernel_images(const struct root *root, struct system *system);
void detect_entries(const struct root *root, struct system *system,
		    struct findings *findings);
void detect_mkinitcpio_ukis(const struct root *root, struct system *system,
			    struct findings *findings);
void detect_kernel_cmdline(const struct root *root, struct system *system);

/* The command line of this boot, if the root is what runs; or NULL. The caller frees it.
 */
char *detect_running_cmdline(const struct root *root);
/* The name of the loader that began it, likewise; GRUB tells it since 2.12. */
char *detect_running_loader(const struct root *root);

/* What a line of a preset of mkinitcpio assigns to a name that ends so, or NULL. Borrowed
 * from the line, which is cut. */
char *detect_preset_value(char *line, const char *suffix);

/* The value that a file of NAME=VALUE lines gives a name last, without quotes; or NULL.
 * The caller frees it. */
char *detect_setting(const struct root *root, const char *path, const char *name);

/* The first of `paths`, which NULL ends, that exists; or NULL. */
const char *detect_first(const struct root *root, const char *const *paths);

/* The text of a program or a configuration file; NULL where it cannot be read. The caller
 * frees it. */
char *detect_text(const struct root *root, const char *path);

/* Whether a package ships a file of that name in the one folder, or the administrator has
 * one in the other, where it hides the first, and where an empty one or a link to
 * /dev/null means that there is to be none. */
bool detect_unmasked(const struct root *root, const char *shipped, const char *own,
		     const char *name);
/* That for the hooks of pacman (alpm-hooks(5)), and the plugins of kernel-install(8). */
bool detect_pacman_hook(const struct root *root, const char *name);
bool detect_install_plugin(const struct root *root, const char *name);

void detect_found(struct detection *detection, const char *evidence, ...)
	__attribute__((format(printf, 2, 3)));
