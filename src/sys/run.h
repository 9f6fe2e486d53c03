/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of the running system. */
#pragma once

/*
 * Runs argv[0], found in PATH, with our standard streams and no input, and waits. The
 * exit status, 128 + the signal that ended it, or a negative errno where it could not
 * start.
 */
int run_program(char *const argv[]);
