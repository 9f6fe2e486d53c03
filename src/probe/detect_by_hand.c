/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chains that are known and not written for: each is answered, none passed over. */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

/* What shows one: a path, and another where one alone proves nothing. */
static const struct clue {
	enum by_hand_kind kind;
	const char *path, *with;
} clues[] = {
	{ BY_HAND_MKINITFS, "sbin/mkinitfs", "etc/mkinitfs/mkinitfs.conf" },
	{ BY_HAND_MKINITFS, "usr/sbin/mkinitfs", "etc/mkinitfs/mkinitfs.conf" },
	{ BY_HAND_NIXOS, "etc/NIXOS", NULL },
	{ BY_HAND_EXTLINUX, "etc/update-extlinux.conf", NULL },
	{ BY_HAND_EXTLINUX, "boot/extlinux/extlinux.conf", NULL },
	{ BY_HAND_KERNELSTUB, "etc/kernelstub/configuration", "usr/bin/kernelstub" },
	{ BY_HAND_LIMINE, "usr/bin/limine-entry-tool", NULL },
	{ BY_HAND_LIMINE, "boot/limine.conf", NULL },
	{ BY_HAND_LIMINE, "boot/limine/limine.conf", NULL },
	{ BY_HAND_LIMINE, "boot/EFI/limine/limine.conf", NULL },
	{ BY_HAND_LIMINE, "efi/limine.conf", NULL },
	{ BY_HAND_LIMINE, "efi/EFI/limine/limine.conf", NULL },
	{ BY_HAND_LIMINE, "boot/efi/limine.conf", NULL },
	{ BY_HAND_LIMINE, "boot/efi/EFI/limine/limine.conf", NULL },
	{ BY_HAND_PROXMOX, "etc/kernel/proxmox-boot-uuids", NULL },
	{ BY_HAND_REFIND, "boot/refind_linux.conf", NULL },
	{ BY_HAND_REFIND, "boot/EFI/refind/refind.conf", NULL },
	{ BY_HAND_REFIND, "efi/EFI/refind/refind.conf", NULL },
	{ BY_HAND_REFIND, "boot/efi/EFI/refind/refind.conf", NULL },
	{ BY_HAND_SDBOOT_MANAGE, "usr/bin/sdboot-manage", "etc/sdboot-manage.conf" },
};

static void follow_clue(const struct root *root, const struct clue *clue,
			struct boot_chain *chain)
{
	struct detection *detection = &chain->by_hand[clue->kind];

	if (detection->found || !root_exists(root, clue->path))
		return;
	if (!clue->with)
		detect_found(detection, "%s", clue->path);
	else if (root_exists(root, clue->with))
		detect_found(detection, "%s and %s", clue->path, clue->with);
}

static void detect_booster(const struct root *root, struct detection *ret)
{
	static const char program[] = "usr/bin/booster", file[] = "etc/booster.yaml";
	static const char hook[] = "90-booster-install.hook";

	if (!root_exists(root, program))
		return;
	if (detect_pacman_hook(root, hook))
		detect_found(ret, "%s and the hook %s of pacman", program, hook);
	else if (!root_exists(root, "usr/share/libalpm") && root_exists(root, file))
		detect_found(ret, "%s and %s", program, file);
}

char *detect_setting(const struct root *root, const char *path, const char *name)
{
	cleanup_free char *text = detect_text(root, path);
	cleanup_strings struct strings lines = { 0 };
	size_t n = strlen(name);
	char *value = NULL;

	if (text)
		strings_split(&lines, text, "\r\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i] + strspn(lines.v[i], " \t");

		if (strncmp(line, name, n) != 0 || line[n] != '=')
			continue;
		line += n + 1;
		line += strspn(line, "\"'");
		cleanup_free_ptr(&value);
		value = xstrndup(line, strcspn(line, "\"' \t#"));
	}
	return value;
}

/* The program is there, too, where GRUB is kept by perl-bootloader: the system's setting
 * tells, or where that is missing, the entries. */
static void detect_sdbootutil(const struct root *root, struct detection *ret)
{
	static const char program[] = "usr/bin/sdbootutil";
	static const char setting[] = "etc/sysconfig/bootloader";
	static const char *const entries[] = { "boot/efi/loader/entries",
					       "boot/loader/entries", NULL };
	cleanup_free char *type = NULL;
	const char *folder = detect_first(root, entries);

	if (!root_exists(root, program))
		return;
	type = detect_setting(root, setting, "LOADER_TYPE");
	if (type && (strcmp(type, "systemd-boot") == 0 || strcmp(type, "grub2-bls") == 0))
		detect_found(ret, "%s and '%s' in %s", program, type, setting);
	else if (!type && folder)
		detect_found(ret, "%s and %s", program, folder);
}

void detect_by_hand(const struct root *root, struct boot_chain *chain)
{
	for (size_t i = 0; i < sizeof clues / sizeof *clues; i++)
		follow_clue(root, &clues[i], chain);
	detect_booster(root, &chain->by_hand[BY_HAND_BOOSTER]);
	detect_sdbootutil(root, &chain->by_hand[BY_HAND_SDBOOTUTIL]);
}
