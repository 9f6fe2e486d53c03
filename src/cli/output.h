/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stream can show: whether colours are wanted, and how wide it is. */
#pragma once

#include "cli/options.h"
#include "report/report.h"

#include <stdio.h>

/*
 * 'auto' colours a terminal, unless NO_COLOR is set to something (no-color.org) or TERM
 * says that it is dumb.
 */
enum colour output_colour(FILE *stream, enum colour_mode mode);

/* The columns of a terminal, or 0 where the stream is none. */
size_t output_width(FILE *stream);
