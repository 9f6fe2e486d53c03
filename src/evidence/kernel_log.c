/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/kernel_log.h"

#include "evidence/json_log.h"
#include "evidence/log_line.h"
#include "evidence/sieve.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 256 * 1024,
	TEXT_MAX = 400,	     /* bytes kept of a message: the longest is about 220 */
	CMDLINE_MAX = 65536, /* of all the pieces of a command line */
	GAPS_MAX = 100,	     /* of /dev/kmsg in a row, without a line between them */
	KEPT_MAX = 4096,     /* records kept of one kind */
	KEPT_FUNCTIONS_MAX = 65536, /* of those kinds that every function has */
};

/* A line of the block that the sieve let through. */
struct candidate {
	const char *text;
	size_t n;
	unsigned line;
};

struct reader {
	struct kernel_log *log;
	struct sieve sieve;
	struct holders holders; /* exactly who spoke last, in the order of the records */
	struct candidate *candidates;
	size_t n_candidates, room;
	size_t kept[MESSAGE_KINDS];
	bool cmdline_goes_on; /* its last piece ended with a backslash */
	bool is_in_long_line; /* its rest is being skipped */
	bool is_json;
	struct json_log json; /* where it is */
	char json_text[JSON_TEXT_MAX + SIEVE_SLACK];
	char buffer[LOG_LINE_MAX + 1];
};

static void clear_records(struct kernel_log *log)
{
	for (size_t i = 0; i < log->n; i++) {
		free(log->v[i].driver);
		free(log->v[i].text);
	}
	free(log->v);
	log->v = NULL;
	log->n = 0;
}

/* Another boot: what was read before belongs to an earlier one. */
static void begin_boot(struct reader *reader, enum tristate has_start)
{
	struct kernel_log *log = reader->log;

	clear_records(log);
	free(log->cmdline);
	free(log->release);
	log->cmdline = log->release = NULL;
	log->n_dropped = 0;
	log->has_start = has_start;
	holders_clear(&reader->holders);
	memset(reader->kept, 0, sizeof reader->kept);
	reader->cmdline_goes_on = false;
}

static size_t kept_max(enum message_kind kind)
{
	bool has_every_function = kind == MESSAGE_FUNCTION || kind == MESSAGE_GROUP ||
				  kind == MESSAGE_CLAIMED || kind == MESSAGE_EARLY;

	return has_every_function ? KEPT_FUNCTIONS_MAX : KEPT_MAX;
}

/* The new record, or NULL past the limit. */
static struct log_record *add_record(struct reader *reader, enum message_kind kind,
				     unsigned line, const struct log_line *text)
{
	struct log_record *record;

	if (reader->kept[kind] == kept_max(kind)) {
		reader->log->n_dropped++;
		return NULL;
	}
	reader->kept[kind]++;
	record = array_add(reader->log->v, reader->log->n);
	record->kind = kind;
	record->line = line;
	record->time = text->time;
	record->number = -1;
	record->text = xstrndup(text->message, strnlen(text->message, TEXT_MAX));
	return record;
}

/*
 * 7.0 and later print a long command line in pieces that end with ' \' (7.2:init/main.c,
 * CONFIG_CMDLINE_LOG_WRAP_IDEAL_LEN). x86 has printed 'Command line:' before, without
 * what the kernel adds of its own: the later one counts.
 */
static void take_cmdline(struct reader *reader, const char *message)
{
	struct kernel_log *log = reader->log;
	const char *piece = strchr(message, ':') + 1;
	size_t n, n_before = 0;

	piece += strspn(piece, " ");
	n = strlen(piece);
	if (reader->cmdline_goes_on && log->cmdline)
		n_before = strlen(log->cmdline);
	reader->cmdline_goes_on = n > 1 && strcmp(piece + n - 2, " \\") == 0;
	if (reader->cmdline_goes_on)
		n--;
	if (n_before + n > CMDLINE_MAX)
		return;
	log->cmdline = xreallocarray(log->cmdline, n_before + n + 1, 1);
	memcpy(log->cmdline + n_before, piece, n);
	log->cmdline[n_before + n] = '\0';
}

/*
 * The banner of a kernel that starts. The clock stands at 0 then, so a banner that comes
 * later is a quotation; a daemon's own time does not count.
 */
