/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot that runs on a machine: kernel, command line, modules, nodes. */
#pragma once

#include "facts/machine.h"
#include "sys/tree.h"

void machine_read_boot(const struct tree *tree, struct machine *machine);
