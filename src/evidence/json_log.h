/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's messages as JSON, whatever its layout: 'journalctl -o json', '-o
 * json-pretty' and '-o json-seq', 'dmesg -J', with or without newlines.
 */
#pragma once

#include "evidence/log_line.h"

#include <stdbool.h>
#include <stddef.h>

enum { JSON_WORD_MAX = 32 };

/* What an entry has; longer text is cut. */
struct json_entry {
	char message[LOG_LINE_MAX], seconds[JSON_WORD_MAX], microseconds[JSON_WORD_MAX],
		monotonic[JSON_WORD_MAX], identifier[JSON_WORD_MAX],
		transport[JSON_WORD_MAX], priority[JSON_WORD_MAX];
	bool has_message;
};

/* The place in the text. A zeroed one stands at its start. */
struct json_log {
	struct json_entry entry;
	char key[JSON_WORD_MAX];
	size_t n_key;
	char *value; /* of the field that is being read, within `entry`; or NULL */
	size_t n_value, room;
	int escape;    /* characters of '\u1234' to come, or -1 after a backslash */
	unsigned code; /* of that, or of a byte in an array of them */
	bool is_in_string, is_in_value, is_in_array, has_digit;
	unsigned n_newlines, n_entries;
};

/* Whether the log is written so. */
bool json_log_is_likely(const char *bytes, size_t n);

/*
 * Reads up to the end of an entry, or to that of the bytes; gives back how many were
 * taken. *ret_is_whole tells whether json->entry is one.
 */
size_t json_log_read(struct json_log *json, const char *bytes, size_t n,
		     bool *ret_is_whole);

/* The line at which the entry ends; where all is one line, its number. */
unsigned json_log_line(const struct json_log *json);

/*
 * The entry as dmesg prints it, '[    1.234567] text', in a buffer of JSON_TEXT_MAX
 * bytes; its length. 0: a process, and not the kernel, says it.
 */
enum { JSON_TEXT_MAX = LOG_LINE_MAX + 64 };
size_t json_log_text(const struct json_log *json, char *buffer);
