/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of sysfs, of dev and of run that a snapshot holds. */
#pragma once

#include "sys/snapshot_lines.h"
#include "sys/tree.h"

/* Adds what the rules of `top` name: 'dev', 'run' or 'sys'. */
void snapshot_walk(const struct tree *tree, const char *top,
		   struct snapshot_lines *lines);
