/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the images of a root, what boots them, and from where the kernel command
 * line comes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Where the kernel command line is set. */
#define GRUB_PATH		    "/etc/default/grub"
#define GRUB_DROPIN_FOLDER	    "/etc/default/grub.d/"
#define KERNEL_CMDLINE_PATH	    "/etc/kernel/cmdline"
#define KERNEL_CMDLINE_SHIPPED_PATH "/usr/lib/kernel/cmdline"
#define CMDLINE_D_FOLDER	    "/etc/cmdline.d/"

/* The words that generate added to files that have no comments. */
#define TOKENS_PATH "/var/lib/vfio-bootcfg/words"

/* Those that are written for. */
enum initramfs_kind {
	INITRAMFS_DRACUT,
	INITRAMFS_MKINITCPIO,
	INITRAMFS_TOOLS,
	INITRAMFS_KINDS,
};
enum bootloader_kind {
	BOOTLOADER_GRUB,
	BOOTLOADER_BLS,		   /* GRUB that reads loader/entries: Fedora, RHEL */
	BOOTLOADER_KERNEL_CMDLINE, /* systemd-boot, unified images, kernel-install */
	BOOTLOADER_OSTREE,	   /* and bootc */
	BOOTLOADER_KINDS,
};
/* As the configuration spells them: 'dracut', 'initramfs-tools', 'grub'. */
const char *initramfs_name(enum initramfs_kind kind);
const char *bootloader_name(enum bootloader_kind kind);

/* Those that are known, and answered with the lines that the administrator adds; but for
 * BY_HAND_PROXMOX, which is only found like them. */
enum by_hand_kind {
	BY_HAND_BOOSTER,
	BY_HAND_MKINITFS, /* Alpine */
	BY_HAND_NIXOS,	  /* both a generator and a loader */
	BY_HAND_EXTLINUX,
	BY_HAND_KERNELSTUB, /* Pop!_OS */
	BY_HAND_LIMINE,
	BY_HAND_PROXMOX, /* copies kernels to ESPs that are not mounted otherwise */
	BY_HAND_REFIND,
	BY_HAND_SDBOOT_MANAGE, /* Manjaro, CachyOS */
	BY_HAND_SDBOOTUTIL,    /* openSUSE */
	BY_HAND_KINDS,
};
const char *by_hand_name(enum by_hand_kind kind);
bool by_hand_is_initramfs(enum by_hand_kind kind);
bool by_hand_is_bootloader(enum by_hand_kind kind);

/* Whether one serves this root, and what shows it. */
struct detection {
	bool found;
	char *evidence; /* 'usr/sbin/mkinitramfs and
			   etc/kernel/postinst.d/initramfs-tools' */
};

/* In the names of our own entries, that reserve nothing. */
#define FALLBACK_ENTRY_MARK "vfio_bootcfg_fallback"

/* A menu entry that a file describes (loader/entries/X.conf), for a kernel of this root.
 */
struct loader_entry {
	char *path;    /* with a leading '/' */
	size_t kernel; /* which one of the system; past the last for none that is there */
	bool is_recovery;  /* by its name or its title */
	bool is_fallback;  /* ours, that reserves nothing */
	bool is_installed; /* by kernel-install, which writes it anew each time */
};

struct boot_chain {
	struct detection by_hand[BY_HAND_KINDS];
	struct loader_entry *entries; /* sorted by path */
	size_t n_entries;
	char *closed_entries; /* a folder of them that may not be read, or NULL */
	/* The command line of this boot, where this very root runs; or NULL. */
	char *running_cmdline;
	/* What the loader of this boot calls itself ('systemd-boot 257'), where this very
	 * root runs; or NULL. */
	char *booted_by;
	/* The variable of GRUB's that entries name as their options (RHEL 8); or NULL. */
	char *kernelopts;
	/* kernel-install writes the entries of new kernels. */
	bool uses_kernel_install;
	bool kernel_install_makes_ukis;
	/* kernel-install runs the generator of the initramfs, too. */
	bool kernel_install_makes_initramfs;
	/* The first preset of mkinitcpio that makes a unified image, or NULL. */
	char *mkinitcpio_uki;
	char *mkinitcpio_image;		 /* the unified image of that preset, or NULL */
	bool mkinitcpio_reads_cmdline_d; /* /etc/cmdline.d, since v36 */
	/* A unified image that nothing in this root makes, or NULL. */
	char *foreign_uki;
	/* ostree deploys this root, which cannot be written to; else it is an image that
	 * is being built. */
	bool is_ostree_deployed;
	bool has_rpm_ostree;
};

/* Whether proxmox-boot-tool makes the menus, of systemd-boot or GRUB. */
bool boot_chain_is_proxmox(const struct boot_chain *chain);

void boot_chain_free(struct boot_chain *chain);
