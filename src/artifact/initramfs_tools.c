/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * initramfs-tools loads what /etc/initramfs-tools/modules lists only after udev has
 * loaded the drivers of all devices (init: run_scripts init-top, then load_modules). So a
 * hook of our own puts the modules into the image, and a script of our own loads them
 * before udev: scripts without prerequisites run in the order of their names, as tsort
 * leaves it, and 00 comes before 'udev'. The softdeps hold where a tsort sorts otherwise.
 */
#include "artifact/rendering.h"

#include <stdlib.h>

static const char prereqs[] = "[ \"$1\" = prereqs ] && exit 0\n";

static char *hook(const struct plan *plan)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fprintf(out, "#!/bin/sh\n%s%s. /usr/share/initramfs-tools/hook-functions\n",
		rendering_header, prereqs);
	fputs("manual_add_modules ", out);
	print_names(out, &plan->modules);
	fputc('\n', out);
	fclose(out);
	return text;
}

/* /sbin/modprobe by its path: the shell may be BusyBox, whose own modprobe does not know
 * `vfio-pci.ids=` on the kernel command line. */
static char *script(const struct plan *plan)
{
	size_t size;
	char *text;
	FILE *out = xopen_memstream(&text, &size);

	fprintf(out, "#!/bin/sh\n%s%s/sbin/modprobe -a ", rendering_header, prereqs);
	print_names(out, &plan->modules);
	fputc('\n', out);
	fclose(out);
	return text;
}

void initramfs_tools_render(struct rendering *rendering)
{
	static const char *const command[] = { "update-initramfs", "-u", "-k", "all",
					       NULL };
	const struct plan *plan = rendering->plan;

	render_command(rendering, command);
	if (plan->modules.n) {
		render_file(rendering, TOOLS_HOOK_PATH, 0755, hook(plan));
		render_file(rendering, TOOLS_SCRIPT_PATH, 0755, script(plan));
	}
	/* The mark by which the packaged hook takes the early binder along. */
	if (plan->needs_early)
		render_file(rendering, TOOLS_EARLY_PATH, 0644, xstrdup(rendering_header));
}
