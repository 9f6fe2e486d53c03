/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot_menu.h"

#include "base/memory.h"
#include "evidence/grub_cfg.h"
#include "evidence/loader_entry.h"
#include "evidence/vmlinuz.h"
#include "probe/boot_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct entries {
	struct boot_entry *v;
	size_t n;
	int error; /* of the file or folder below, that cannot be read */
	char *error_path;
};

static void note_error(struct entries *entries, const char *path, int error)
{
	free(entries->error_path);
	entries->error_path = xstrdup(path);
	entries->error = error;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return m && n >= m && strcasecmp(text + n - m, end) == 0;
}

const char *boot_entry_mount(const struct boot_entry *entry)
{
	const char *best = NULL;

	for (const char *const *folder = boot_folders; *folder; folder++) {
		size_t n = strlen(*folder);
		const char *rest = entry->where + n;

		if (strncmp(entry->where, *folder, n) == 0 &&
		    (strncmp(rest, "/loader/", 8) == 0 || strncmp(rest, "/EFI/", 5) == 0))
			best = *folder;
	}
	return best;
}

/* What systemd-stub adds to the command line: addons for all images, then those of this
 * one (systemd-stub(7)). */
static void add_addons(const struct root *root, const char *folder,
		       struct boot_entry *entry)
{
	cleanup_strings struct strings names = { 0 };

	root_list(root, folder, &names);
	for (size_t i = 0; i < names.n && i < BOOT_ENTRIES_MAX; i++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, names.v[i]);
		cleanup_uki struct uki addon = { 0 };
		cleanup_file FILE *file = NULL;
		int64_t modified = 0;
		char *before = entry->options;
		int error;

		if (ends_with(path, ".addon.efi"))
			file = boot_open_uki(root, path, &addon, &modified, &error);
		if (!file || !addon.cmdline)
			continue;
		entry->options = xasprintf("%s%s%s", before ? before : "",
					   before && *before ? " " : "", addon.cmdline);
		free(before);
	}
}

static void add_unified(const struct root *root, const char *folder, const char *name,
			struct entries *entries)
{
	cleanup_free char *path = xasprintf("%s/EFI/Linux/%s", folder, name);
	cleanup_free char *global = xasprintf("%s/loader/addons", folder);
	cleanup_free char *own = xasprintf("%s.extra.d", path);
	cleanup_uki struct uki uki = { 0 };
	cleanup_file FILE *file = NULL;
	struct boot_entry *entry;
	int64_t modified = 0;
	int error = 0;

	file = boot_open_uki(root, path, &uki, &modified, &error);
	if (!file)
		note_error(entries, path, error);
	if (!file || !uki.is_unified)
		return;
	entry = array_add(entries->v, entries->n);
	loader_entry_of_uki(path, &uki, entry);
	entry->release =
		uki.uname ? xstrdup(uki.uname) : vmlinuz_release(file, uki.kernel.offset);
	add_addons(root, global, entry);
	add_addons(root, own, entry);
}

static void add_all_unified(const struct root *root, const char *folder,
			    struct entries *entries)
{
	cleanup_free char *path = xasprintf("%s/EFI/Linux", folder);
	cleanup_strings struct strings names = { 0 };

	root_list(root, path, &names);
	for (size_t i = 0; i < names.n && i < BOOT_ENTRIES_MAX; i++)
		if (ends_with(names.v[i], ".efi"))
			add_unified(root, folder, names.v[i], entries);
}

static void add_file(const struct root *root, const char *path, struct entries *entries)
{
	cleanup_free char *text = NULL;
	size_t n;
	int r = boot_text(root, path, &text, &n);

	if (r == 0)
		loader_entry_parse(path, text, n, array_add(entries->v, entries->n));
	else
		note_error(entries, path, r);
}

static void add_files(const struct root *root, const char *folder,
		      struct entries *entries)
{
	cleanup_free char *path = xasprintf("%s/loader/entries", folder);
	cleanup_strings struct strings names = { 0 };
	int r = root_list(root, path, &names);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		note_error(entries, path, r);
	for (size_t i = 0; i < names.n && i < BOOT_ENTRIES_MAX; i++) {
		cleanup_free char *file = xasprintf("%s/%s", path, names.v[i]);

		if (ends_with(names.v[i], ".conf"))
			add_file(root, file, entries);
	}
}

static char *read_loader_conf(const struct root *root, const struct strings *folders)
{
	for (size_t i = 0; i < folders->n; i++) {
		cleanup_free char *path =
			xasprintf("%s/loader/loader.conf", folders->v[i]);
		char *text = NULL;
		size_t n;

		if (boot_text(root, path, &text, &n) == 0)
			return text;
	}
	return NULL;
}

/* What is looked at first, or stands in the way. The caller frees it. */
static char *missing_menu_path(const struct strings *with_files,
			       const struct strings *with_images, struct entries *entries)
{
	if (entries->error_path)
		return steal_ptr(entries->error_path);
	if (!with_files->n && with_images->n)
		return xasprintf("%s/EFI/Linux", with_images->v[0]);
	return xasprintf("%s/loader/entries", with_files->n ? with_files->v[0] : "/boot");
}