static bool is_banner(const struct message *message, const struct log_line *line)
{
	return message->kind == MESSAGE_BOOT &&
	       (isnan(line->time) || line->time < 1 || line->is_relayed);
}

static void add_match(struct reader *reader, const struct message *message,
		      const struct pattern_match *match, unsigned number,
		      const struct log_line *line)
{
	struct log_record *record = add_record(reader, message->kind, number, line);

	if (!record)
		return;
	record->message = message;
	record->has_bdf = match->has_bdf;
	record->bdf = match->bdf;
	record->has_id = match->has_id;
	record->id = match->id;
	record->number = match->number;
	record->error = match->error;
	if (match->driver)
		record->driver = xstrndup(match->driver, match->n_driver);
}

static void add_claim(struct reader *reader, unsigned number, const struct log_line *line)
{
	const char *message = line->message;
	struct prefix prefix;
	struct log_record *record;
	struct bdf bdf;
	int length;

	if (!prefix_parse(message, message + strlen(message), &prefix) ||
	    !prefix_has_driver(&prefix) || !bdf_parse_prefix(prefix.bdf, &bdf, &length) ||
	    !holders_change(&reader->holders, &prefix))
		return;
	record = add_record(reader, MESSAGE_CLAIMED, number, line);
	if (!record)
		return;
	record->has_bdf = true;
	record->bdf = bdf;
	record->driver = xstrndup(prefix.driver, prefix.n_driver);
}

static void take_message(struct reader *reader, const struct message *message,
			 const struct pattern_match *match, unsigned number,
			 const struct log_line *line)
{
	if (message->kind == MESSAGE_BOOT_BORDER)
		return;
	if (message->kind == MESSAGE_BOOT) {
		if (!is_banner(message, line) || reader->log->release)
			return;
		reader->log->release = xstrndup(match->word, match->n_word);
	}
	if (message->kind == MESSAGE_CMDLINE)
		take_cmdline(reader, line->message);
	if (message->kind == MESSAGE_PROBE_FAILED)
		holders_forget(&reader->holders, bdf_text(match->bdf).s);
	else if (message->kind != MESSAGE_CLAIMED)
		add_claim(reader, number, line);
	add_match(reader, message, match, number, line);
}

static void take_candidate(struct reader *reader, const struct candidate *candidate)
{
	const struct message *message;
	struct pattern_match match;
	struct log_line line;

	log_line_parse(candidate->text, candidate->n, reader->buffer, &line);
	if (!line.is_kernel)
		return;
	message = catalogue_match(&reader->sieve.catalogue, line.message, &match);
	if (message)
		take_message(reader, message, &match, candidate->line, &line);
	else
		add_claim(reader, candidate->line, &line);
}

/* Begins a boot at once, so that nothing of an earlier one need be read. */
static void take_border(struct reader *reader, const struct candidate *candidate)
{
	const struct message *message;
	struct pattern_match match;
	struct log_line line;

	log_line_parse(candidate->text, candidate->n, reader->buffer, &line);
	message = line.is_kernel ? catalogue_match(&reader->sieve.catalogue, line.message,
						   &match)
				 : NULL;
	if (!message ||
	    (message->kind != MESSAGE_BOOT_BORDER && !is_banner(message, &line)))
		return;
	begin_boot(reader, message->kind == MESSAGE_BOOT ? YES : NO);
	holders_clear(&reader->sieve.holders);
	reader->n_candidates = 0;
}

static void take_line(struct reader *reader, const char *text, size_t n)
{
	struct candidate candidate = { text, n, (unsigned)++reader->log->n_lines };
	enum sieve_verdict verdict;

	if (candidate.n > LOG_LINE_MAX)
		candidate.n = LOG_LINE_MAX;
	verdict = sieve_judge(&reader->sieve, text, candidate.n);
	if (verdict == SIEVE_DROPS)
		return;
	if (verdict == SIEVE_BOOT)
		take_border(reader, &candidate);
	if (reader->n_candidates == reader->room) {
		reader->room = reader->room ? 2 * reader->room : 1024;
		reader->candidates = xreallocarray(reader->candidates, reader->room,
						   sizeof *reader->candidates);
	}
	reader->candidates[reader->n_candidates++] = candidate;
}

