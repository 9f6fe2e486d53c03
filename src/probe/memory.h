/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What firmware still keeps of the memory of functions. */
#pragma once

#include "facts/function.h"
#include "sys/tree.h"

/* `framebuffer` of the displays, by proc/iomem and their BARs. */
void functions_read_framebuffers(const struct tree *tree, struct functions *functions);

/* has_direct_region, from one file a group. */
void functions_read_direct_regions(const struct tree *tree, struct functions *functions);
