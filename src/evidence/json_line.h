/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's messages as JSON, a field or an entry a line: 'journalctl -o json' and
 * 'dmesg -J'. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What dmesg said of the entry whose message is yet to come; begins as zeroes. */
struct json_entry {
	char time[24]; /* seconds since boot, as text; or '' */
	bool is_foreign;
};

/*
 * Rewrites such a line in place to '[    1.234567] text', followed by a newline where it
 * became shorter; *n is its length. Any other line stays as it is. False: it says
 * nothing, or a process and not the kernel says it.
 */
bool json_line_rewrite(struct json_entry *entry, char *line, size_t *n);

/* Whether the line may be one; `line` has a byte. */
static inline bool json_line_is_likely(const char *line)
{
	return *line == '{' || *line == ' ' || *line == '\t' || *line == '"' ||
	       *line == '\x1e';
}
