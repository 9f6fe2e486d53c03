/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/json_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char early_binder[] = "vfio-bootcfg";

/* The names of the journal, then those of dmesg. */
static const struct {
	const char *name;
	size_t offset, room;
} fields[] = {
	{ "MESSAGE", offsetof(struct json_entry, message), LOG_LINE_MAX },
	{ "_SOURCE_MONOTONIC_TIMESTAMP", offsetof(struct json_entry, microseconds),
	  JSON_WORD_MAX },
	{ "__MONOTONIC_TIMESTAMP", offsetof(struct json_entry, monotonic),
	  JSON_WORD_MAX },
	{ "SYSLOG_IDENTIFIER", offsetof(struct json_entry, identifier), JSON_WORD_MAX },
	{ "_TRANSPORT", offsetof(struct json_entry, transport), JSON_WORD_MAX },
	{ "msg", offsetof(struct json_entry, message), LOG_LINE_MAX },
	{ "time", offsetof(struct json_entry, seconds), JSON_WORD_MAX },
	{ "pri", offsetof(struct json_entry, priority), JSON_WORD_MAX },
};

bool json_log_is_likely(const char *bytes, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(" \t\r\n\x1e", bytes[i]))
		i++;
	return i < n && bytes[i] == '{';
}

/* The last byte of a value stays NUL. */
static void put(struct json_log *json, char c)
{
	if (!json->is_in_value) {
		if (json->n_key < sizeof json->key - 1)
			json->key[json->n_key++] = c;
	} else if (json->value && json->n_value < json->room - 1) {
		json->value[json->n_value++] = c;
	}
}

/* The log is cleaned of controls and of what is no UTF-8 later, halves of pairs too. */
static void put_code(struct json_log *json, unsigned code)
{
	if (code < 0x80) {
		put(json, code < ' ' && code != 0x1b ? ' ' : (char)code);
	} else if (code < 0x800) {
		put(json, (char)(0xc0 | code >> 6));
		put(json, (char)(0x80 | (code & 0x3f)));
	} else {
		put(json, (char)(0xe0 | code >> 12));
		put(json, (char)(0x80 | (code >> 6 & 0x3f)));
		put(json, (char)(0x80 | (code & 0x3f)));
	}
}

static unsigned hex_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit = strchr(digits, c | 0x20);

	return digit && *digit ? (unsigned)(digit - digits) : 0;
}

static void read_escape(struct json_log *json, char c)
{
	if (json->escape < 0) {
		json->escape = c == 'u' ? 4 : 0;
		json->code = 0;
		if (c != 'u')
			put(json, strchr("nrtbf", c) ? ' ' : c);
		return;
	}
	json->code = json->code << 4 | hex_of(c);
	if (--json->escape == 0)
		put_code(json, json->code);
}

static void read_string(struct json_log *json, char c)
{
	if (json->escape)
		read_escape(json, c);
	else if (c == '\\')
		json->escape = -1;
	else if (c == '"')
		json->is_in_string = false;
	else if (!json->is_in_array) /* several values of one field: none counts */
		put(json, c);
}

/* The journal writes what is no UTF-8 as an array of bytes. */
static void read_number(struct json_log *json, char c)
{
	if (c >= '0' && c <= '9' && json->code < 256) {
		json->code = 10 * json->code + (unsigned)(c - '0');
		json->has_digit = true;
	} else if (json->has_digit) {
		put(json, json->code && json->code != '\n' && json->code < 256
				  ? (char)json->code
				  : ' ');
		json->code = 0;
		json->has_digit = false;
	}
}

static void begin_key(struct json_log *json)
{
	json->is_in_value = json->is_in_array = false;
	json->n_key = 0;
	json->value = NULL;
}

