/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of an lspci listing that is a dump. libpci would take a long line of -vvv for
 * a damaged dump, and writes wherever an offset of eight digits leads it
 * (lib/dump.c, dump_init): it is given only what it can read.
 */
#pragma once

#include "base/finding.h"

#include <stddef.h>

enum {
	DUMP_SIZE_MAX = 512 * 1024 * 1024,
	DUMP_CONFIG_MAX = 4096, /* bytes of one function's configuration space */
};

/* The headings and rows of the text, in its order; the caller frees it. NULL, with an
 * error in *findings, where there are none or a row is damaged. */
char *dump_text(const char *text, size_t n, const char *name, struct findings *findings,
		size_t *ret_size);
