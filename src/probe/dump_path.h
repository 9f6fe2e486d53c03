/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology of a dump, by the bus numbers of its bridges. */
#pragma once

#include "probe/dump_config.h"

#include <stddef.h>

/*
 * Gives every function its path, as far as the dump holds the bridges above it. `v` is
 * sorted by address. Linear in the functions and the domains.
 */
void dump_set_paths(struct dumped *v, size_t n);
