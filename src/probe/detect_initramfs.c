/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dracut and initramfs-tools. The program alone proves nothing: dracut's comes with other
 * packages, and removed packages leave their configuration behind. What counts is the
 * program and what runs it when a kernel is installed.
 */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

/* Whether a hook of pacman runs `program` when something is installed. */
static bool hook_runs(const char *text, const char *program)
{
	cleanup_strings struct strings lines = { 0 };
	bool runs = false, installs = false;

	strings_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i] + strspn(lines.v[i], " \t");

		if (strncmp(line, "Exec", 4) == 0)
			runs = runs || strstr(line, program);
		else if (strncmp(line, "Operation", 9) == 0)
			installs = installs || strstr(line, "Install");
	}
	return runs && installs;
}

static bool is_dracut_hook(const struct root *root, const char *path, const char *name)
{
	/* Where kernel-install runs, it takes mkinitcpio if that is there, too. */
	static const char plugin[] = "usr/lib/kernel/install.d/50-dracut.install";
	cleanup_free char *text = NULL;

	if (!detect_pacman_hook(root, name))
		return false;
	text = detect_text(root, path);
	return text && (hook_runs(text, "dracut") ||
			(hook_runs(text, "kernel-install") && root_exists(root, plugin) &&
			 !root_exists(root, "usr/bin/mkinitcpio")));
}

/* The path of a hook of pacman, or NULL. The caller frees it. */
static char *dracut_hook(const struct root *root)
{
	static const char *const folders[] = {
		"usr/share/libalpm/hooks",
		"etc/pacman.d/hooks",
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		cleanup_strings struct strings names = { 0 };

		if (root_list(root, folders[i], &names))
			continue;
		for (size_t k = 0; k < names.n; k++) {
			cleanup_free char *path =
				xasprintf("%s/%s", folders[i], names.v[k]);

			if (is_dracut_hook(root, path, names.v[k]))
				return steal_ptr(path);
		}
	}
	return NULL;
}

static const char *const dpkg_triggers[] = {
	"etc/kernel/postinst.d/dracut",
	"usr/share/kernel/postinst.d/dracut", /* since linux-base 4.12 */
	NULL,
};
/* kernel-install's plugin is no proof where dpkg or pacman installs kernels: both ship
 * it, and neither runs it. */
static const char *const other_triggers[] = {
	"usr/lib/kernel/preinst.d/50-dracut.install", /* Gentoo without systemd */
	"etc/kernel.d/post-install/20-dracut",	      /* Void */
	"usr/lib/module-init-tools/regenerate-initrd-posttrans", /* openSUSE */
	"usr/bin/sdbootutil", /* openSUSE, which masks the plugin */
	"usr/lib/kernel/install.d/50-dracut.install",
	NULL,
};

#define PLUGINS "usr/lib/kernel/install.d/"

bool detect_install_plugin(const struct root *root, const char *name)
{
	return detect_unmasked(root, "usr/lib/kernel/install.d", "etc/kernel/install.d",
			       name);
}

static bool is_masked(const struct root *root, const char *trigger)
{
	size_t n = sizeof PLUGINS - 1;

	return strncmp(trigger, PLUGINS, n) == 0 &&
	       !detect_install_plugin(root, trigger + n);
}

/* What runs dracut when a kernel is installed, or NULL. The caller frees it. */
static char *dracut_trigger(const struct root *root)
{
	const char *trigger;

	if (root_exists(root, "usr/share/libalpm"))
		return dracut_hook(root);
	trigger = detect_first(root, root_exists(root, "var/lib/dpkg") ? dpkg_triggers
								       : other_triggers);
	return trigger && !is_masked(root, trigger) ? xstrdup(trigger) : NULL;
}

void detect_dracut(const struct root *root, struct detection *ret)
{
	static const char *const programs[] = { "usr/bin/dracut", "usr/sbin/dracut",
						"sbin/dracut", NULL };
	const char *program = detect_first(root, programs);
	cleanup_free char *trigger = program ? dracut_trigger(root) : NULL;

	if (trigger)
		detect_found(ret, "%s and %s", program, trigger);
}

void detect_initramfs_tools(const struct root *root, struct detection *ret)
{
	/* Not update-initramfs: dracut has a program of that name, too. */
	static const char *const programs[] = { "usr/sbin/mkinitramfs",
						"sbin/mkinitramfs", NULL };
	static const char *const triggers[] = {
		"etc/kernel/postinst.d/initramfs-tools",
		"usr/share/kernel/postinst.d/initramfs-tools", NULL
	};
	const char *program = detect_first(root, programs);
	const char *trigger = detect_first(root, triggers);

	if (program && trigger)
		detect_found(ret, "%s and %s", program, trigger);
}
