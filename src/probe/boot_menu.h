/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menus of GRUB and of systemd-boot. Private. */
#pragma once

#include "evidence/next_boot.h"
#include "facts/system.h"
#include "sys/root.h"

/* Fills next->menu, menu_path and menu_error. */
void boot_menu_probe(const struct root *root, const struct system *system,
		     enum menu_kind loader, struct next_boot *next);

/* Where the partition of an entry is mounted, as far as its file tells; or NULL. */
const char *boot_entry_mount(const struct boot_entry *entry);
