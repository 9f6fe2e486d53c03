/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image_build.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { TYPE_MASK = 0170000, TYPE_FOLDER = 0040000, TYPE_FILE = 0100000 };

enum keep { KEEP_NAME, KEEP_BYTES };

/* What tells in which order drivers are loaded, and by what; without 'usr/'. */
static const struct {
	const char *path; /* as fnmatch() takes it; '*' is no '/' */
	enum keep keep;
} wanted[] = {
	{ "etc/modprobe.d/*.conf", KEEP_BYTES },
	{ "lib/modprobe.d/*.conf", KEEP_BYTES },
	{ "run/modprobe.d/*.conf", KEEP_BYTES },
	{ "etc/modules-load.d/*.conf", KEEP_BYTES },
	{ "lib/modules-load.d/*.conf", KEEP_BYTES },
	{ "lib/modules/*/modules.dep", KEEP_BYTES },
	{ "bin/kmod", KEEP_NAME },
	{ "bin/modprobe", KEEP_NAME },
	{ "sbin/modprobe", KEEP_NAME },
	{ "lib/vfio-bootcfg/vfio-bootcfg-early", KEEP_NAME },
	/* dracut: where its hooks are changed with 102 */
	{ "etc/cmdline", KEEP_BYTES },
	{ "etc/cmdline.d/*.conf", KEEP_BYTES },
	{ "lib/dracut/modules.txt", KEEP_NAME },
	{ "lib/dracut/build-parameter.txt", KEEP_NAME },
	{ "lib/dracut/hooks/pre-udev/*", KEEP_NAME },
	{ "var/lib/dracut/hooks/pre-udev/*", KEEP_NAME },
	/* initramfs-tools */
	{ "conf/initramfs.conf", KEEP_NAME },
	{ "scripts/init-top/*", KEEP_BYTES },
	/* mkinitcpio */
	{ "config", KEEP_BYTES },
	{ "buildconfig", KEEP_NAME },
	{ "hooks/*", KEEP_NAME },
	{ "lib/systemd/systemd", KEEP_NAME },
	{ "lib/systemd/system/vfio-bootcfg-early.service", KEEP_NAME },
	{ "lib/systemd/system/*.wants/vfio-bootcfg-early.service", KEEP_NAME },
	{ "etc/systemd/system/systemd-udev-trigger.service.d/*.conf", KEEP_BYTES },
};

void image_fail(struct image *image, enum image_state state, const char *problem, ...)
{
	va_list arguments;

	if (image->problem)
		return;
	image->state = state;
	va_start(arguments, problem);
	image->problem = xvasprintf(problem, arguments);
	va_end(arguments);
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* './usr/lib/x', '/lib/x' and 'lib/x' are one place. */
static const char *place_of(const char *path)
{
	for (;;) {
		if (*path == '/')
			path++;
		else if (starts_with(path, "./"))
			path += 2;
		else
			break;
	}
	return starts_with(path, "usr/") ? path + 4 : path;
}

/* Counts what is kept; false, with a problem, where it is too much. */
static bool has_room(struct image_builder *builder, size_t n)
{
	struct image *image = builder->image;

	builder->kept += n;
	if (image->n_files + image->n_modules < IMAGE_FILES_MAX &&
	    builder->kept <= IMAGE_KEPT_MAX)
		return true;
	image_fail(image, IMAGE_UNREAD,
		   "it holds more than %d modules and configuration files",
		   IMAGE_FILES_MAX);
	return false;
}

/* The length of the name that 'NAME.ko', plain or compressed, is the file of; 0 where it
 * is of none. */
static size_t module_length(const char *base)
{
	static const char *const endings[] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };
	size_t n = strlen(base);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t ending = strlen(endings[i]);

		if (n > ending && strcmp(base + n - ending, endings[i]) == 0)
			return n - ending;
	}
	return 0;
}

static bool take_module(struct image_builder *builder, const char *place)
{
	static const char folder[] = "lib/modules/";
	struct image *image = builder->image;
	const char *base = strrchr(place, '/'), *release = place + sizeof folder - 1;
	struct image_module *module;
	size_t length;

	if (!base || !starts_with(place, folder) || !(length = module_length(base + 1)))
		return false;
	if (!has_room(builder, strlen(place)))
		return true;
	module = array_add(image->modules, image->n_modules);
	/* Some generators keep all modules in one folder, of no kernel by its name. */
	module->release = xstrndup(
		release, base > release ? (size_t)(strchr(release, '/') - release) : 0);
	module->name = xstrndup(base + 1, length);
	for (char *dash = module->name; (dash = strchr(dash, '-'));)
		*dash = '_';
	return true;
}

