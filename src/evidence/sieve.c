/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/sieve.h"

#include <string.h>

static const char kernel[] = "kernel: ";
static const char early_binder[] = "vfio-bootcfg: ";

enum { N_KERNEL = sizeof kernel - 1, N_EARLY = sizeof early_binder - 1 };

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

static const char *find_text(const char *at, const char *end, const char *text, size_t n)
{
	size_t most = (size_t)(end - at);

	return memmem(at, most < 128 ? most : 128, text, n);
}

static bool begins(const char *at, const char *end, const char *with, size_t n)
{
	return (size_t)(end - at) >= n && memcmp(at, with, n) == 0;
}

/* Whether the bracket that closes here may hold a time. */
static bool is_stamp(const char *open, const char *close)
{
	if (close - open < 8 || !is_digit(close[-1]))
		return false;
	return close[-7] == '.' || (open[1] >= 'A' && open[1] <= 'Z');
}

/* After '[    1.234567] ', with or without the caller's '[    T1] '; or NULL. */
static const char *after_bracket(const char *at, const char *end)
{
	const char *close;

	/* Before 100,000 s the stamp has this width: nothing need be searched. */
	if (*at == '[' && end - at > 16 && at[6] == '.' && at[13] == ']' &&
	    at[14] == ' ' && at[15] != '[')
		return at + 15;
	close = *at == '[' ? find(at, end, ']', 42) : NULL;
	if (!close || (close[-1] != '>' && !is_stamp(at, close)))
		return NULL;
	at = close + (end - close > 1 && close[1] == ' ' ? 2 : 1);
	if (end - at < 3 || *at != '[' || (at[1] != ' ' && at[1] != 'T' && at[1] != 'C'))
		return at;
	close = find(at, end, ']', 42);
	return close && end - close > 2 && is_digit(close[-1]) ? close + 2 : at;
}

/* What dmesg -r and dmesg -x write before the stamp. */
static const char *after_level(const char *at, const char *end)
{
	const char *close;

	while (at < end && *at == '\r')
		at++;
	if (at < end && *at == '<' && (close = find(at, end, '>', 5)))
		at = close + 1;
	return end - at > 15 && at[6] == ':' && at[13] == ':' ? at + 15 : at;
}

/* After '6,286,1336660,-;' and after dmesg's '2026-11-21T09:33:11,000000+00:00 '. */
static const char *after_number(const char *at, const char *end)
{
	size_t n = 0;

	if (end - at > 20 && at[10] == 'T' && at[19] == ',')
		at = find(at, end, ' ', 64);
	else {
		while (n < 5 && at + n < end && is_digit(at[n]))
			n++;
		at = n && at + n < end && at[n] == ',' ? find(at, end, ';', 128) : NULL;
	}
	return at ? at + 1 : NULL;
}

/* The first of the rows that the text may be, or NULL. */
static inline const struct message *known(const struct sieve *sieve, enum place place,
					  const char *at, const char *end)
{
	const struct catalogue *catalogue = &sieve->catalogue;
	unsigned key = catalogue_key(at);

	if (!(catalogue->places[key] & 1u << place) || end - at < 4)
		return NULL;
	return catalogue->rows[catalogue->first[place][key] - 1];
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
	const char *blank;

	if (message)
		return message->kind == MESSAGE_BOOT ||
				       message->kind == MESSAGE_BOOT_BORDER
			       ? SIEVE_BOOT
			       : SIEVE_PASSES;
	if (is_control(at, end)) {
		holders_clear(&sieve->holders);
		return SIEVE_BOOT;
	}
	blank = find(at, end, ' ', 80);
	if (!blank)
		return SIEVE_DROPS;
	/* The journal's short-monotonic, whose stamp is followed by a host. */
	if (begins(blank + 1, end, kernel, N_KERNEL))
		return judge_message(sieve, blank + 1 + N_KERNEL, end);
	if (begins(blank + 1, end, early_binder, N_EARLY))
		return SIEVE_PASSES;
	return judge_prefix(sieve, at, blank, end) ? SIEVE_PASSES : SIEVE_DROPS;
}

/* 'Nov 21 10:20:01', the most usual of the clocks. */
static bool has_short_clock(const char *at, const char *end)
{
	return end - at > 20 && at[3] == ' ' && at[6] == ' ' && at[9] == ':' &&
	       at[12] == ':' && is_digit(at[5]) && is_digit(at[7]) && is_digit(at[8]) &&
	       is_digit(at[10]) && is_digit(at[11]) && is_digit(at[13]) &&
	       is_digit(at[14]);
}

static const char *next_word(const char *at, const char *end)
{
	while (at < end && *at != ' ')
		at++;
	while (at < end && *at == ' ')
		at++;
	return at;
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
		if (begins(at, end, kernel, N_KERNEL)) {
			const char *message = at + N_KERNEL;
			const char *after =
				message < end ? after_bracket(message, end) : NULL;

			return judge_message(sieve, after ? after : message, end);
		}
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
	const char *at = find_text(line, end, kernel, N_KERNEL);

	if (at) {
		const char *message = at + N_KERNEL;
		const char *after = message < end ? after_bracket(message, end) : NULL;

		verdict = worse(verdict,
				judge_message(sieve, after ? after : message, end));
	}
	at = find_text(line, end, early_binder, N_EARLY);
	if (at)
		verdict = worse(verdict, judge_message(sieve, at, end));
	for (at = line; (at = find(at, end, ']', (size_t)(end - at))); at++) {
		bool has_blank = end - at > 1 && at[1] == ' ';

		if (at - line > 8 && at[-7] == '.')
			verdict = worse(verdict,
					judge_message(sieve, at + 1 + has_blank, end));
	}
	return verdict;
}

enum sieve_verdict sieve_judge(struct sieve *sieve, const char *line, size_t n)
{
	const char *end = line + n, *at = after_level(line, end), *after;

	if (at == end)
		return SIEVE_DROPS;
	if (is_control(at, end))
		return judge_message(sieve, at, end);
	after = after_bracket(at, end);
	if (after && begins(after, end, kernel, N_KERNEL))
		after += N_KERNEL;
	if (after)
		return judge_message(sieve, after, end);
	if (has_short_clock(at, end))
		return judge_process(sieve, at + 15, end);
	after = is_digit(*at) ? after_number(at, end) : NULL;
	return after ? judge_message(sieve, after, end) : judge_anywhere(sieve, at, end);
}
