/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a kernel log, whoever wrote it down: dmesg with any of its options, the
 * journal, syslog, /dev/kmsg or a serial console. Takes off what stands before the
 * message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { LOG_LINE_MAX = 8192 };

struct log_line {
	const char *message; /* within the buffer, NUL-terminated, never NULL */
	double time;	     /* seconds since boot; NAN where the format does not tell */
	bool is_kernel;	     /* not of another process whose words a daemon logged */
	bool is_relayed;     /* a daemon wrote it down, so the time may be its own */
};

/*
 * `buffer` has room for n + 1 bytes: it gets the line without terminal escapes, control
 * characters and what is no UTF-8.
 */
void log_line_parse(const char *bytes, size_t n, char *buffer, struct log_line *ret);
