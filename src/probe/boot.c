/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot.h"

#include "base/memory.h"
#include "probe/boot_files.h"
#include "probe/boot_images.h"
#include "probe/boot_menu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The unified image that mkinitcpio makes of a kernel, whose preset has the name of the
 * package; NULL where that is not known. Borrowed. */
static const char *unified_image(const struct system *system, const char *package)
{
	const struct boot_chain *chain = &system->chain;
	cleanup_free char *end = xasprintf("/%s.preset", package ? package : "");
	const char *name =
		chain->mkinitcpio_uki ? strrchr(chain->mkinitcpio_uki, '/') : NULL;

	return name && (system->n_kernels == 1 || strcmp(name, end) == 0)
		       ? chain->mkinitcpio_image
		       : NULL;
}

/* As dracut and mkinitcpio call an image where they are not Debian's. */
static bool is_called_initramfs(const struct system *system)
{
	return !system->initramfs[INITRAMFS_TOOLS].found && !system->grub_reads_dropins &&
	       (system->initramfs[INITRAMFS_DRACUT].found ||
		system->initramfs[INITRAMFS_MKINITCPIO].found);
}

/* Where generators put the image of a kernel that no entry names; first the place that
 * this kernel's package is made for. */
static void list_usual_places(const struct root *root, const struct system *system,
			      const char *release, struct strings *ret)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "/boot/initrd.img-", "" },
		{ "/boot/initramfs-", ".img" },
		{ "/boot/initrd-", "" },
		{ "/boot/initrd-", ".img" },
		{ "/usr/lib/modules/", "/initrd" },
	};
	cleanup_free char *package = boot_package(root, release);
	const char *unified = unified_image(system, package);

	if (unified) {
		strings_add(ret, unified);
		return;
	}
	if (package)
		strings_take(ret, xasprintf("/boot/initramfs-%s.img", package));
	if (is_called_initramfs(system))
		strings_take(ret, xasprintf("/boot/initramfs-%s.img", release));
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		strings_take(ret, xasprintf("%s%s%s", places[i].before, release,
					    places[i].after));
}

static void find_usual(const struct root *root, const struct system *system,
		       const char *release, struct strings *ret)
{
	cleanup_strings struct strings places = { 0 };
	struct stat ignored;

	list_usual_places(root, system, release, &places);
	for (size_t i = 0; i < places.n && !ret->n; i++)
		if (root_stat(root, places.v[i], &ignored) == 0)
			strings_add(ret, places.v[i]);
	if (!ret->n)
		strings_add(ret, places.v[0]);
}

static void read_kernel(const struct root *root, const struct system *system,
			const struct boot_menu *menu, const char *release,
			struct boot_kernel *kernel)
{
	cleanup_strings struct strings paths = { 0 };
	const struct boot_entry *entry;

	kernel->release = xstrdup(release);
	kernel->entry = boot_menu_find(menu, release);
	entry = kernel->entry < menu->n ? &menu->v[kernel->entry] : NULL;
	if (!entry)
		find_usual(root, system, release, &paths);
	else if (entry->unified)
		strings_take(&paths,
			     boot_find(root, boot_entry_mount(entry), entry->unified));
	for (size_t i = 0; entry && i < entry->initrds.n; i++)
		strings_take(&paths, boot_find(root, boot_entry_mount(entry),
					       entry->initrds.v[i]));
	if (paths.n)
		boot_image_read(root, &paths, &kernel->image);
	else
		kernel->image.error = -ENOENT;
}

/* The lines that are no comments, joined by blanks. */
static char *words_of(char *text)
{
	cleanup_strings struct strings lines = { 0 }, kept = { 0 };

	strings_split(&lines, text, "\r\n");
	for (size_t i = 0; i < lines.n; i++)
		if (lines.v[i][strspn(lines.v[i], " \t")] != '#')
			strings_add(&kept, lines.v[i]);
	return strings_join(&kept, " ");
}

static void add_source(const struct root *root, const char *path, struct next_boot *next)
{
	cleanup_free char *text = NULL;
	struct cmdline_source *source;
	size_t n;
	int r = boot_text(root, path, &text, &n);

	if (r == -ENOENT || r == -ENOTDIR)
		return;
	source = array_add(next->sources, next->n_sources);
	source->path = xstrdup(path);
	source->error = r;
	source->text = r == 0 ? words_of(text) : NULL;
}

/* The first of two files, and what mkinitcpio puts behind it into unified images. */
static void read_sources(const struct root *root, const struct boot_chain *chain,
			 struct next_boot *next)
{
	static const char folder[] = "/etc/cmdline.d";
	cleanup_strings struct strings names = { 0 };

	add_source(root, "/etc/kernel/cmdline", next);
	if (!next->n_sources)
		add_source(root, "/usr/lib/kernel/cmdline", next);
	if (!chain->mkinitcpio_uki || !chain->mkinitcpio_reads_cmdline_d)
		return;
	root_list(root, folder, &names);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = xasprintf("%s/%s", folder, names.v[i]);
		size_t n = strlen(path);

		if (strcmp(path + n - 5, ".conf") == 0)
			add_source(root, path, next);
	}
}

void probe_next_boot(const struct root *root, const struct system *system,
		     enum menu_kind loader, const char *release, struct next_boot *ret)
{
	struct next_boot next = { 0 };

	boot_menu_probe(root, system, loader, &next);
	for (size_t i = 0; i < system->n_kernels; i++)
		if (!release || strcmp(system->kernels[i].release, release) == 0)
			read_kernel(root, system, &next.menu, system->kernels[i].release,
				    array_add(next.kernels, next.n_kernels));
	read_sources(root, &system->chain, &next);
	*ret = next;
}
