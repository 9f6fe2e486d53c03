/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/detect.h"

#include "base/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1024 * 1024 };

bool detect_exists(const struct root *root, const char *path)
{
	cleanup_fd int fd = root_openat(root, path, O_PATH, 0);

	return fd >= 0;
}

const char *detect_first(const struct root *root, const char *const *paths)
{
	for (; *paths; paths++)
		if (detect_exists(root, *paths))
			return *paths;
	return NULL;
}

char *detect_text(const struct root *root, const char *path)
{
	char *text = NULL;
	size_t size;

	return root_read(root, path, TEXT_MAX, &text, &size) ? NULL : text;
}

bool detect_pacman_hook(const struct root *root, const char *name)
{
	cleanup_free char *shipped = xasprintf("usr/share/libalpm/hooks/%s", name);
	cleanup_free char *own = xasprintf("etc/pacman.d/hooks/%s", name);
	cleanup_free char *text = NULL;
	struct stat status;

	if (root_stat(root, own, &status))
		return detect_exists(root, shipped);
	text = detect_text(root, own);
	return text && *text;
}

void detect_found(struct detection *detection, const char *evidence, ...)
{
	va_list arguments;

	va_start(arguments, evidence);
	*detection = (struct detection){
		.found = true,
		.evidence = xvasprintf(evidence, arguments),
	};
	va_end(arguments);
}

void probe_boot_chain(const struct root *root, struct system *system,
		      struct findings *findings)
{
	detect_dracut(root, &system->initramfs[INITRAMFS_DRACUT]);
	detect_mkinitcpio(root, system, findings);
	detect_initramfs_tools(root, &system->initramfs[INITRAMFS_TOOLS]);
	detect_grub(root, system, findings);
}