static void begin_value(struct json_log *json)
{
	json->key[json->n_key] = '\0';
	json->is_in_value = true;
	json->n_value = 0;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(json->key, fields[i].name) == 0) {
			json->value = (char *)&json->entry + fields[i].offset;
			json->room = fields[i].room;
			memset(json->value, 0, json->room);
		}
	if (json->value == json->entry.message)
		json->entry.has_message = true;
}

/* Whether an entry ends. */
static bool read_sign(struct json_log *json, char c)
{
	switch (c) {
	case '"':
		json->is_in_string = true;
		return false;
	case '{':
		json->entry.has_message = false;
		*json->entry.seconds = *json->entry.microseconds = '\0';
		*json->entry.monotonic = *json->entry.identifier = '\0';
		*json->entry.transport = *json->entry.priority = '\0';
		begin_key(json);
		return false;
	case '}':
		begin_key(json);
		return true;
	case ':':
		if (!json->is_in_value)
			begin_value(json);
		return false;
	case ',':
		if (!json->is_in_array)
			begin_key(json);
		return false;
	case '[':
	case ']':
		json->is_in_array = c == '[' && json->is_in_value;
		json->code = 0;
		return false;
	default:
		if (json->is_in_value && !strchr(" \t\r\n\x1e", c))
			put(json, c);
		return false;
	}
}

size_t json_log_read(struct json_log *json, const char *bytes, size_t n,
		     bool *ret_is_whole)
{
	*ret_is_whole = false;
	for (size_t i = 0; i < n; i++) {
		json->n_newlines += bytes[i] == '\n';
		if (json->is_in_string) {
			read_string(json, bytes[i]);
			continue;
		}
		if (json->is_in_array && bytes[i] != '"' && bytes[i] != '{') {
			read_number(json, bytes[i]);
			if (bytes[i] != ']')
				continue;
		}
		if (read_sign(json, bytes[i]) && json->entry.has_message) {
			json->entry.has_message = false;
			json->n_entries++;
			*ret_is_whole = true;
			return i + 1;
		}
	}
	return n;
}

unsigned json_log_line(const struct json_log *json)
{
	unsigned line = json->n_newlines + 1;

	return line > json->n_entries ? line : json->n_entries;
}

/* Facility 0 is the kernel's alone; it stands above the three bits of the level. */
static bool is_foreign(const struct json_entry *entry)
{
	if (*entry->transport && strcmp(entry->transport, "kernel") != 0)
		return true;
	if (*entry->identifier)
		return strcmp(entry->identifier, "kernel") != 0 &&
		       strcmp(entry->identifier, early_binder) != 0;
	/* dmesg leaves the name in the message; the journal has it in a field. */
	return strtoul(entry->priority, NULL, 10) > 7 &&
	       (*entry->transport || strncmp(entry->message, "vfio-bootcfg: ", 14) != 0);
}

/* '[    1.234567] ', or nothing where the entry does not tell. */
static int write_stamp(const struct json_entry *entry, char *buffer, size_t size)
{
	const char *digits =
		*entry->microseconds ? entry->microseconds : entry->monotonic;
	unsigned long long microseconds = strtoull(digits, NULL, 10);

	if (*entry->seconds)
		return snprintf(buffer, size, "[%s] ", entry->seconds);
	if (!*digits)
		return 0;
	return snprintf(buffer, size, "[%5llu.%06llu] ",
			microseconds / 1000000 % 10000000000, microseconds % 1000000);
}

size_t json_log_text(const struct json_log *json, char *buffer)
{
	const struct json_entry *entry = &json->entry;
	bool is_early = strcmp(entry->identifier, early_binder) == 0;
	size_t n;

	if (is_foreign(entry))
		return 0;
	n = (size_t)write_stamp(entry, buffer, JSON_TEXT_MAX);
	n += (size_t)snprintf(buffer + n, JSON_TEXT_MAX - n, "%s%s%s",
			      is_early ? early_binder : "", is_early ? ": " : "",
			      entry->message);
	return n < LOG_LINE_MAX ? n : LOG_LINE_MAX;
}
