/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/boot_chain.h"

#include "base/memory.h"

#include <stdlib.h>

const char *initramfs_name(enum initramfs_kind kind)
{
	static const char *const names[] = {
		[INITRAMFS_DRACUT] = "dracut",
		[INITRAMFS_MKINITCPIO] = "mkinitcpio",
		[INITRAMFS_TOOLS] = "initramfs-tools",
	};

	_Static_assert(sizeof names / sizeof *names == INITRAMFS_KINDS,
		       "one name a kind");
	return names[kind];
}

const char *bootloader_name(enum bootloader_kind kind)
{
	static const char *const names[] = {
		[BOOTLOADER_GRUB] = "grub",
		[BOOTLOADER_BLS] = "bls",
		[BOOTLOADER_KERNEL_CMDLINE] = "kernel-cmdline",
		[BOOTLOADER_OSTREE] = "ostree",
	};

	_Static_assert(sizeof names / sizeof *names == BOOTLOADER_KINDS,
		       "one name a kind");
	return names[kind];
}

static const struct {
	const char *name;
	bool is_initramfs, is_bootloader;
} by_hand[] = {
	[BY_HAND_BOOSTER] = { "booster", true, false },
	[BY_HAND_MKINITFS] = { "mkinitfs", true, false },
	[BY_HAND_NIXOS] = { "nixos", true, true },
	[BY_HAND_EXTLINUX] = { "extlinux", false, true },
	[BY_HAND_KERNELSTUB] = { "kernelstub", false, true },
	[BY_HAND_LIMINE] = { "limine", false, true },
	[BY_HAND_PROXMOX] = { "proxmox-boot-tool", false, true },
	[BY_HAND_REFIND] = { "refind", false, true },
	[BY_HAND_SDBOOT_MANAGE] = { "sdboot-manage", false, true },
	[BY_HAND_SDBOOTUTIL] = { "sdbootutil", false, true },
};
_Static_assert(sizeof by_hand / sizeof *by_hand == BY_HAND_KINDS, "one row a kind");

const char *by_hand_name(enum by_hand_kind kind)
{
	return by_hand[kind].name;
}

bool by_hand_is_initramfs(enum by_hand_kind kind)
{
	return by_hand[kind].is_initramfs;
}

bool by_hand_is_bootloader(enum by_hand_kind kind)
{
	return by_hand[kind].is_bootloader;
}

bool boot_chain_is_proxmox(const struct boot_chain *chain)
{
	return chain->by_hand[BY_HAND_PROXMOX].found;
}

void boot_chain_free(struct boot_chain *chain)
{
	for (size_t i = 0; i < BY_HAND_KINDS; i++)
		free(chain->by_hand[i].evidence);
	for (size_t i = 0; i < chain->n_entries; i++)
		free(chain->entries[i].path);
	free(chain->entries);
	free(chain->closed_entries);
	free(chain->running_cmdline);
	free(chain->booted_by);
	free(chain->kernelopts);
	free(chain->mkinitcpio_uki);
	free(chain->mkinitcpio_image);
	free(chain->foreign_uki);
	*chain = (struct boot_chain){ 0 };
}
