/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry, loader.conf, grub.cfg and grubenv: each sees the same bytes. */
#include "base/memory.h"
#include "evidence/grub_cfg.h"
#include "evidence/loader_entry.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct boot_entry *parse_two(const char *text, size_t n)
{
	struct boot_entry *entries = xcalloc(2, sizeof *entries);

	loader_entry_parse("/boot/loader/entries/a+3-1.conf", text, n, &entries[0]);
	loader_entry_parse("/boot/loader/entries/b.conf", text, n / 2, &entries[1]);
	return entries;
}

static void check_menu(struct boot_menu *menu)
{
	size_t found = boot_menu_find(menu, "6.1");

	assert(found == SIZE_MAX || found < menu->n);
	assert(menu->kind == MENU_GRUB || menu->chosen < menu->n);
	for (size_t i = 0; i < menu->n; i++)
		assert(menu->v[i].where);
	boot_menu_free(menu);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	cleanup_free char *text = xcalloc(n + 1, 1);
	struct boot_menu menu = { 0 };

	memcpy(text, bytes, n);
	systemd_menu_make(parse_two(text, n), 2, NULL, text, &menu);
	check_menu(&menu);
	systemd_menu_make(parse_two(text, n), 2, "a*", text, &menu);
	check_menu(&menu);
	grub_menu_make("grub.cfg", text, n, text, parse_two(text, n), 2, &menu);
	check_menu(&menu);
	return 0;
}
