/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that make what was written take effect, one after the other. */
#pragma once

#include "artifact/artifact.h"
#include "cli/options.h"

/* Stops at the first that fails, or where the user interrupts: what is done and what is
 * left is an error in *findings. Only ever for the running root: for another one the
 * tools would act on this system. */
enum status rebuild(const struct artifacts *artifacts, struct findings *findings);
