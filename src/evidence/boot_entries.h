/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menu of a boot loader, as far as it boots kernels of Linux: what each entry loads,
 * with which command line, and which one boots when nobody chooses.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stdint.h>

struct boot_entry {
	char *where;  /* '/boot/grub/grub.cfg:119', or the file of the entry */
	char *title;  /* or NULL */
	char *id;     /* as its loader calls it: the name of its file, an --id of GRUB */
	char *kernel; /* as the entry says it, or NULL: a unified image */
	struct strings initrds;
	char *options; /* the command line, or NULL where it cannot be seen */
	/* What systemd-boot sorts by; NULL where the entry does not tell. */
	char *sort_key, *machine_id, *version;
	unsigned tries_left;
	bool counts_tries;
	char *unified; /* the path of the unified image, or NULL */
	char *release; /* of an installed kernel that it boots, or NULL */
};

enum menu_kind { MENU_NONE, MENU_GRUB, MENU_SYSTEMD_BOOT };

struct boot_menu {
	enum menu_kind kind;
	struct boot_entry *v; /* in the order of the menu */
	size_t n;
	size_t chosen; /* that boots next; n or more where that is no Linux */
	char *why;     /* 'the first entry', or what chooses it */
};

/* Whether it is for emergencies, or reserves nothing on purpose. */
bool boot_entry_is_rescue(const struct boot_entry *entry);

/* The entry that boots that release: the chosen one, else the first that is no rescue,
 * else the first. SIZE_MAX where none does. */
size_t boot_menu_find(const struct boot_menu *menu, const char *release);

/* By the version format specification: '~' comes before the end, the rest behind it. */
int version_compare(const char *a, const char *b);

void boot_entry_free(struct boot_entry *entry);
void boot_menu_free(struct boot_menu *menu);

#define cleanup_boot_menu cleanup(boot_menu_free)
