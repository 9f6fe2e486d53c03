/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/json_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char early_binder[] = "vfio-bootcfg";

/* Borrowed from the line; of a string or an array what is within. */
struct slice {
	char *at, *end;
	char kind; /* '"', '[', '0' of a bare word, or NUL: there is none */
};

struct fields {
	struct slice message, seconds, microseconds, monotonic, identifier, transport,
		priority;
};

static const struct {
	const char *name;
	size_t offset;
} known[] = {
	{ "MESSAGE", offsetof(struct fields, message) },
	{ "_SOURCE_MONOTONIC_TIMESTAMP", offsetof(struct fields, microseconds) },
	{ "__MONOTONIC_TIMESTAMP", offsetof(struct fields, monotonic) },
	{ "SYSLOG_IDENTIFIER", offsetof(struct fields, identifier) },
	{ "_TRANSPORT", offsetof(struct fields, transport) },
	{ "msg", offsetof(struct fields, message) },
	{ "time", offsetof(struct fields, seconds) },
	{ "pri", offsetof(struct fields, priority) },
};

static bool is(struct slice slice, const char *text)
{
	size_t n = strlen(text);

	return slice.kind && (size_t)(slice.end - slice.at) == n &&
	       memcmp(slice.at, text, n) == 0;
}

static char *skip_blanks(char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at;
}

/* After the string, the array or the bare word at `at`; NULL where it is cut short. */
static char *take_value(char *at, char *end, struct slice *ret)
{
	char close = '"';

	if (at == end)
		return NULL;
	if (*at != '"' && *at != '[') {
		*ret = (struct slice){ at, at, '0' };
		while (ret->end < end && !strchr(",}] \t\r", *ret->end))
			ret->end++;
		return ret->end;
	}
	*ret = (struct slice){ at + 1, at + 1, *at };
	if (*at == '[')
		close = ']';
	for (at++; at < end && *at != close;) {
		struct slice inner;

		if (close == ']' && *at == '"')
			at = take_value(at, end, &inner);
		else
			at += *at == '\\' ? 2 : 1;
		if (!at)
			return NULL;
	}
	ret->end = at;
	return at < end ? at + 1 : NULL;
}

static void keep(struct fields *fields, struct slice name, struct slice value)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (is(name, known[i].name))
			memcpy((char *)fields + known[i].offset, &value, sizeof value);
}

/* `"name": value, …` up to the end or to what is no such thing. */
static void take_fields(char *at, char *end, struct fields *ret)
{
	struct slice name, value;

	while ((at = skip_blanks(at, end)) < end && *at == '"') {
		at = take_value(at, end, &name);
		at = at ? skip_blanks(at, end) : NULL;
		if (!at || at == end || *at != ':')
			return;
		at = take_value(skip_blanks(at + 1, end), end, &value);
		if (!at)
			return;
		keep(ret, name, value);
		at = skip_blanks(at, end);
		if (at < end && *at == ',')
			at++;
	}
}

/* Four hexadecimal digits, or -1. */
static long hex_of(const char *at, const char *end)
{
	char digits[5] = "", *stop;
	long code;

	if (end - at < 4)
		return -1;
	memcpy(digits, at, 4);
	code = strtol(digits, &stop, 16);
	return strspn(digits, "0123456789abcdefABCDEF") == 4 ? code : -1;
}

/* The log is cleaned of controls and of what is no UTF-8 later, halves of pairs too. */
static char *put_code(char *out, long code)
{
	if (code < 0x80) {
		*out++ = code < ' ' && code != 0x1b ? ' ' : (char)code;
	} else if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
		*out++ = (char)(0x80 | (code & 0x3f));
	} else {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	}
	return out;
}

/* Over itself: every escape is longer than what it stands for. */
static void decode_string(struct slice *slice)
{
	char *out = slice->at;

	for (const char *at = slice->at; at < slice->end; at++) {
		long code = *at == '\\' && at + 1 < slice->end && at[1] == 'u'
				    ? hex_of(at + 2, slice->end)
				    : -1;

		if (code >= 0) {
			out = put_code(out, code);
			at += 5;
		} else if (*at == '\\' && at + 1 < slice->end) {
			at++;
			*out++ = strchr("nrtbf", *at) ? ' ' : *at;
		} else {
			*out++ = *at;
		}
	}
	slice->end = out;
}

