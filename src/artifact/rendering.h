/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the backends of this room share: the artifacts in the making. Private. */
#pragma once

#include "artifact/artifact.h"

#include <stdbool.h>
#include <stdio.h>

#define MODPROBE_PATH	       "/etc/modprobe.d/00-vfio-bootcfg.conf"
#define DRACUT_PATH	       "/etc/dracut.conf.d/50-vfio-bootcfg.conf"
#define MKINITCPIO_PATH	       "/etc/mkinitcpio.conf"
#define MKINITCPIO_DROPIN_PATH "/etc/mkinitcpio.conf.d/10-vfio-bootcfg.conf"
#define TOOLS_HOOK_PATH	       "/etc/initramfs-tools/hooks/vfio-bootcfg"
#define TOOLS_SCRIPT_PATH      "/etc/initramfs-tools/scripts/init-top/00-vfio-bootcfg"
#define TOOLS_EARLY_PATH       "/etc/vfio-bootcfg/early"
#define GRUB_PATH	       "/etc/default/grub"
#define GRUB_DROPIN_FOLDER     "/etc/default/grub.d/"
#define GRUB_DROPINS_PATH      GRUB_DROPIN_FOLDER "*.cfg"
#define GRUB_DROPIN_PATH       GRUB_DROPIN_FOLDER "zz-vfio-bootcfg.cfg"
#define GRUB2_MKCONFIG_PATH    "/usr/sbin/grub2-mkconfig"
#define RECORD_PATH	       "/var/lib/vfio-bootcfg/reservation"

/* What the packages of the initramfs glue install. */
#define EARLY_PROGRAM	"/usr/lib/vfio-bootcfg/vfio-bootcfg-early"
#define MKINITCPIO_HOOK "/usr/lib/initcpio/install/vfio-bootcfg"

struct rendering {
	const struct plan *plan;
	struct artifacts *artifacts;
	struct findings *findings;
};

/* The backends: each adds what its generator or loader needs. */
void modprobe_render(struct rendering *rendering);
void dracut_render(struct rendering *rendering);
void mkinitcpio_render(struct rendering *rendering);
void initramfs_tools_render(struct rendering *rendering);
void grub_render(struct rendering *rendering);
void record_render(struct rendering *rendering);

/* The lines that say whose file it is and how it is taken back. */
extern const char rendering_header[];

/* Adds an own file; takes over `text`. */
void render_file(struct rendering *rendering, const char *path, mode_t mode, char *text);

/*
 * Adds a user's file with `lines` as the managed block, at its place or at the end; NULL
 * lines take the block out. A block before something that changes one of the `variables`
 * (up to NULL), which the lines set, moves to the end. A file that cannot be edited
 * without loss is an error, and is left out.
 */
void render_block(struct rendering *rendering, const char *path, const char *lines,
		  const char *const *variables);

/* `argv` ends with NULL. */
void render_command(struct rendering *rendering, const char *const *argv);

/* Prints the strings with blanks between them. They must be of the alphabet that no shell
 * and no generator reads as anything else. */
void print_names(FILE *out, const struct strings *names);
