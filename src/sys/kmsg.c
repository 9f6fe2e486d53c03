/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/kmsg.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One read() gives one record, which must fit: the kernel's own buffer is 8 KiB. */
enum { RECORD_SIZE = 8192 };

struct kmsg {
	int fd;
	char line[RECORD_SIZE + 32]; /* the record as dmesg prints it */
	size_t at, n;
};

/* A record is 'PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,…];TEXT' and a newline, and then
 * lines of properties that begin with a blank (Documentation/ABI/testing/dev-kmsg). */
static size_t format_record(char *record, char *line, size_t size)
{
	unsigned long long microseconds = 0;
	char *text = strchr(record, ';');

	sscanf(record, "%*u,%*u,%llu", &microseconds);
	text = text ? text + 1 : record;
	text[strcspn(text, "\n")] = '\0';
	return (size_t)snprintf(line, size, "[%5llu.%06llu] %s\n", microseconds / 1000000,
				microseconds % 1000000, text);
}

static int next_record(struct kmsg *kmsg)
{
	char record[RECORD_SIZE + 1];
	ssize_t n;

	/* EPIPE: records were overwritten while we read; the next read goes on behind
	 * them. */
	do
		n = read(kmsg->fd, record, RECORD_SIZE);
	while (n < 0 && (errno == EPIPE || errno == EINTR));
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	kmsg->at = 0;
	record[n] = '\0';
	kmsg->n = n ? format_record(record, kmsg->line, sizeof kmsg->line) : 0;
	return n > 0;
}

static ssize_t kmsg_read(void *cookie, char *buffer, size_t size)
{
	struct kmsg *kmsg = cookie;
	size_t n;
	int r;

	if (kmsg->at == kmsg->n && (r = next_record(kmsg)) <= 0)
		return r;
	n = kmsg->n - kmsg->at < size ? kmsg->n - kmsg->at : size;
	memcpy(buffer, kmsg->line + kmsg->at, n);
	kmsg->at += n;
	return (ssize_t)n;
}

static int kmsg_close(void *cookie)
{
	struct kmsg *kmsg = cookie;

	close(kmsg->fd);
	free(kmsg);
	return 0;
}

int kmsg_open(FILE **ret)
{
	static const cookie_io_functions_t functions = { .read = kmsg_read,
							 .close = kmsg_close };
	struct kmsg *kmsg;
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	kmsg = xcalloc(1, sizeof *kmsg);
	kmsg->fd = fd;
	/* dmesg_restrict is checked by the first read, not by open(). */
	if (next_record(kmsg) < 0) {
		int error = errno;

		kmsg_close(kmsg);
		return -error;
	}
	*ret = fopencookie(kmsg, "r", functions);
	if (!*ret)
		abort();
	return 0;
}