/* The journal writes what is no UTF-8 as an array of bytes. */
static void decode_bytes(struct slice *slice)
{
	char *out = slice->at;
	unsigned byte = 0;
	bool has_digit = false;

	for (const char *at = slice->at; at <= slice->end; at++) {
		if (at < slice->end && *at >= '0' && *at <= '9' && byte < 256) {
			byte = 10 * byte + (unsigned)(*at - '0');
			has_digit = true;
		} else if (has_digit) {
			*out++ = byte == '\n' || !byte || byte > 255 ? ' ' : (char)byte;
			byte = 0;
			has_digit = false;
		}
	}
	slice->end = out;
}

static void take_time(const struct fields *fields, struct json_entry *entry)
{
	struct slice slice =
		fields->microseconds.kind ? fields->microseconds : fields->monotonic;
	char digits[20] = "";
	size_t n = (size_t)(slice.end - slice.at);
	unsigned long long microseconds;

	if (slice.kind == '"' && n < sizeof digits) {
		memcpy(digits, slice.at, n);
		microseconds = strtoull(digits, NULL, 10);
		snprintf(entry->time, sizeof entry->time, "%5llu.%06llu",
			 microseconds / 1000000 % 10000000000, microseconds % 1000000);
	}
	slice = fields->seconds;
	n = (size_t)(slice.end - slice.at);
	if (slice.kind == '0' && n < sizeof entry->time) {
		memcpy(entry->time, slice.at, n);
		entry->time[n] = '\0';
	}
}

/* Facility 0 is the kernel's alone; it stands above the three bits of the level. */
static bool is_foreign(const struct fields *fields)
{
	char digits[4] = "";
	size_t n = (size_t)(fields->priority.end - fields->priority.at);

	if (fields->transport.kind && !is(fields->transport, "kernel"))
		return true;
	if (fields->identifier.kind)
		return !is(fields->identifier, "kernel") &&
		       !is(fields->identifier, early_binder);
	if (!fields->priority.kind || n >= sizeof digits)
		return fields->priority.kind;
	memcpy(digits, fields->priority.at, n);
	return strtoul(digits, NULL, 10) > 7;
}

static bool begins(struct slice slice, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(slice.end - slice.at) >= n && memcmp(slice.at, text, n) == 0;
}

/* The prefix is shorter than the fields it is made of; where not, it is left out. */
static void write_line(const struct json_entry *entry, const struct fields *fields,
		       char *line, size_t *n)
{
	const struct slice *message = &fields->message;
	bool is_early = is(fields->identifier, early_binder);
	size_t n_message = (size_t)(message->end - message->at), n_prefix;
	char prefix[64] = "";

	snprintf(prefix, sizeof prefix, "%s%s%s%s%s", *entry->time ? "[" : "",
		 entry->time, *entry->time ? "] " : "", is_early ? early_binder : "",
		 is_early ? ": " : "");
	n_prefix = strlen(prefix);
	if (n_prefix + n_message > *n)
		n_prefix = 0;
	memmove(line + n_prefix, message->at, n_message);
	memcpy(line, prefix, n_prefix);
	if (n_prefix + n_message < *n)
		line[n_prefix + n_message] = '\n';
	*n = n_prefix + n_message;
}

bool json_line_rewrite(struct json_entry *entry, char *line, size_t *n)
{
	struct fields fields = { 0 };
	char *end = line + *n, *at = skip_blanks(line, end);

	if (at < end && *at == '\x1e') /* json-seq */
		at++;
	if (at < end && *at == '{') {
		*entry = (struct json_entry){ 0 };
		at++;
	}
	take_fields(at, end, &fields);
	take_time(&fields, entry);
	if (fields.priority.kind || fields.identifier.kind || fields.transport.kind)
		entry->is_foreign = is_foreign(&fields);
	if (!fields.message.kind)
		return !(fields.seconds.kind || fields.priority.kind);
	if (fields.message.kind == '"')
		decode_string(&fields.message);
	else if (fields.message.kind == '[')
		decode_bytes(&fields.message);
	/* dmesg leaves the name in the message; the journal has it in a field. */
	if (entry->is_foreign && (fields.identifier.kind || fields.transport.kind ||
				  !begins(fields.message, "vfio-bootcfg: ")))
		return false;
	write_line(entry, &fields, line, n);
	return true;
}