static void take_candidates(struct reader *reader)
{
	for (size_t i = 0; i < reader->n_candidates; i++)
		take_candidate(reader, &reader->candidates[i]);
	reader->n_candidates = 0;
}

/* One by one, because the text of an entry stays only until the next. */
static void take_json(struct reader *reader, const char *block, size_t n)
{
	struct json_log *json = &reader->json;
	bool is_whole;

	for (size_t at = 0; at < n;) {
		at += json_log_read(json, block + at, n - at, &is_whole);
		if (!is_whole)
			break;
		reader->log->n_lines = json_log_line(json) - 1;
		take_line(reader, reader->json_text,
			  json_log_text(json, reader->json_text));
		take_candidates(reader);
	}
	if (reader->log->n_lines < json->n_newlines)
		reader->log->n_lines = json->n_newlines;
}

/* All whole lines, and at the end the last; gives back where an unfinished one begins. */
static size_t take_lines(struct reader *reader, char *block, size_t n, bool is_end)
{
	char *at = block, *end = block + n, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (!reader->is_in_long_line)
			take_line(reader, at, (size_t)(newline - at));
		reader->is_in_long_line = false;
		at = newline + 1;
	}
	if (!reader->is_in_long_line &&
	    (end - at > LOG_LINE_MAX || (is_end && at < end))) {
		take_line(reader, at, (size_t)(end - at));
		reader->is_in_long_line = true;
	}
	take_candidates(reader);
	return reader->is_in_long_line ? n : (size_t)(at - block);
}

/*
 * /dev/kmsg ends with EAGAIN, and says EPIPE where a record was overwritten before it
 * could be read (Documentation/ABI/testing/dev-kmsg): then the log has a gap.
 */
static int read_error(FILE *stream)
{
	if (!ferror(stream) || errno == EAGAIN)
		return 0;
	if (errno != EPIPE)
		return errno ? -errno : -EIO;
	clearerr(stream);
	return -EPIPE;
}

static int read_stream(struct reader *reader, FILE *stream, char *block)
{
	size_t n_left = 0, n_all = 0, n, taken;
	int r, gaps = 0;

	for (;;) {
		errno = 0;
		n = fread(block + n_left, 1, BLOCK - n_left, stream);
		r = n < BLOCK - n_left ? read_error(stream) : 0;
		gaps = n || !r ? 0 : gaps + 1;
		if (r && (r != -EPIPE || gaps > GAPS_MAX))
			return r;
		n_all += n;
		if (n_all > KERNEL_LOG_MAX)
			return -EFBIG;
		if (n_all == n)
			reader->is_json = json_log_is_likely(block, n);
		taken = n_left + n;
		if (reader->is_json)
			take_json(reader, block, n);
		else
			taken = take_lines(reader, block, taken,
					   !r && n < BLOCK - n_left);
		if (!r && n < BLOCK - n_left)
			return 0;
		if (r)
			reader->log->has_start = NO;
		n_left += n - taken;
		memmove(block, block + taken, n_left);
	}
}

static void reader_free(struct reader *reader)
{
	holders_free(&reader->sieve.holders);
	holders_free(&reader->holders);
	free(reader->candidates);
	free(reader);
}

int kernel_log_read(FILE *stream, const char *name, struct kernel_log *ret)
{
	struct reader *reader = xcalloc(1, sizeof *reader);
	char *block cleanup_free = xcalloc(BLOCK + SIEVE_SLACK, 1);
	int r;

	*ret = (struct kernel_log){ .name = xstrdup(name) };
	reader->log = ret;
	catalogue_build(&reader->sieve.catalogue);
	r = read_stream(reader, stream, block);
	reader_free(reader);
	if (ret->n_lines && ret->has_start == UNKNOWN)
		ret->has_start = NO;
	ret->is_present = r == 0;
	return r;
}

void kernel_log_free(struct kernel_log *log)
{
	clear_records(log);
	free(log->name);
	free(log->cmdline);
	free(log->release);
	*log = (struct kernel_log){ 0 };
}

const struct log_record *kernel_log_first(const struct kernel_log *log,
					  enum message_kind kind)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].kind == kind)
			return &log->v[i];
	return NULL;
}
