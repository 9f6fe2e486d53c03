/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is built into a kernel and therefore there before any image is unpacked. */
#pragma once

#include "plan/plan.h"

/*
 * ''xhci_pci' is built into kernel '6.12' (known from its alias in modules.alias of
 * kernel '6.1')', of all competitors of a target that are; NULL where none is. The caller
 * frees it.
 */
char *builtin_competitor(const struct target *target);
