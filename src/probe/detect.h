/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a root's boot chain is, told from its files alone: nothing is run. */
#pragma once

#include "base/finding.h"
#include "facts/system.h"
#include "sys/root.h"

#include <stdarg.h>

/* Fills system->initramfs, ->bootloader and what is said of their drop-ins. */
void probe_boot_chain(const struct root *root, struct system *system,
		      struct findings *findings);

void detect_dracut(const struct root *root, struct detection *ret);
void detect_initramfs_tools(const struct root *root, struct detection *ret);
void detect_mkinitcpio(const struct root *root, struct system *system,
		       struct findings *findings);
void detect_grub(const struct root *root, struct system *system,
		 struct findings *findings);

/* Whether the path leads to something, links followed. */
bool detect_exists(const struct root *root, const char *path);

/* The first of `paths`, which NULL ends, that exists; or NULL. */
const char *detect_first(const struct root *root, const char *const *paths);

/* The text of a program or a configuration file; NULL where it cannot be read. The caller
 * frees it. */
char *detect_text(const struct root *root, const char *path);

/* Whether a hook of pacman is there and is not masked, as an administrator does it with a
 * file of the same name, empty or a link to /dev/null (alpm-hooks(5)). */
bool detect_pacman_hook(const struct root *root, const char *name);

void detect_found(struct detection *detection, const char *evidence, ...)
	__attribute__((format(printf, 2, 3)));
