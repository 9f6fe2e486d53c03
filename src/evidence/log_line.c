/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/log_line.h"

#include "evidence/clean.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The one process whose words count: what it writes to /dev/kmsg bears its name. */
static const char early_binder[] = "vfio-bootcfg: ";
static const char kernel[] = "kernel: ";

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* `<6>` of dmesg -r, netconsole and pstore. */
static char *skip_priority(char *at)
{
	size_t n = at[0] == '<' ? digits(at + 1) : 0;

	return n && n <= 3 && at[1 + n] == '>' ? at + n + 2 : at;
}

/* `kern  :info  : ` of dmesg -x. */
static char *skip_facility(char *at)
{
	static const char names[] = "abcdefghijklmnopqrstuvwxyz0123456789 ";

	if (strspn(at, names) != 6 || at[6] != ':' || strspn(at + 7, names) != 6)
		return at;
	return begins(at + 13, ": ") ? at + 15 : at;
}

/* /dev/kmsg writes what it cannot print as \xNN, and a backslash too. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		unsigned code;

		if (begins(text, "\\x") && isxdigit((unsigned char)text[2]) &&
		    isxdigit((unsigned char)text[3])) {
			char hex[3] = { text[2], text[3], '\0' };

			code = (unsigned)strtoul(hex, NULL, 16);
			if (code >= 0x20 && code < 0x7f) {
				*out++ = (char)code;
				text += 4;
				continue;
			}
		}
		*out++ = *text++;
	}
	*out = '\0';
}

/* `6,286,1336660,-[,…];message` (Documentation/ABI/testing/dev-kmsg). */
static bool take_kmsg(char *at, struct log_line *line)
{
	unsigned long fields[3]; /* facility and level, sequence, microseconds */

	for (int i = 0; i < 3; i++) {
		size_t n = digits(at);

		if (!n || at[n] != ',')
			return false;
		fields[i] = strtoul(at, NULL, 10);
		at += n + 1;
	}
	at = strchr(at, ';');
	if (!at)
		return false;
	at++;
	line->time = (double)fields[2] / 1e6;
	/* Above the three bits of the level: facility 0 is the kernel's alone. */
	line->is_kernel = fields[0] < 8 || begins(at, early_binder);
	line->message = at;
	unescape(at);
	return true;
}

/* What a bracket holds: since boot, or a time that does not tell it. */
enum stamp { STAMP_NONE, STAMP_CLOCK, STAMP_SECONDS };

/* `    1.234567]`, `    1.234567 <    0.001200>]`, `  +0.001200]`, `<    0.001200>]`. */
static enum stamp seconds_of(const char *text, double *ret_time)
{
	size_t blanks = strspn(text, " "), lead = strspn(text, " +<");
	const char *whole = text + lead, *part = whole + digits(whole);
	char end;

	if (part == whole || part - whole > 10 || *part != '.' || digits(++part) != 6)
		return STAMP_NONE;
	end = part[6];
	if (end != ']' && end != ' ' && end != '>')
		return STAMP_NONE;
	if (lead != blanks)
		return STAMP_CLOCK; /* since the line before */
	*ret_time =
		(double)strtoul(whole, NULL, 10) + (double)strtoul(part, NULL, 10) / 1e6;
	return STAMP_SECONDS;
}

/* The same, and `Sat Nov 21 09:33:11 2026]` or `Nov21 09:33]`; not `UFW BLOCK]`. */
static enum stamp stamp_of(const char *text, double *ret_time)
{
	enum stamp stamp = seconds_of(text, ret_time);
	size_t n;

	if (stamp != STAMP_NONE)
		return stamp;
	if (!isupper((unsigned char)text[0]) || !islower((unsigned char)text[1]))
		return STAMP_NONE;
	n = strcspn(text, ":]");
	return text[n] == ':' && digits(text + n - 1) && digits(text + n + 1)
		       ? STAMP_CLOCK
		       : STAMP_NONE;
}

/* `[    T1] ` and `[   C0] `, with CONFIG_PRINTK_CALLER. */
static char *skip_caller(char *at)
{
	char *id;
	size_t n;

	if (*at != '[')
		return at;
	id = at + 1 + strspn(at + 1, " ");
	if (*id != 'T' && *id != 'C')
		return at;
	n = digits(id + 1);
	return n && begins(id + 1 + n, "] ") ? id + n + 3 : at;
}

