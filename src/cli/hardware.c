/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/hardware.h"

#include "sys/kmsg.h"
#include "sys/sealed.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SNAPSHOT_MAX = 1024 * 1024 * 1024, HEAD_SIZE = 64 * 1024 };

static int fail(struct findings *findings, const char *path, int error, const char *verb)
{
	findings_add(findings, SEVERITY_ERROR, "unreadable", path, "cannot %s: %s", verb,
		     strerror(-error));
	return error;
}

/* A row of a hex dump: '10: 86 80 …', sixteen bytes. */
static bool is_dump_row(const char *line, const char *end)
{
	const char *at = line;

	while (at < end && isxdigit((unsigned char)*at))
		at++;
	if (at - line < 2 || at - line > 3 || at >= end || *at++ != ':')
		return false;
	for (int i = 0; i < 16; i++, at += 3)
		if (end - at < 3 || at[0] != ' ' || !isxdigit((unsigned char)at[1]) ||
		    !isxdigit((unsigned char)at[2]))
			return false;
	return true;
}

static enum hardware_form form_of(const char *head, size_t n)
{
	static const char magic[] = "vfio-bootcfg snapshot ";
	const char *line = head, *end = head + n;

	if (n >= sizeof magic - 1 && memcmp(head, magic, sizeof magic - 1) == 0)
		return HARDWARE_TREE;
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		if (is_dump_row(line, stop > line && stop[-1] == '\r' ? stop - 1 : stop))
			return HARDWARE_DUMP;
		line = stop + 1;
	}
	return HARDWARE_LOG;
}

static int open_one_file(struct hardware *hardware, struct findings *findings)
{
	cleanup_free char *bytes = NULL;
	size_t n;
	int r = read_all(hardware->fd, SNAPSHOT_MAX, &bytes, &n);

	if (r < 0)
		return fail(findings, hardware->path, r, "read");
	return tree_take_snapshot(steal_ptr(bytes), n, hardware->path, &hardware->tree,
				  findings);
}

static int open_file(struct hardware *hardware, struct findings *findings)
{
	cleanup_free char *head = xcalloc(1, HEAD_SIZE);
	ssize_t n = pread(hardware->fd, head, HEAD_SIZE, 0);

	if (n < 0)
		return fail(findings, hardware->path, -errno, "read");
	if (n == 0) {
		findings_add(
			findings, SEVERITY_ERROR, "unreadable", hardware->path,
			"the file is empty: expected a snapshot, an 'lspci -x' dump or a kernel log");
		return -EINVAL;
	}
	hardware->form = form_of(head, (size_t)n);
	return hardware->form == HARDWARE_TREE ? open_one_file(hardware, findings) : 0;
}

static int open_path(struct hardware *hardware, struct findings *findings)
{
	struct stat status;
	int r;

	hardware->fd = open(hardware->path, O_RDONLY | O_CLOEXEC);
	if (hardware->fd < 0 || fstat(hardware->fd, &status) < 0)
		return fail(findings, hardware->path, -errno, "open");
	if (!S_ISDIR(status.st_mode))
		return open_file(hardware, findings);
	r = tree_open_directory(hardware->path, &hardware->tree);
	return r < 0 ? fail(findings, hardware->path, r, "open") : 0;
}

int hardware_open(const char *path, struct hardware *ret, struct findings *findings)
{
	struct hardware hardware = { .is_live = !path,
				     .path = path ? path : "/",
				     .fd = -1 };
	int r;

	if (path) {
		r = open_path(&hardware, findings);
	} else {
		r = tree_open_directory("/", &hardware.tree);
		if (r < 0)
			fail(findings, "/", r, "open");
	}
	if (r < 0)
		hardware_close(&hardware);
	else
		*ret = hardware;
	return r;
}

void hardware_close(struct hardware *hardware)
{
	tree_close(steal_ptr(hardware->tree));
	cleanup_close_fd(&hardware->fd);
	hardware->fd = -1;
}

int hardware_probe(const struct hardware *hardware, enum probe_names names,
		   struct machine *ret, struct findings *findings)
{
	const char *name = hardware->is_live ? "this machine" : hardware->path;
	cleanup_free char *path = NULL;

	switch (hardware->form) {
	case HARDWARE_TREE:
		probe_machine(hardware->tree, name, names, ret, findings);
		return 0;
	case HARDWARE_DUMP:
		path = xasprintf("/proc/self/fd/%d", hardware->fd);
		return probe_dump(path, name, names, ret, findings);
	case HARDWARE_LOG:
		ret->name = xstrdup(name);
		return 0;
	}
	return -EINVAL;
}

int hardware_log(const struct hardware *hardware, FILE **ret, const char **ret_name)
{
	FILE *stream;
	int fd;

	if (hardware->is_live) {
		*ret_name = "/dev/kmsg";
		return kmsg_open(ret);
	}
	*ret_name = "kernel.log";
	if (hardware->form == HARDWARE_TREE)
		return tree_stream(hardware->tree, ret, "kernel.log");
	if (hardware->form == HARDWARE_DUMP)
		return -ENOENT;
	*ret_name = hardware->path;
	fd = fcntl(hardware->fd, F_DUPFD_CLOEXEC, 0);
	stream = fd < 0 ? NULL : fdopen(fd, "r");
	if (!stream)
		return -errno;
	rewind(stream);
	*ret = stream;
	return 0;
}
