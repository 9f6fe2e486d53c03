/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menu that a grub.cfg makes. Nothing is run: conditions count as true, and variables
 * have what the file or the environment block sets last.
 */
#pragma once

#include "evidence/boot_entries.h"

/*
 * `name` is the file's, for messages. `environment` is the text of grubenv, or NULL.
 * `files` are the entries of loader/entries, which `blscfg` puts into the menu; they are
 * taken over.
 */
void grub_menu_make(const char *name, const char *text, size_t n, const char *environment,
		    struct boot_entry *files, size_t n_files, struct boot_menu *ret);