/* What follows `[    1.234567] `, or NULL where there is no stamp. */
static char *take_bracket(char *at, struct log_line *line)
{
	double time = NAN;
	char *end = at[0] == '[' ? strchr(at, ']') : NULL;

	if (!end || end - at > 40 || stamp_of(at + 1, &time) == STAMP_NONE)
		return NULL;
	line->time = time;
	at = end + 1;
	return skip_caller(*at == ' ' ? at + 1 : at);
}

/* Whether the text begins like `shape`: 0 is a digit, _ a digit or a blank, a a letter.
 */
static bool has_shape(const char *text, const char *shape)
{
	for (; *shape; shape++, text++) {
		unsigned char c = (unsigned char)*text;

		if (*shape == '0' || (*shape == '_' && c != ' ')) {
			if (!isdigit(c))
				return false;
		} else if (*shape == 'a') {
			if (!isalpha(c))
				return false;
		} else if (*shape != '_' && c != (unsigned char)*shape) {
			return false;
		}
	}
	return true;
}

/* The clocks of syslog, of the journal's output modes and of dmesg. */
static const struct {
	const char *shape;
	int words;	   /* that the clock has from its shape's last on */
	bool may_be_dmesg; /* which puts a decimal comma, and no host */
} clocks[] = {
	{ "aaa _0 00:00:00", 1, false },	 /* short, short-precise, syslog */
	{ "0000-00-00T00:00:00", 1, true },	 /* short-iso; dmesg --time-format=iso */
	{ "aaa 0000-00-00 00:00:00", 2, false }, /* short-full: and the zone */
	{ "0000000000.", 1, false },		 /* short-unix */
};

/* What follows the clock, or NULL. */
static char *skip_clock(char *at, bool *ret_is_dmesg)
{
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		if (!has_shape(at, clocks[i].shape))
			continue;
		at += strlen(clocks[i].shape);
		*ret_is_dmesg = clocks[i].may_be_dmesg && *at == ',';
		for (int word = 0; word < clocks[i].words; word++) {
			at += strcspn(at, " ");
			at += strspn(at, " ");
		}
		return at;
	}
	return NULL;
}

/* After a clock comes `host kernel: `, or `kernel: ` where the host was taken out. */
static char *take_process(char *at, struct log_line *line)
{
	char *word = at;

	line->is_relayed = true;
	for (int i = 0; i < 2; i++) {
		if (begins(word, kernel))
			return word + strlen(kernel);
		if (begins(word, early_binder))
			return word;
		word += strcspn(word, " ");
		word += strspn(word, " ");
	}
	line->is_kernel = false;
	return word;
}

/* The journal's short-monotonic has the process after the stamp; dmesg has not. */
static char *skip_monotonic_process(char *at, struct log_line *line)
{
	struct log_line relayed = *line;
	char *message = take_process(at, &relayed);

	/* 'Booting kernel: `x' invalid for …' is the kernel's own (kernel/params.c). */
	if (!relayed.is_kernel || message == at || begins(at, "Booting kernel: "))
		return at;
	*line = relayed;
	return message;
}

/* A serial console may begin with what the firmware wrote, without a newline. */
static char *find_stamp(char *at, struct log_line *line)
{
	double time;

	while ((at = strchr(at, '['))) {
		if (seconds_of(at + 1, &time) == STAMP_SECONDS)
			return take_bracket(at, line);
		at++;
	}
	return NULL;
}

/* A clock in a language that is not English: some of it, a time, a host. */
static char *find_process(char *at, struct log_line *line)
{
	char *process = strstr(at, " kernel: "), *colon = strchr(at, ':');

	if (!process || process - at > 64 || colon == at || !digits(colon - 1) ||
	    !digits(colon + 1))
		return NULL;
	line->is_relayed = true;
	return process + strlen(kernel) + 1;
}

void log_line_parse(const char *bytes, size_t n, char *buffer, struct log_line *ret)
{
	struct log_line line = { .time = NAN, .is_kernel = true };
	bool is_dmesg = false;
	char *at, *after;

	clean_text(bytes, n, buffer);
	at = skip_facility(skip_priority(buffer));
	if (take_kmsg(at, &line)) {
		*ret = line;
		return;
	}
	if ((after = take_bracket(at, &line)))
		at = skip_monotonic_process(after, &line);
	else if ((after = skip_clock(at, &is_dmesg)))
		at = is_dmesg ? after : take_process(after, &line);
	else if ((after = find_process(at, &line)) || (after = find_stamp(at, &line)))
		at = after;
	if (line.is_relayed && (after = take_bracket(at, &line)))
		at = after; /* syslog, where the kernel prints its times */
	line.message = at;
	*ret = line;
}
