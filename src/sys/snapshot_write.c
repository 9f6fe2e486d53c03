/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/snapshot.h"

#include "base/memory.h"
#include "sys/snapshot_lines.h"
#include "sys/snapshot_proc.h"
#include "sys/snapshot_walk.h"

#include <errno.h>
#include <string.h>

/* A record of /dev/kmsg is no longer (include/linux/printk.h, PRINTK_MESSAGE_MAX). */
enum { RECORD_MAX = 8192 };

/* Cuts the newline off; the rest of a record that is too long is skipped. */
static bool take_record(FILE *log, char *ret, size_t size)
{
	size_t n;
	int c;

	if (!fgets(ret, (int)size, log))
		return false;
	n = strlen(ret);
	if (n && ret[n - 1] == '\n')
		ret[n - 1] = '\0';
	else
		while ((c = getc(log)) != EOF && c != '\n')
			;
	return true;
}

/* One record at a time, so that a log may be of any length. */
static int write_log(FILE *log, struct redactor *redactor, FILE *out)
{
	char record[RECORD_MAX];

	fputs("t kernel.log\n", out);
	while (take_record(log, record, sizeof record))
		lines_put_text(out, redactor, record);
	return ferror(log) ? -EIO : 0;
}

static int write_any_log(const struct tree *tree, FILE *log, struct redactor *redactor,
			 FILE *out)
{
	cleanup_file FILE *own = NULL;
	int r = log ? 0 : tree_stream(tree, &own, "kernel.log");

	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : write_log(log ? log : own, redactor, out);
}

int snapshot_write(const struct tree *tree, FILE *log, enum redaction redaction,
		   FILE *out)
{
	cleanup_free char *hostname = NULL;
	cleanup_redactor struct redactor *redactor = NULL;
	struct snapshot_lines lines = { 0 };
	int r;

	if (redaction == REDACT) {
		tree_attribute(tree, &hostname, "proc/sys/kernel/hostname");
		redactor = redactor_new(hostname);
	}
	lines.redactor = redactor;
	fputs(SNAPSHOT_MAGIC "1\n", out);
	/* In the order of the paths. */
	snapshot_walk(tree, "dev", &lines);
	lines_write(&lines, out);
	r = write_any_log(tree, log, redactor, out);
	snapshot_proc(tree, &lines);
	snapshot_walk(tree, "run", &lines);
	snapshot_walk(tree, "sys", &lines);
	lines_write(&lines, out);
	if (r == 0 && (fflush(out) == EOF || ferror(out)))
		r = -EIO;
	return r;
}
