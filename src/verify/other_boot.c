/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verify/other_boot.h"

#include <string.h>

/*
 * Whether the log has the line whole: 'Kernel command line:' is what /proc/cmdline shows
 * (6.1:init/main.c, saved_command_line); 'Command line:' of x86 lacks what the kernel
 * adds.
 */
static bool is_whole(const struct kernel_log *log)
{
	static const char whole[] = "Kernel command line:";
	const struct log_record *last = NULL;

	for (size_t i = 0; i < log->n; i++)
		if (log->v[i].kind == MESSAGE_CMDLINE)
			last = &log->v[i];
	return last && strncmp(last->text, whole, sizeof whole - 1) == 0 &&
	       strlen(log->cmdline) < LOGGED_CMDLINE_MAX;
}

static size_t length(const char *cmdline)
{
	size_t n = strlen(cmdline);

	while (n && strchr(" \t\r\n", cmdline[n - 1]))
		n--;
	return n;
}

/* What 'snapshot' has taken out of one of them proves no difference. */
static bool is_other_cmdline(const char *a, const char *b)
{
	size_t n = length(a);

	return (n != length(b) || memcmp(a, b, n) != 0) && !strstr(a, "redacted") &&
	       !strstr(b, "redacted");
}

char *other_boot(const struct machine *machine, const struct kernel_log *log)
{
	if (machine->release && log->release &&
	    strcmp(machine->release, log->release) != 0)
		return xasprintf("its kernel is '%s', that of sysfs is '%s'",
				 log->release, machine->release);
	if (machine->cmdline && log->cmdline && is_whole(log) &&
	    is_other_cmdline(machine->cmdline, log->cmdline))
		return xstrdup("its kernel command line is not that of /proc/cmdline");
	return NULL;
}
