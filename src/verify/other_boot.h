/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a log that was named tells of another boot than sysfs. */
#pragma once

#include "evidence/kernel_log.h"
#include "facts/machine.h"

/*
 * How the log contradicts the kernel and the command line that the machine shows; NULL
 * where nothing does. The caller frees it.
 */
char *other_boot(const struct machine *machine, const struct kernel_log *log);
