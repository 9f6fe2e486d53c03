/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel log of a boot, from the journal: also of one that ended in a black screen.
 */
#pragma once

#include <stdio.h>

/*
 * A stream over the kernel's messages of a boot, in the form of kmsg_open(). Boot 0 is
 * the one that runs, -1 the one before; `root` is '/', or another system's, whose newest
 * boot is 0. 0, or a negative errno: -ENOENT where the journal has no such boot,
 * -EOPNOTSUPP where the program was built without libsystemd. The caller closes it.
 */
int journal_open(const char *root, int boot, FILE **ret);
