/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/journal.h"

#include "base/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_SYSTEMD

#include <systemd/sd-journal.h>

enum {
	TEXT_MAX = 8192, /* of a message: the kernel's own buffer is smaller */
	BOOTS_MAX = 65536,
};

struct journal {
	sd_journal *journal;
	char line[TEXT_MAX + 64]; /* the entry as dmesg prints it */
	size_t at, n;
};

static int match_boot(sd_journal *journal, sd_id128_t id)
{
	char match[sizeof "_BOOT_ID=" + SD_ID128_STRING_MAX] = "_BOOT_ID=";

	sd_id128_to_string(id, match + strlen(match));
	sd_journal_flush_matches(journal);
	return sd_journal_add_match(journal, match, 0);
}

/* The boot of the entry before the present one; -ENOENT where there is none. */
static int boot_before(sd_journal *journal, sd_id128_t *ret)
{
	uint64_t ignored;
	int r;

	sd_journal_flush_matches(journal);
	r = sd_journal_previous(journal);
	if (r == 0)
		return -ENOENT;
	return r < 0 ? r : sd_journal_get_monotonic_usec(journal, &ignored, ret);
}

/* Goes to the first entry of a boot, or to the end where it has none. */
static int seek_boot(sd_journal *journal, sd_id128_t id)
{
	int r = match_boot(journal, id);

	if (r >= 0)
		r = sd_journal_seek_head(journal);
	if (r >= 0)
		r = sd_journal_next(journal);
	return r == 0 ? sd_journal_seek_tail(journal) : r;
}

/* Backwards from boot to boot, as journalctl counts them: clocks may be wrong. */
static int find_boot(sd_journal *journal, const char *root, int boot, sd_id128_t *ret)
{
	bool is_foreign = strcmp(root, "/") != 0;
	sd_id128_t id = SD_ID128_NULL, later;
	int r = is_foreign ? sd_journal_seek_tail(journal) : sd_id128_get_boot(&id);

	if (r >= 0 && is_foreign)
		r = boot_before(journal, &id);
	if (boot < -BOOTS_MAX)
		r = -ENOENT;
	for (int i = 0; r >= 0 && i > boot; i--) {
		later = id;
		r = seek_boot(journal, later);
		if (r >= 0)
			r = boot_before(journal, &id);
		if (r >= 0 && sd_id128_equal(id, later))
			r = -ENOENT;
	}
	*ret = id;
	return r;
}

static int match_kernel_of(sd_journal *journal, const char *root, int boot)
{
	sd_id128_t id;
	int r = find_boot(journal, root, boot, &id);

	if (r >= 0)
		r = match_boot(journal, id);
	if (r >= 0)
		r = sd_journal_add_match(journal, "_TRANSPORT=kernel", 0);
	if (r >= 0)
		r = sd_journal_seek_head(journal);
	return r < 0 ? r : 0;
}

/* The value of a field, of `ret_n` bytes that no NUL ends; NULL where there is none. */
static const char *field(sd_journal *journal, const char *name, size_t *ret_n)
{
	size_t n = strlen(name) + 1;
	const void *bytes;

	if (sd_journal_get_data(journal, name, &bytes, ret_n) < 0 || *ret_n < n)
		return NULL;
	*ret_n -= n;
	return (const char *)bytes + n;
}

static bool is_text(const char *bytes, size_t n, const char *text)
{
	return bytes && n == strlen(text) && memcmp(bytes, text, n) == 0;
}

static uint64_t microseconds_of(sd_journal *journal)
{
	size_t n = 0;
	const char *value = field(journal, "_SOURCE_MONOTONIC_TIMESTAMP", &n);
	char digits[24] = "";
	uint64_t microseconds = 0;
	sd_id128_t boot;

	if (value && n < sizeof digits) {
		memcpy(digits, value, n);
		return strtoull(digits, NULL, 10);
	}
	sd_journal_get_monotonic_usec(journal, &microseconds, &boot);
	return microseconds;
}

/*
 * journald takes the name off what a process wrote to /dev/kmsg, and keeps it beside the
 * message (journald-kmsg.c, dev_kmsg_record). Of those only the early binder counts.
 */
static size_t format_entry(sd_journal *journal, char *line, size_t size)
{
	static const char early[] = "vfio-bootcfg";
	size_t n = 0, n_message = 0, length;
	const char *identifier = field(journal, "SYSLOG_IDENTIFIER", &n), *message;
	bool is_early = is_text(identifier, n, early);
	uint64_t microseconds;

	if (!is_early && !is_text(identifier, n, "kernel"))
		return 0;
	microseconds = microseconds_of(journal);
	length = (size_t)snprintf(line, size, "[%5llu.%06llu] %s%s",
				  (unsigned long long)microseconds / 1000000,
				  (unsigned long long)microseconds % 1000000,
				  is_early ? early : "", is_early ? ": " : "");
	message = field(journal, "MESSAGE", &n_message);
	for (size_t i = 0; message && i < n_message && i < TEXT_MAX; i++)
		line[length++] = message[i];
	for (char *at = line; (at = memchr(at, '\n', (size_t)(line + length - at)));)
		*at = ' ';
	line[length++] = '\n';
	return length;
}

static ssize_t journal_read(void *cookie, char *buffer, size_t size)
{
	struct journal *journal = cookie;
	size_t n;

	while (journal->at == journal->n) {
		int r = sd_journal_next(journal->journal);

		if (r == 0)
			return 0;
		if (r < 0) {
			errno = -r;
			return -1;
		}
		journal->at = 0;
		journal->n = format_entry(journal->journal, journal->line,
					  sizeof journal->line);
	}
	n = journal->n - journal->at < size ? journal->n - journal->at : size;
	memcpy(buffer, journal->line + journal->at, n);
	journal->at += n;
	return (ssize_t)n;
}

static int journal_close(void *cookie)
{
	struct journal *journal = cookie;

	sd_journal_close(journal->journal);
	free(journal);
	return 0;
}

int journal_open(const char *root, int boot, FILE **ret)
{
	static const cookie_io_functions_t functions = { .read = journal_read,
							 .close = journal_close };
	bool is_foreign = strcmp(root, "/") != 0;
	struct journal *journal;
	sd_journal *opened;
	int r = is_foreign ? sd_journal_open_directory(&opened, root, SD_JOURNAL_OS_ROOT)
			   : sd_journal_open(&opened,
					     SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);

	if (r < 0)
		return r;
	journal = xcalloc(1, sizeof *journal);
	journal->journal = opened;
	r = match_kernel_of(opened, root, boot);
	if (r < 0) {
		journal_close(journal);
		return r;
	}
	*ret = fopencookie(journal, "r", functions);
	if (!*ret)
		abort();
	return 0;
}

#else

int journal_open(const char *root, int boot, FILE **ret)
{
	return -EOPNOTSUPP;
}

#endif
