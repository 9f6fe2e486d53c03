/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries that are files, loader/entries/X.conf (Boot Loader Specification, type 1), and
 * unified images, which are entries by themselves (type 2). */
#pragma once

#include "evidence/boot_entries.h"
#include "evidence/uki.h"

/* `path` ends with the name of the file. */
void loader_entry_parse(const char *path, const char *text, size_t n,
			struct boot_entry *ret);
void loader_entry_of_uki(const char *path, const struct uki *uki, struct boot_entry *ret);

/*
 * The menu of systemd-boot in its order, with its choice: `efi_default` is what the
 * firmware keeps for it, or NULL; `config` the text of loader.conf, or NULL. Takes the
 * entries over.
 */
void systemd_menu_make(struct boot_entry *entries, size_t n, const char *efi_default,
		       const char *config, struct boot_menu *ret);
