/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loaders whose kernel command line comes from /etc/kernel/cmdline and its like:
 * systemd-boot, unified images, and kernel-install, which serves both. kernel-install
 * alone proves nothing: it comes with systemd.
 */
#include "probe/detect.h"

#include "base/memory.h"
#include "base/strings.h"
#include "probe/boot_files.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* The first file in a folder of a boot partition that fits a pattern, or NULL. FAT knows
 * no case. The caller frees it. */
static char *find_file(const struct root *root, const char *folder, const char *pattern)
{
	for (const char *const *top = boot_folders; *top; top++) {
		cleanup_free char *path = xasprintf("%s/%s", *top + 1, folder);
		cleanup_strings struct strings names = { 0 };

		if (root_list(root, path, &names))
			continue;
		for (size_t i = 0; i < names.n; i++)
			if (fnmatch(pattern, names.v[i], FNM_CASEFOLD | FNM_PERIOD) == 0)
				return xasprintf("%s/%s", path, names.v[i]);
	}
	return NULL;
}

/* A setting of kernel-install: the drop-ins of /etc count more than any other file
 * (kernel-install(8)). The caller frees it. */
static char *install_setting(const struct root *root, const char *name)
{
	static const char *const files[] = { "etc/kernel/install.conf",
					     "usr/lib/kernel/install.conf", NULL };
	static const char folder[] = "etc/kernel/install.conf.d";
	const char *file = detect_first(root, files);
	cleanup_strings struct strings names = { 0 };
	char *value = file ? detect_setting(root, file, name) : NULL;

	root_list(root, folder, &names);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, names.v[i]);
		char *own = detect_setting(root, path, name);

		if (own) {
			free(value);
			value = own;
		}
	}
	return value;
}

static bool has_installed_entry(const struct boot_chain *chain)
{
	for (size_t i = 0; i < chain->n_entries; i++)
		if (chain->entries[i].is_installed)
			return true;
	return false;
}

static bool runs_generator(const struct root *root, const struct system *system)
{
	return (system->initramfs[INITRAMFS_DRACUT].found &&
		detect_install_plugin(root, "50-dracut.install")) ||
	       (system->initramfs[INITRAMFS_MKINITCPIO].found &&
		detect_install_plugin(root, "50-mkinitcpio.install"));
}

/* Fedora's plugin for GRUB writes entries, whatever the layout is. The layout, or NULL,
 * is what is configured; the caller frees it. */
static char *detect_kernel_install(const struct root *root, struct system *system)
{
	struct boot_chain *chain = &system->chain;
	char *layout = NULL;

	if (!root_exists(root, "usr/bin/kernel-install"))
		return NULL;
	layout = install_setting(root, "layout");
	chain->kernel_install_makes_ukis = layout && strcmp(layout, "uki") == 0;
	chain->uses_kernel_install = chain->kernel_install_makes_ukis ||
				     (layout && strcmp(layout, "bls") == 0) ||
				     has_installed_entry(chain) ||
				     detect_install_plugin(root, "20-grub.install");
	chain->kernel_install_makes_initramfs =
		chain->uses_kernel_install && runs_generator(root, system);
	return layout;
}

static bool uses_entries(const struct boot_chain *chain)
{
	for (size_t i = 0; i < chain->n_entries; i++)
		if (!chain->entries[i].is_fallback)
			return true;
	return false;
}

/* What shows such a loader, the strongest first; NULL where nothing does. The caller
 * frees it. */
static char *find_evidence(const struct root *root, const struct boot_chain *chain,
			   const char *layout, const char *uki)
{
	cleanup_free char *loader = find_file(root, "EFI/systemd", "systemd-boot*.efi");

	if (loader && uses_entries(chain))
		return xasprintf("%s and %s", loader, chain->entries[0].path + 1);
	if (loader)
		return steal_ptr(loader);
	if (chain->mkinitcpio_uki)
		return xasprintf("%s, which makes a unified image",
				 chain->mkinitcpio_uki + 1);
	if (uki)
		return xstrdup(uki);
	if (chain->uses_kernel_install && layout)
		return xasprintf("'layout=%s' of kernel-install", layout);
	return NULL;
}

void detect_kernel_cmdline(const struct root *root, struct system *system)
{
	struct boot_chain *chain = &system->chain;
	cleanup_free char *layout = detect_kernel_install(root, system);
	cleanup_free char *uki = find_file(root, "EFI/Linux", "*.efi");
	cleanup_free char *evidence = find_evidence(root, chain, layout, uki);

	if (evidence)
		detect_found(&system->bootloader[BOOTLOADER_KERNEL_CMDLINE], "%s",
			     evidence);
	if (uki && !chain->mkinitcpio_uki && !chain->kernel_install_makes_ukis)
		chain->foreign_uki = xasprintf("/%s", uki);
}

void detect_kernel_images(const struct root *root, struct system *system)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "/usr/lib/modules/", "/vmlinuz" },
		{ "/boot/vmlinuz-", "" },
		{ "/boot/kernel-", "" },
	};

	for (size_t i = 0; i < system->n_kernels; i++) {
		struct kernel *kernel = &system->kernels[i];

		for (size_t k = 0; k < sizeof places / sizeof *places && !kernel->image;
		     k++) {
			cleanup_free char *path =
				xasprintf("%s%s%s", places[k].before, kernel->release,
					  places[k].after);

			if (root_exists(root, path))
				kernel->image = steal_ptr(path);
		}
	}
}
