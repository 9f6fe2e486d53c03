/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of the running kernel, where it belongs to the root. */
#include "probe/detect.h"

#include "base/memory.h"
#include "probe/boot_files.h"

#include <string.h>
#include <sys/stat.h>

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*
 * Whether the running system booted this very tree. In a container, in a chroot and in
 * another tree /proc/cmdline is somebody else's: its root= would lead a kernel of this
 * root astray. Only root may follow the link of process 1; others are told no.
 */
static bool is_running(const struct root *root)
{
	static const char *const containers[] = { "run/systemd/container", ".dockerenv",
						  "run/.containerenv", NULL };
	struct stat here, first;

	return fstat(root->fd, &here) == 0 && stat("/proc/1/root/.", &first) == 0 &&
	       is_same(&here, &first) && !detect_first(root, containers);
}

char *detect_running_cmdline(const struct root *root)
{
	char *text;

	if (!is_running(root))
		return NULL;
	text = detect_text(root, "proc/cmdline");
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

char *detect_running_loader(const struct root *root)
{
	return is_running(root) ? boot_efi_variable(root, "LoaderInfo") : NULL;
}
