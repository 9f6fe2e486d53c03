/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines in the kernel log: the only place that is there this early and outlives the
 * initramfs. */
#pragma once

enum kmsg_level { KMSG_WARNING = 4, KMSG_NOTICE = 5, KMSG_INFO = 6 };

/*
 * Adds 'vfio-bootcfg: …' to dev/kmsg below `root`, or to standard error where it cannot
 * be opened. Longer than 500 bytes is cut, and what does not print becomes '?'.
 */
void kmsg_print(const char *root, enum kmsg_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
