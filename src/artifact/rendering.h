/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the backends of this room share: the artifacts in the making. Private. */
#pragma once

#include "artifact/artifact.h"
#include "artifact/token_record.h"

#include <stdbool.h>
#include <stdio.h>

#define MODPROBE_PATH	       "/etc/modprobe.d/00-vfio-bootcfg.conf"
#define DRACUT_PATH	       "/etc/dracut.conf.d/50-vfio-bootcfg.conf"
#define MKINITCPIO_PATH	       "/etc/mkinitcpio.conf"
#define MKINITCPIO_DROPIN_PATH "/etc/mkinitcpio.conf.d/10-vfio-bootcfg.conf"
#define TOOLS_HOOK_PATH	       "/etc/initramfs-tools/hooks/vfio-bootcfg"
#define TOOLS_SCRIPT_PATH      "/etc/initramfs-tools/scripts/init-top/00-vfio-bootcfg"
#define TOOLS_EARLY_PATH       "/etc/vfio-bootcfg/early"
#define GRUB_DROPINS_PATH      GRUB_DROPIN_FOLDER "*.cfg"
#define GRUB_DROPIN_PATH       GRUB_DROPIN_FOLDER "zz-vfio-bootcfg.cfg"
#define GRUB2_MKCONFIG_PATH    "/usr/sbin/grub2-mkconfig"
#define STATE_FOLDER	       "/var/lib/vfio-bootcfg"

#define CMDLINE_D_PATH	       CMDLINE_D_FOLDER "50-vfio-bootcfg.conf"
#define INSTALL_PLUGIN_PATH    "/etc/kernel/install.d/93-vfio-bootcfg-fallback.install"
#define GRUBBY_PATH	       "/usr/sbin/grubby"
#define GRUB_LINUX_PATH	       "/etc/grub.d/10_linux"
#define GRUB_FALLBACK_PATH     "/etc/grub.d/42_vfio_bootcfg"
#define BOOTC_KARGS_PATH       "/usr/lib/bootc/kargs.d/50-vfio-bootcfg.toml"

/* The variable of GRUB that holds the options of all entries (RHEL 8). */
#define KERNELOPTS "$kernelopts"

/* What the package of the initramfs glue installs for mkinitcpio. */
#define MKINITCPIO_HOOK "/usr/lib/initcpio/install/vfio-bootcfg"

struct rendering {
	const struct plan *plan;
	struct artifacts *artifacts;
	struct findings *findings;
	struct token_record record_before, record; /* of the run before, and of this one
						    */
	struct strings
		way_back; /* what is to be run after a revert, as lines of a shell */
};

/* The backends: each adds what its generator or loader needs. */
void modprobe_render(struct rendering *rendering);
void dracut_render(struct rendering *rendering);
void mkinitcpio_render(struct rendering *rendering);
void initramfs_tools_render(struct rendering *rendering);
void grub_render(struct rendering *rendering);
void bls_render(struct rendering *rendering);
void kernel_cmdline_render(struct rendering *rendering);
void ostree_render(struct rendering *rendering);
void by_hand_render(struct rendering *rendering);
/* What takes back the work of a generator or loader that the plan before used. */
void left_behind_render(struct rendering *rendering);
void token_record_render(struct rendering *rendering);
void record_render(struct rendering *rendering);
void way_back_render(struct rendering *rendering);

/* The lines that say whose file it is and how it is taken back. */
extern const char rendering_header[];

/* Whether it was written by this program, by its mark. */
bool file_is_own(const struct file *file);
/* Whether files are there that it wrote, and the record of them is not. */
bool record_is_lost(const struct system *system);

/* Adds an own file; takes over `text`. The artifact is valid until the next one. */
struct artifact *render_file(struct rendering *rendering, const char *path, mode_t mode,
			     char *text);

/*
 * Adds a user's file with `lines` as the managed block, at its place or at the end; NULL
 * lines take the block out. A block before something that changes one of the `variables`
 * (up to NULL), which the lines set, moves to the end. A file that cannot be edited
 * without loss is an error, and is left out.
 */
void render_block(struct rendering *rendering, const char *path, const char *lines,
		  const char *const *variables);

/* `argv` ends with NULL. After a revert the same is to be run. */
void render_command(struct rendering *rendering, const char *const *argv);
void render_command_list(struct rendering *rendering, const struct strings *argv);
/* What that is instead, for the command that was rendered last; NULL: nothing. */
void render_way_back(struct rendering *rendering, const char *const *argv);

/* Prints the strings with blanks between them. They must be of the alphabet that no shell
 * and no generator reads as anything else. */
void print_names(FILE *out, const struct strings *names);

/* Words that make an entry reserve nothing, behind whatever stands before them. */
void list_off_words(const struct plan *plan, struct strings *ret);

/* The words of an earlier run that an entry with these options may hold. Borrowed. */
const struct strings *words_before(const struct rendering *rendering,
				   const struct loader_entry *entry, const char *options);

/* The words that a tool adds to a line where they are missing, which may have those of an
 * earlier run. The line may be NULL. */
void list_added(const char *line, const struct strings *before,
		const struct strings *wanted, struct strings *ret);

/* An error where words cannot follow that line of the file. */
bool can_edit_line(struct rendering *rendering, const struct file *file,
		   const char *line);
void report_unread(struct rendering *rendering, const char *path);

/* Adds a user's file with our words and without them; takes over both. */
void render_edited(struct rendering *rendering, const struct file *file, char *with,
		   char *without);

/* /etc/kernel/cmdline. */
void render_cmdline_file(struct rendering *rendering);
/* Its text without those words. The caller frees it. */
char *cmdline_file_without(const char *text, const struct strings *words);
/* The words of such files on one line. The caller frees it. */
char *join_cmdline_files(const struct strings *texts);

/* Fills artifacts->undone. */
void render_undone(struct rendering *rendering);

/* How a loader sorts and changes its entries. */
struct entry_style {
	const char *separator; /* before the mark of a fallback, so that it comes later */
	const char *indent;    /* of the options of a fallback */
	bool edits_installed;  /* also those that kernel-install writes */
};

/* The options of every entry, and an entry beside it that reserves nothing. False where
 * there is none to edit. */
bool render_entries(struct rendering *rendering, const struct entry_style *style);

/* What keeps such an entry for the kernels that are installed later. */
void render_install_plugin(struct rendering *rendering, const struct entry_style *style);

/* Whether kernel-install makes the images anew, so that the generator need not be run. */
bool kernel_install_rebuilds(const struct plan *plan);

/* What brings a new command line to the ESPs of Proxmox, where that is what boots. */
void render_proxmox_refresh(struct rendering *rendering);

/* The same text with each '@MARK@' replaced; `values` are pairs of mark and value, up to
 * NULL. The caller frees it. */
char *fill_in(const char *text, const char *const *values);

/* The text in single quotes, for a shell; and a list of words so. They must hold none
 * themselves. The caller frees it. */
char *shell_quoted(const char *text);
char *shell_quoted_list(const struct strings *words);

/* What grub_render() puts into /etc/default/grub, for a GRUB that reads entries. */
void grub_render_for_entries(struct rendering *rendering);

/* A script of grub-mkconfig for an entry without the words that are given. */
void grub_fallback_render(struct rendering *rendering, const struct strings *words);
