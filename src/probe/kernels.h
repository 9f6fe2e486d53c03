/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels of a root, and what each one's own index says about a machine's functions.
 */
#pragma once

#include "base/finding.h"
#include "facts/machine.h"
#include "facts/system.h"
#include "sys/root.h"

/* Our own file: what it says is an answer to what was there without it. */
#define KERNELS_OWN_MODPROBE_FILE "00-vfio-bootcfg.conf"

/* The folders of the installed kernels, '/lib/modules/RELEASE', in version order. Those
 * that are left over of others are notes in *findings. */
void kernels_find(const struct root *root, struct strings *ret,
		  struct findings *findings);

/* Fills system->kernels. */
void probe_kernels(const struct root *root, const struct machine *machine,
		   const char *driver, struct system *system, struct findings *findings);
