/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of procfs that a snapshot holds, each cut down to what a probe reads. */
#pragma once

#include "sys/snapshot_lines.h"
#include "sys/tree.h"

void snapshot_proc(const struct tree *tree, struct snapshot_lines *lines);
