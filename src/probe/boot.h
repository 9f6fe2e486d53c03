/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the next boot of a root will meet. */
#pragma once

#include "evidence/next_boot.h"
#include "facts/system.h"
#include "sys/root.h"

/*
 * `loader` says whose menu is looked at, MENU_NONE whichever there is. `release` is the
 * kernel whose image is read; NULL reads those of all. What cannot be read is said in
 * *ret; its files stay for whoever renders them.
 */
void probe_next_boot(const struct root *root, const struct system *system,
		     enum menu_kind loader, const char *release, struct next_boot *ret);
