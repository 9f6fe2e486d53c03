/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel a file is, whatever its name: '/boot/vmlinuz-linux' tells none. */
#pragma once

#include <stdint.h>
#include <stdio.h>

/*
 * The release that an image for x86 tells in its header (Documentation/arch/x86/boot.rst,
 * kernel_version); NULL where it tells none, as on other processors. The caller frees it.
 */
char *vmlinuz_release(FILE *file, uint64_t offset);
