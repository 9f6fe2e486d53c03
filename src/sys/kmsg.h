/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel log of this boot, from /dev/kmsg. */
#pragma once

#include <stdio.h>

/*
 * A stream over every record that the ring buffer holds, oldest first, as dmesg prints
 * them:
 * '[    1.336660] text'. It ends at the newest. 0, or a negative errno: -EPERM where
 * dmesg_restrict forbids it. The caller closes it.
 */
int kmsg_open(FILE **ret);
