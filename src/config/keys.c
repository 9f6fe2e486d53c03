/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/keys.h"

#include <string.h>

/* The manual page, completion and the readers of settings.c live on these rows. A choice
 * stands for the enumerator of its position. */
const struct config_key config_keys[] = {
	[KEY_DRIVER] = { "vfio-bootcfg", "driver", "NAME", "vfio-pci",
			 "The driver that reserves the devices: vfio-pci, pci-stub, or a VFIO variant driver such as mlx5_vfio_pci." },
	[KEY_IOMMU] = { "vfio-bootcfg", "iommu", "on | pt | leave", "on",
			"on adds intel_iommu=on or amd_iommu=on to the kernel command line, whichever suits the processor; pt adds iommu=pt as well; leave adds nothing. The kernel does not know amd_iommu=on: it is written because guides and users ask for it, and nothing depends on it." },
	[KEY_INITRAMFS] = { "vfio-bootcfg", "initramfs",
			    "auto | none | dracut | mkinitcpio | initramfs-tools | booster | mkinitfs | nixos",
			    "auto",
			    "The initramfs generators to write for, one or more. auto takes the one that is installed, none writes for none. What booster, mkinitfs and nixos need is said, for you to add." },
	[KEY_BOOTLOADER] = { "vfio-bootcfg", "bootloader",
			     "auto | none | grub | bls | kernel-cmdline | ostree | extlinux | kernelstub | limine | nixos | proxmox-boot-tool | refind | sdboot-manage | sdbootutil",
			     "auto",
			     "The boot loaders to write for, one or more. auto takes the one that is installed, none writes for none. kernel-cmdline is systemd-boot, unified images and kernel-install. proxmox-boot-tool is the systemd-boot of Proxmox; where 'proxmox-boot-tool status' says grub, it is grub. What the others behind ostree need is said, for you to add." },
	[KEY_FALLBACK_ENTRY] = { "vfio-bootcfg", "fallback-entry", "yes | no", "yes",
				 "Whether to keep a boot entry that reserves nothing. true, on and 1 are yes as well, and false, off and 0 are no." },
	[KEY_ADDRESS] = { "device", "address", "[DOMAIN:]BUS:DEVICE.FUNCTION", "",
			  "Where the device is, as lspci shows it, one or more. A domain of 0000 may be left out." },
	[KEY_PATH] = { "device", "path",
		       "[DOMAIN:]BUS:DEVICE.FUNCTION[/DEVICE.FUNCTION]...", "",
		       "The way to the device through the bridges above it, one or more, as the pci= options of the kernel spell it. It stays the same when bus numbers move; generate has to run again then." },
	[KEY_ID] = { "device", "id", "VVVV:DDDD[:SVVV:SDDD]", "",
		     "What the device is, one or more: vendor and device, and with them the subsystem where that tells two boards apart." },
	[KEY_FUNCTIONS] = { "device", "functions", "all | listed", "all",
			    "all widens what is named to every function of its slot, so that a GPU brings its audio and USB functions along; listed reserves what is named and nothing else." },
	[KEY_CLAIM] = { "device", "claim", "auto | id | subsystem | address", "auto",
			"How the driver gets the device: by its vendor and device, by its subsystem as well, or by its address. auto takes the simplest that takes no other device with it." },
	[KEY_ALLOW] = { "device", "allow",
			"boot-display | default-network | group-host-device | root-storage",
			"",
			"The refusals that are accepted for this device, none or more." },
};
_Static_assert(sizeof config_keys / sizeof *config_keys == KEYS, "one row a key");
const size_t config_n_keys = KEYS;

const char *const config_refusals[] = {
	"boot-display",
	"default-network",
	"group-host-device",
	"root-storage",
};
const size_t config_n_refusals = sizeof config_refusals / sizeof *config_refusals;

const struct config_key *key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcasecmp(config_keys[i].name, name) == 0)
			return &config_keys[i];
	return NULL;
}

struct strings key_names(const char *section)
{
	struct strings names = { 0 };

	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			strings_add(&names, config_keys[i].name);
	return names;
}
