/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help, made from the tables, within 80 columns. */
#pragma once

#include "cli/options.h"

#include <stdio.h>

/* Of one command, or of the program where `verb` is VERBS. */
void help_print(FILE *out, enum verb verb);
