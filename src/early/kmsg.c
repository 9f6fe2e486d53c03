/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "early/kmsg.h"

#include "base/memory.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The kernel refuses lines of more than 976 bytes (kernel/printk/printk.c, LOG_LINE_MAX).
 */
enum { KMSG_SIZE = 502 };

/* A file name or a word of the command line may hold anything; one record is one line. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void kmsg_print(const char *root, enum kmsg_level level, const char *format, ...)
{
	/* Opened for each line: what one opener writes past ten lines in five seconds is
	 * dropped (kernel/printk/printk.c, devkmsg_write, and printk.devkmsg=ratelimit).
	 */
	cleanup_free char *path = xasprintf("%s/dev/kmsg", root);
	cleanup_fd int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
	char line[KMSG_SIZE];
	int n = snprintf(line, sizeof line, "<%d>vfio-bootcfg: ", (int)level);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + n, sizeof line - (size_t)n - 1, format, arguments);
	va_end(arguments);
	make_printable(line);
	strcat(line, "\n");
	/* A write of its own: dprintf() asks where the file stands, and gives up when the
	 * kernel answers EINVAL (kernel/printk/printk.c, devkmsg_llseek). */
	if (write(fd < 0 ? STDERR_FILENO : fd, line, strlen(line)) < 0)
		return; /* there is nowhere left to say it */
}
