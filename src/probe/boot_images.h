/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initramfs of a kernel, with what its modprobe.d says. Private. */
#pragma once

#include "evidence/next_boot.h"
#include "sys/root.h"

/* The files together are one image, in their order. */
void boot_image_read(const struct root *root, const struct strings *paths,
		     struct boot_image *ret);