static bool probe_systemd(const struct root *root, struct next_boot *next)
{
	cleanup_strings struct strings with_files = { 0 }, with_images = { 0 };
	cleanup_free char *config = NULL, *chosen = NULL;
	struct entries entries = { 0 };

	boot_list_folders(root, "loader/entries", &with_files, &entries.error);
	boot_list_folders(root, "EFI/Linux", &with_images, &entries.error);
	for (size_t i = 0; i < with_files.n; i++)
		add_files(root, with_files.v[i], &entries);
	for (size_t i = 0; i < with_images.n; i++)
		add_all_unified(root, with_images.v[i], &entries);
	if (!entries.n) {
		next->menu_error = entries.error ? entries.error : -ENOENT;
		next->menu_path = missing_menu_path(&with_files, &with_images, &entries);
		return false;
	}
	free(entries.error_path);
	strings_add_all(&with_files, &with_images);
	config = read_loader_conf(root, &with_files);
	chosen = boot_efi_variable(root, "LoaderEntryOneShot");
	if (!chosen)
		chosen = boot_efi_variable(root, "LoaderEntryDefault");
	systemd_menu_make(entries.v, entries.n, chosen, config, &next->menu);
	next->menu_path = xasprintf("%s/loader/entries", with_files.v[0]);
	return true;
}

static bool probe_grub_at(const struct root *root, const char *folder,
			  struct next_boot *next)
{
	cleanup_free char *path = xasprintf("%s/grub.cfg", folder);
	cleanup_free char *block = xasprintf("%s/grubenv", folder);
	cleanup_free char *text = NULL, *environment = NULL;
	struct entries entries = { 0 };
	size_t n, ignored;
	int r = boot_text(root, path, &text, &n);

	if (r == -ENOENT || r == -ENOTDIR)
		return false;
	next->menu_path = xstrdup(path);
	next->menu_error = r;
	if (r < 0)
		return true;
	boot_text(root, block, &environment, &ignored);
	add_files(root, "/boot", &entries);
	free(entries.error_path);
	grub_menu_make(path, text, n, environment, entries.v, entries.n, &next->menu);
	return true;
}

/* Where RHEL keeps it on UEFI up to 8. Elsewhere a file of that name only leads on to the
 * one in /boot. */
static bool probe_grub_in_esp(const struct root *root, struct next_boot *next)
{
	static const char place[] = "/boot/efi/EFI";
	cleanup_strings struct strings names = { 0 };

	root_list(root, place, &names);
	for (size_t i = 0; i < names.n && i < BOOT_ENTRIES_MAX; i++) {
		cleanup_free char *folder = xasprintf("%s/%s", place, names.v[i]);
		cleanup_free char *path = xasprintf("%s/grub.cfg", folder);
		cleanup_free char *text = NULL;
		size_t n;

		if (boot_text(root, path, &text, &n) == 0 &&
		    (strstr(text, "\nblscfg") || strstr(text, "menuentry ")))
			return probe_grub_at(root, folder, next);
	}
	return false;
}

static bool probe_grub(const struct root *root, struct next_boot *next)
{
	if (probe_grub_at(root, "/boot/grub", next) ||
	    probe_grub_at(root, "/boot/grub2", next) || probe_grub_in_esp(root, next))
		return true;
	next->menu_error = -ENOENT;
	next->menu_path =
		xstrdup(root_exists(root, "/boot/grub2") ? "/boot/grub2/grub.cfg"
							 : "/boot/grub/grub.cfg");
	return false;
}

static bool is_kernel_of(const char *path, const char *release)
{
	cleanup_free char *folder = xasprintf("/%s/", release);
	cleanup_free char *name = xasprintf("-%s", release);

	return ends_with(path, name) || strstr(path, folder);
}

/* What pacman calls a kernel is what its file is called: '/boot/vmlinuz-linux'. */
static bool is_kernel_of_package(const struct root *root, const char *path,
				 const char *release)
{
	cleanup_free char *package = boot_package(root, release);
	cleanup_free char *name = package ? xasprintf("/vmlinuz-%s", package) : NULL;

	return name && ends_with(path, name);
}

static char *release_in_file(const struct root *root, const struct boot_entry *entry)
{
	cleanup_free char *path = boot_find(root, boot_entry_mount(entry), entry->kernel);
	cleanup_file FILE *file = NULL;
	uint64_t size;
	int64_t modified = 0;
	int error;

	file = boot_open_file(root, path, &size, &modified, &error);
	return file ? vmlinuz_release(file, 0) : NULL;
}

static void find_release(const struct root *root, const struct system *system,
			 struct boot_entry *entry)
{
	const struct kernel *kernels = system->kernels;

	if (entry->release || !entry->kernel)
		return;
	for (size_t i = 0; i < system->n_kernels && !entry->release; i++)
		if (is_kernel_of(entry->kernel, kernels[i].release))
			entry->release = xstrdup(kernels[i].release);
	if (!entry->release)
		entry->release = release_in_file(root, entry);
	for (size_t i = 0; i < system->n_kernels && !entry->release; i++)
		if (is_kernel_of_package(root, entry->kernel, kernels[i].release))
			entry->release = xstrdup(kernels[i].release);
	if (!entry->release && entry->version)
		entry->release = xstrdup(entry->version);
}

static void forget(struct next_boot *next)
{
	boot_menu_free(&next->menu);
	free(steal_ptr(next->menu_path));
	next->menu_error = 0;
}

void boot_menu_probe(const struct root *root, const struct system *system,
		     enum menu_kind loader, struct next_boot *next)
{
	bool is_found = false;

	if (loader != MENU_SYSTEMD_BOOT)
		is_found = probe_grub(root, next);
	if (loader == MENU_SYSTEMD_BOOT || (loader == MENU_NONE && !is_found)) {
		forget(next);
		probe_systemd(root, next);
	}
	for (size_t i = 0; i < next->menu.n; i++)
		find_release(root, system, &next->menu.v[i]);
}
