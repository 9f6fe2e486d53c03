/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that may be updated hold now. */
#pragma once

#include "base/finding.h"
#include "facts/system.h"
#include "sys/root.h"

enum { FILES_SIZE_MAX = 1024 * 1024 };

/* Fills system->files. What cannot be read is an error in *findings, and left out. */
void probe_files(const struct root *root, const char *const *paths, size_t n_paths,
		 struct system *system, struct findings *findings);
