/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/detect.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1024 * 1024 };

const char *detect_first(const struct root *root, const char *const *paths)
{
	for (; *paths; paths++)
		if (root_exists(root, *paths))
			return *paths;
	return NULL;
}

char *detect_text(const struct root *root, const char *path)
{
	char *text = NULL;
	size_t size;

	return root_read(root, path, TEXT_MAX, &text, &size) ? NULL : text;
}

bool detect_unmasked(const struct root *root, const char *shipped, const char *own,
		     const char *name)
{
	cleanup_free char *shipped_path = xasprintf("%s/%s", shipped, name);
	cleanup_free char *own_path = xasprintf("%s/%s", own, name);
	cleanup_free char *text = NULL;
	struct stat status;

	if (root_stat(root, own_path, &status))
		return root_exists(root, shipped_path);
	text = detect_text(root, own_path);
	return text && *text;
}

bool detect_pacman_hook(const struct root *root, const char *name)
{
	return detect_unmasked(root, "usr/share/libalpm/hooks", "etc/pacman.d/hooks",
			       name);
}

void detect_found(struct detection *detection, const char *evidence, ...)
{
	va_list arguments;

	va_start(arguments, evidence);
	*detection = (struct detection){
		.found = true,
		.evidence = xvasprintf(evidence, arguments),
	};
	va_end(arguments);
}

/* Chains that others are only parts of: what shows those is theirs. */
struct ownership {
	bool of_everything, of_grub, of_entries;
};

static struct ownership find_owner(const struct system *system)
{
	const struct detection *by_hand = system->chain.by_hand;
	struct ownership owns = { .of_everything = by_hand[BY_HAND_NIXOS].found };

	owns.of_grub = owns.of_everything ||
		       system->bootloader[BOOTLOADER_OSTREE].found ||
		       by_hand[BY_HAND_SDBOOTUTIL].found;
	owns.of_entries = owns.of_grub || by_hand[BY_HAND_KERNELSTUB].found ||
			  by_hand[BY_HAND_PROXMOX].found ||
			  by_hand[BY_HAND_SDBOOT_MANAGE].found;
	return owns;
}

static void forget(struct detection *detection)
{
	cleanup_free_ptr(&detection->evidence);
	*detection = (struct detection){ 0 };
}

static void detect_initramfs(const struct root *root, struct system *system,
			     struct findings *findings)
{
	detect_dracut(root, &system->initramfs[INITRAMFS_DRACUT]);
	if (system->initramfs[INITRAMFS_DRACUT].found)
		detect_dracut_drivers(root, system, findings);
	detect_mkinitcpio(root, system, findings);
	detect_initramfs_tools(root, &system->initramfs[INITRAMFS_TOOLS]);
}

/* A closed folder matters where its entries are what boots, or nothing else was found. */
static void report_closed_entries(const struct system *system, struct findings *findings)
{
	const struct detection *found = system->bootloader;
	const char *folder = system->chain.closed_entries;

	if (folder && !found[BOOTLOADER_GRUB].found && !found[BOOTLOADER_OSTREE].found)
		finding_remedy(findings_add(findings, SEVERITY_WARNING, "unreadable",
					    folder,
					    "cannot see which menu entries there are"),
			       "run it as root");
}

void probe_boot_chain(const struct root *root, struct system *system,
		      struct findings *findings)
{
	struct ownership owns;

	detect_by_hand(root, &system->chain);
	detect_ostree(root, system);
	owns = find_owner(system);
	if (!owns.of_everything)
		detect_initramfs(root, system, findings);
	detect_kernel_images(root, system);
	if (!owns.of_grub)
		detect_grub(root, system, findings);
	detect_entries(root, system, findings);
	detect_mkinitcpio_ukis(root, system, findings);
	detect_kernel_cmdline(root, system);
	if (owns.of_entries)
		forget(&system->bootloader[BOOTLOADER_KERNEL_CMDLINE]);
	report_closed_entries(system, findings);
	system->chain.running_cmdline = detect_running_cmdline(root);
	system->chain.booted_by = detect_running_loader(root);
}
