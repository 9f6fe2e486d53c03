/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unified kernel image: a program for EFI whose sections are the kernel, its initramfs
 * and its command line (Unified Kernel Image specification). Of several profiles it is
 * the first, which boots unless somebody chooses another.
 */
#pragma once

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { UKI_TEXT_MAX = 64 * 1024 };

struct uki_section {
	uint64_t offset, size; /* in the file; of size 0 where there is none */
};

struct uki {
	struct uki_section kernel, initrd, microcode;
	/* NULL where the section is missing; NUL-terminated, without blanks at the end.
	 */
	char *cmdline;
	char *uname;	 /* the release of the kernel */
	char *osrel;	 /* os-release(5) */
	bool is_unified; /* has a kernel: an addon has none */
};

/* 0; -EINVAL where the file is no such program; or a negative errno of the stream. */
int uki_read(FILE *file, struct uki *ret);
void uki_free(struct uki *uki);

#define cleanup_uki cleanup(uki_free)
