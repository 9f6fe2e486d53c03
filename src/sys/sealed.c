/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sealed.h"

#include "base/memory.h"
#include "sys/write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int sealed_copy(const char *bytes, size_t n, int *ret)
{
	cleanup_fd int fd = memfd_create("vfio-bootcfg", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return -errno;
	r = write_bytes(fd, bytes, n);
	if (r < 0)
		return r;
	if (fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	*ret = steal_fd(&fd);
	return 0;
}

int read_all(int fd, size_t limit, char **ret, size_t *ret_size)
{
	cleanup_free char *bytes = NULL;
	size_t n = 0, room = 0;
	ssize_t got;

	do {
		if (n + 1 >= room) {
			room = room ? 2 * room : 8192;
			bytes = xreallocarray(bytes, room, 1);
		}
		got = read(fd, bytes + n, room - n - 1);
		if (got < 0 && errno != EINTR)
			return -errno;
		n += got > 0 ? (size_t)got : 0;
		if (n > limit)
			return -EFBIG;
	} while (got != 0);
	bytes[n] = '\0';
	*ret = steal_ptr(bytes);
	*ret_size = n;
	return 0;
}
