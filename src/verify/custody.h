/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a parameter: from the plan through a file into the boot. */
#pragma once

#include "verify/boot.h"

struct custody {
	const char *path; /* of the first file that holds it, or NULL */
	unsigned line;
	bool has_files; /* of the boot loader, so that NULL means something */
};

/* Where the token stands among the files that the boot loader or its generator reads. */
struct custody custody_of(const struct boot *boot, const char *token);
