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

/* Errors that a snapshot can hold: 'EACCES' and EACCES; 0 and NULL where there is none.
 */
int snapshot_error(const char *name);
const char *snapshot_error_name(int error);
