/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one-file form of a machine (docs/design/snapshot.md): what it begins with, how its
 * errors are spelled, how it is written.
 */
#pragma once

#include "sys/tree.h"

#include <stddef.h>
#include <stdio.h>

/* The first line is this and the version, 1. */
#define SNAPSHOT_MAGIC "vfio-bootcfg snapshot "

enum { SNAPSHOT_SIZE_MAX = 1024 * 1024 * 1024 };

/* REDACT takes out serial numbers, MAC and IP addresses, host names, labels, UUIDs. */
enum redaction { REDACT, REDACT_NOTHING };

/*
 * Writes what the probes read of a machine, sorted by path. `log` is its kernel log, one
 * record a line, of any length; NULL stands for the tree's own, where it has one. 0, or
 * the negative errno of reading the log or of writing.
 */
int snapshot_write(const struct tree *tree, FILE *log, enum redaction redaction,
		   FILE *out);

/* Errors that a snapshot can hold: 'EACCES' and EACCES; 0 and NULL where there is none.
 */
int snapshot_error(const char *name);
const char *snapshot_error_name(int error);
