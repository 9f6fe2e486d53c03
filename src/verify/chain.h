/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot chain as it stands now, for a boot that went wrong: which of its links let go
 * of a parameter, and whether the image of the kernel has the driver. */
#pragma once

#include "evidence/next_boot.h"
#include "verify/boot.h"

/* Where a missing parameter is now. */
struct chain_link {
	const struct boot_entry *entry;	 /* that boots this kernel, or NULL: not seen */
	bool has_token;			 /* that entry has it */
	const struct boot_entry *booted; /* another that this boot came from, or NULL */
};

struct chain_link chain_follow(const struct boot *boot, const char *token);

/* What this kernel is given, or NULL where nobody looked, or it is not installed. */
const struct boot_kernel *chain_kernel(const struct boot *boot);

/* Whether the kernels of the root were looked at, and this one is none of them. */
bool chain_lacks_kernel(const struct boot *boot);

/* Another kernel whose image has the driver, or NULL. */
const struct boot_kernel *chain_better_image(const struct boot *boot);

/* Whether the image was read, and has the driver. */
enum tristate chain_image_has_driver(const struct boot *boot,
				     const struct boot_kernel *kernel);

/* "run 'update-initramfs …'": how that image is made anew. The caller frees it. */
char *chain_rebuild(const struct boot *boot, const struct boot_kernel *kernel);
