/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/kmsg.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One read() gives one record, which must fit: the kernel's own buffer is 8 KiB. */
struct kmsg {
	int fd;
	char record[8192];
	size_t at, n;
};

static int next_record(struct kmsg *kmsg)
{
	ssize_t n;

	/* EPIPE: records were overwritten while we read; the next read goes on behind
	 * them. */
	do
		n = read(kmsg->fd, kmsg->record, sizeof kmsg->record);
	while (n < 0 && (errno == EPIPE || errno == EINTR));
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	kmsg->at = 0;
	kmsg->n = (size_t)n;
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
	memcpy(buffer, kmsg->record + kmsg->at, n);
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