static bool is_wanted(const char *place, enum keep *ret)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (fnmatch(wanted[i].path, place, FNM_PATHNAME) == 0) {
			*ret = wanted[i].keep;
			return true;
		}
	return false;
}

static bool is_same_file(const struct cpio_entry *a, const struct cpio_entry *b)
{
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor;
}

static bool is_linked(const struct image_builder *builder, const struct cpio_entry *entry)
{
	for (size_t i = 0; entry->links > 1 && i < builder->n_links; i++)
		if (is_same_file(&builder->links[i].entry, entry))
			return true;
	return false;
}

/* The file at a wanted path; whether its body is still to come in this entry. */
static bool take_file(struct image_builder *builder, const char *place, enum keep keep,
		      const struct cpio_entry *entry)
{
	struct image *image = builder->image;
	bool has_bytes = keep == KEEP_BYTES && (entry->mode & TYPE_MASK) == TYPE_FILE &&
			 entry->size <= IMAGE_FILE_MAX;
	struct image_file *file;

	if (!has_room(builder, strlen(place) + (has_bytes ? entry->size : 0)))
		return false;
	builder->file = image->n_files;
	file = array_add(image->files, image->n_files);
	file->path = xstrdup(place);
	if (!has_bytes)
		return false;
	if (entry->size)
		return true;
	file->bytes = xstrdup("");
	if (entry->links > 1 && builder->n_links < IMAGE_LINKS_MAX)
		builder->links[builder->n_links++] =
			(struct image_link){ *entry, builder->file };
	return false;
}

bool image_begin_entry(struct image_builder *builder, const char *path,
		       const struct cpio_entry *entry)
{
	const char *place = place_of(path);
	bool has_body = false;
	enum keep keep;

	builder->image->n_entries++;
	builder->file = SIZE_MAX;
	if ((entry->mode & TYPE_MASK) == TYPE_FOLDER || take_module(builder, place))
		return false;
	if (is_wanted(place, &keep))
		has_body = take_file(builder, place, keep, entry);
	if (!has_body && entry->size && entry->size <= IMAGE_FILE_MAX)
		has_body = is_linked(builder, entry);
	if (!has_body)
		return false;
	builder->entry = *entry;
	builder->body = xcalloc(entry->size + 1, 1);
	builder->n_body = 0;
	return true;
}

void image_add_body(struct image_builder *builder, const char *bytes, size_t n)
{
	memcpy(builder->body + builder->n_body, bytes, n);
	builder->n_body += n;
}

static void set_bytes(struct image_builder *builder, size_t i)
{
	struct image_file *file = &builder->image->files[i];

	free(file->bytes);
	file->bytes = xcalloc(builder->n_body + 1, 1);
	memcpy(file->bytes, builder->body, builder->n_body);
	file->size = builder->n_body;
}

void image_end_entry(struct image_builder *builder)
{
	for (size_t i = 0; builder->entry.links > 1 && i < builder->n_links; i++)
		if (is_same_file(&builder->links[i].entry, &builder->entry))
			set_bytes(builder, builder->links[i].file);
	if (builder->file != SIZE_MAX)
		set_bytes(builder, builder->file);
	free(steal_ptr(builder->body));
}

static int compare_modules(const void *a, const void *b)
{
	const struct image_module *x = a, *y = b;
	int order = strcmp(x->release, y->release);

	return order ? order : strcmp(x->name, y->name);
}

/* Of one path the later file comes later: what points to it keeps its order. */
static int compare_files(const void *a, const void *b)
{
	const struct image_file *const *x = a, *const *y = b;
	int order = strcmp((*x)->path, (*y)->path);

	return order ? order : (*x > *y) - (*x < *y);
}

static void file_free(struct image_file *file)
{
	free(file->path);
	free(file->bytes);
}

static void sort_files(struct image *image)
{
	const struct image_file **order = xcalloc(image->n_files + 1, sizeof *order);
	struct image_file *sorted = xcalloc(image->n_files + 1, sizeof *sorted);
	size_t n = 0;

	for (size_t i = 0; i < image->n_files; i++)
		order[i] = &image->files[i];
	if (image->n_files)
		qsort(order, image->n_files, sizeof *order, compare_files);
	for (size_t i = 0; i < image->n_files; i++) {
		if (n && strcmp(sorted[n - 1].path, order[i]->path) == 0)
			file_free(&sorted[--n]);
		sorted[n++] = *order[i];
	}
	free(order);
	free(image->files);
	image->files = sorted;
	image->n_files = n;
}

void image_finish(struct image_builder *builder)
{
	struct image *image = builder->image;

	free(steal_ptr(builder->body));
	if (image->n_modules)
		qsort(image->modules, image->n_modules, sizeof *image->modules,
		      compare_modules);
	sort_files(image);
}
