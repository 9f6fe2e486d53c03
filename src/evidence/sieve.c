/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/sieve.h"

#include <string.h>

static const char kernel[] = "kernel: ";
static const char early_binder[] = "vfio-bootcfg: ";

enum { N_KERNEL = sizeof kernel - 1, N_EARLY = sizeof early_binder - 1 };

/* These mirror log_line.c on bytes that no NUL ends; what they read past `end` is the
 * newline, or slack, and stops them. */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_control(const char *at, const char *end)
{
	return at < end && (unsigned char)*at < ' ' && *at != '\t';
}

static const char *find(const char *at, const char *end, char c, size_t most)
{
	size_t n = (size_t)(end - at);

	return memchr(at, c, n < most ? n : most);
}

static bool begins(const char *at, const char *end, const char *with, size_t n)
{
	return (size_t)(end - at) >= n && *at == *with && memcmp(at, with, n) == 0;
}

static const char *skip_digits(const char *at)
{
	while (is_digit(*at))
		at++;
	return at;
}

static const char *next_word(const char *at, const char *end)
{
	while (at < end && *at != ' ')
		at++;
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* After 'digits.digits', six of these, or NULL. */
static const char *skip_seconds(const char *at)
{
	const char *point = skip_digits(at);

	if (point == at || point - at > 10 || *point != '.')
		return NULL;
	at = skip_digits(point + 1);
	return at - point == 7 ? at : NULL;
}

/* Whether '[Sat Nov 21 09:33:11 2026]' or '[Nov21 09:33]' may begin here. */
static bool has_date(const char *at, const char *end)
{
	const char *colon;

	if (at[0] < 'A' || at[0] > 'Z' || at[1] < 'a' || at[1] > 'z')
		return false;
	colon = find(at, end, ':', 40);
	return colon && is_digit(colon[-1]) && is_digit(colon[1]);
}

/* After '[    T1] ', where one is there. */
static const char *skip_caller(const char *at, const char *end)
{
	const char *id = at + 1;

	if (at >= end || *at != '[')
		return at;
	while (*id == ' ')
		id++;
	if (*id != 'T' && *id != 'C')
		return at;
	id = skip_digits(id + 1);
	return begins(id, end, "] ", 2) && is_digit(id[-1]) ? id + 2 : at;
}

/* After '[    1.234567] ' and the like, with the caller's behind it, or NULL. */
static const char *after_stamp(const char *at, const char *end)
{
	const char *close = at + 1;

	if (at >= end || *at != '[')
		return NULL;
	while (*close == ' ' || *close == '+' || *close == '<')
		close++;
	close = skip_seconds(close);
	if (!close ? has_date(at + 1, end) : *close == ' ' || *close == '>')
		close = find(at, end, ']', 42);
	if (!close || close >= end || *close != ']')
		return NULL;
	close++;
	return skip_caller(close < end && *close == ' ' ? close + 1 : close, end);
}

/* What dmesg -r and dmesg -x write before the stamp, and a carriage return. */
static const char *after_level(const char *at, const char *end)
{
	const char *digits;

	while (at < end && *at == '\r')
		at++;
	if (at < end && *at == '<') {
		digits = skip_digits(at + 1);
		if (digits > at + 1 && digits - at < 5 && begins(digits, end, ">", 1))
			at = digits + 1;
	}
	if (end - at > 14 && at[6] == ':' && at[13] == ':' && at[14] == ' ' &&
	    !find(at, end, ':', 6) && !find(at + 7, end, ':', 6))
		at += 15;
	return at;
}

/* After '6,286,1336660,-;' and after dmesg's '2026-11-21T09:33:11,000000+00:00 '. */
static const char *after_number(const char *at, const char *end)
{
	if (end - at > 20 && at[10] == 'T' && at[19] == ',')
		at = find(at, end, ' ', 64);
	else
		at = find(at, end, ';', (size_t)(end - at));
	return at ? at + 1 : end;
}

/* The first of the rows that the text may be, or NULL. */
static inline const struct message *known(const struct sieve *sieve, enum place place,
					  const char *at, const char *end)
{
	const struct catalogue *catalogue = &sieve->catalogue;
	unsigned key = catalogue_key(at);

	if (!(catalogue->places[key] & 1u << place) || end - at < 4)
		return NULL;
	return catalogue_suspect(catalogue, key, place, at, end);
}

/* After the first word: a row, or a driver that did not have the function before. */
static bool judge_prefix(struct sieve *sieve, const char *at, const char *blank,
			 const char *end)
{
	const struct message *message = known(sieve, PLACE_WORD, blank + 1, end);
	struct prefix prefix;
	bool is_change = false;

	if (prefix_is_likely(blank, end) && prefix_parse(at, end, &prefix)) {
		message = known(sieve, PLACE_AFTER_BDF, prefix.rest, end);
		is_change = prefix_has_driver(&prefix) &&
			    holders_change(&sieve->holders, &prefix);
	}
	/* The same driver may come back after its failure, and then counts anew. */
	if (message && message->kind == MESSAGE_PROBE_FAILED)
		holders_clear(&sieve->holders);
	return message || is_change;
}

static enum sieve_verdict judge_message(struct sieve *sieve, const char *at,
					const char *end)
{
	const struct message *message = known(sieve, PLACE_START, at, end);
	const char *blank, *word;

	if (message)
		return message->kind == MESSAGE_BOOT ||
				       message->kind == MESSAGE_BOOT_BORDER
			       ? SIEVE_BOOT
			       : SIEVE_PASSES;
	if (is_control(at, end)) {
		holders_clear(&sieve->holders);
		return SIEVE_BOOT;
	}
	blank = find(at, end, ' ', (size_t)(end - at));
	if (!blank)
		return SIEVE_DROPS;
	/* The journal's short-monotonic, whose stamp is followed by a host. */
	word = next_word(blank, end);
	if (begins(word, end, kernel, N_KERNEL)) {
		const char *after = after_stamp(word + N_KERNEL, end);

		return judge_message(sieve, after ? after : word + N_KERNEL, end);
	}
	if (begins(word, end, early_binder, N_EARLY))
		return SIEVE_PASSES;
	return judge_prefix(sieve, at, blank, end) ? SIEVE_PASSES : SIEVE_DROPS;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 'Nov 21 10:20:01', the most usual of the clocks. */
static bool has_short_clock(const char *at, const char *end)
{
	return end - at > 15 && is_letter(at[0]) && is_letter(at[1]) &&
	       is_letter(at[2]) && at[3] == ' ' && (at[4] == ' ' || is_digit(at[4])) &&
	       is_digit(at[5]) && at[6] == ' ' && is_digit(at[7]) && is_digit(at[8]) &&
	       at[9] == ':' && is_digit(at[10]) && is_digit(at[11]) && at[12] == ':' &&
	       is_digit(at[13]) && is_digit(at[14]);
}

/* After 'kernel: ', with or without a stamp. */
static enum sieve_verdict judge_kernel(struct sieve *sieve, const char *at,
				       const char *end)
{
	const char *after = after_stamp(at, end);

	return judge_message(sieve, after ? after : at, end);
}

/* After that clock: 'host kernel: ' or 'kernel: ', or another process, which is dropped.
 */
static enum sieve_verdict judge_process(struct sieve *sieve, const char *at,
					const char *end)
{
	for (int word = 0; word < 2; word++) {
		at = next_word(at, end);
		if (begins(at, end, early_binder, N_EARLY))
			return SIEVE_PASSES;
		if (begins(at, end, kernel, N_KERNEL))
			return judge_kernel(sieve, at + N_KERNEL, end);
	}
	return SIEVE_DROPS;
}

static enum sieve_verdict worse(enum sieve_verdict a, enum sieve_verdict b)
{
	return a > b ? a : b;
}

/*
 * Every other clock, and lines without any form: the message may begin at the start,
 * after a process, or after a stamp in the midst of what a serial console joined.
 */
static enum sieve_verdict judge_anywhere(struct sieve *sieve, const char *line,
					 const char *end)
{
	enum sieve_verdict verdict = judge_message(sieve, line, end);
	const char *at, *after;

	for (at = line; (at = find(at, end, 'k', (size_t)(end - at))); at++)
		if (begins(at, end, kernel, N_KERNEL))
			verdict = worse(verdict, judge_kernel(sieve, at + N_KERNEL, end));
	if (memmem(line, (size_t)(end - line), early_binder, N_EARLY))
		verdict = worse(verdict, SIEVE_PASSES);
	for (at = line; (at = find(at, end, '[', (size_t)(end - at))); at++)
		if ((after = after_stamp(at, end)))
			verdict = worse(verdict, judge_message(sieve, after, end));
	return verdict;
}

enum sieve_verdict sieve_judge(struct sieve *sieve, const char *line, size_t n)
{
	const char *end = line + n, *at = after_level(line, end), *after;

	if (at == end)
		return SIEVE_DROPS;
	if (is_control(at, end))
		return judge_message(sieve, at, end);
	after = after_stamp(at, end);
	if (after && begins(after, end, kernel, N_KERNEL))
		return judge_kernel(sieve, after + N_KERNEL, end);
	if (after)
		return judge_message(sieve, after, end);
	if (has_short_clock(at, end))
		return judge_process(sieve, at + 15, end);
	if (is_digit(*at))
		return worse(judge_message(sieve, after_number(at, end), end),
			     judge_anywhere(sieve, at, end));
	return judge_anywhere(sieve, at, end);
}
