/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/boot_images.h"

#include "base/memory.h"
#include "probe/boot_files.h"
#include "probe/kernels_modprobe.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 64 };

/* The files of one image, opened. */
struct parts {
	struct image_part v[PARTS_MAX];
	size_t n;
	FILE *files[PARTS_MAX];
	size_t n_files;
};

static void parts_close(struct parts *parts)
{
	for (size_t i = 0; i < parts->n_files; i++)
		fclose(parts->files[i]);
}

static void add_part(struct parts *parts, FILE *file, uint64_t offset, uint64_t size)
{
	if (size && parts->n < PARTS_MAX)
		parts->v[parts->n++] = (struct image_part){ file, offset, size };
}

static void keep_file(struct parts *parts, FILE *file)
{
	parts->files[parts->n_files++] = file;
}

static bool is_program(const char *path)
{
	size_t n = strlen(path);

	return n >= 4 && strcasecmp(path + n - 4, ".efi") == 0;
}

/* A unified image, or false where the file is none. */
static bool open_unified(const struct root *root, const char *path,
			 struct boot_image *image, struct parts *parts)
{
	cleanup_uki struct uki uki = { 0 };
	int error = 0;
	FILE *file = boot_open_uki(root, path, &uki, &image->modified, &error);

	if (!file && is_program(path))
		image->error = error;
	if (!file)
		return false;
	keep_file(parts, file);
	if (!uki.is_unified)
		return false;
	image->is_unified = true;
	add_part(parts, file, uki.microcode.offset, uki.microcode.size);
	add_part(parts, file, uki.initrd.offset, uki.initrd.size);
	return true;
}

static void open_part(const struct root *root, const char *path, struct boot_image *image,
		      struct parts *parts)
{
	uint64_t size;
	FILE *file;

	if (parts->n_files + 2 > PARTS_MAX || open_unified(root, path, image, parts) ||
	    image->error)
		return;
	file = boot_open_file(root, path, &size, &image->modified, &image->error);
	if (!file)
		return;
	keep_file(parts, file);
	add_part(parts, file, 0, size);
}

/* Where modprobe looks, in the order in which one file hides another of its name. */
static const char *const modprobe_folders[] = { "etc/modprobe.d/", "run/modprobe.d/",
						"lib/modprobe.d/" };

static int compare_names(const struct image_file *a, const struct image_file *b)
{
	return strcmp(strrchr(a->path, '/'), strrchr(b->path, '/'));
}

static size_t folder_of(const struct image_file *file)
{
	size_t i = 0;

	while (strncmp(file->path, modprobe_folders[i], strlen(modprobe_folders[i])) != 0)
		i++;
	return i;
}

/* By name alone, as libkmod reads them. */
static int compare_files(const void *a, const void *b)
{
	const struct image_file *const *x = a, *const *y = b;
	int order = compare_names(*x, *y);

	return order ? order : (int)folder_of(*x) - (int)folder_of(*y);
}

/* Those that are read, in their order; the caller frees it. */
static const struct image_file **list_modprobe_files(const struct image *image,
						     size_t *ret_n)
{
	const struct image_file **files = NULL;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < sizeof modprobe_folders / sizeof *modprobe_folders; i++) {
		size_t n_here;
		const struct image_file *here =
			image_folder(image, modprobe_folders[i], &n_here);

		for (size_t k = 0; k < n_here; k++)
			*array_add(files, n) = &here[k];
	}
	if (n)
		qsort(files, n, sizeof *files, compare_files);
	for (size_t i = 0; i < n; i++)
		if (!kept || compare_names(files[kept - 1], files[i]) != 0)
			files[kept++] = files[i];
	*ret_n = kept;
	return files;
}

static void add_rule(struct boot_image *image, enum rule_kind kind, const char *where,
		     const char *module, char *text)
{
	*array_add(image->rules, image->n_rules) = (struct modprobe_rule){
		.kind = kind,
		.where = xstrdup(where),
		.module = xstrdup(module),
		.text = text,
	};
}

static void read_rules_of(struct boot_image *image, const struct image_file *file)
{
	static const enum rule_kind kinds[] = {
		[SETTING_OPTIONS] = RULE_OPTIONS,
		[SETTING_BLACKLIST] = RULE_BLACKLIST,
		[SETTING_INSTALL] = RULE_INSTALL,
	};
	cleanup_softdep_lines struct softdep_lines softdeps = { 0 };
	struct settings settings = { 0 };

	if (!file->bytes)
		return;
	modprobe_parse(file->bytes, file->path, &softdeps, NULL, &settings);
	for (size_t i = 0; i < softdeps.n; i++)
		add_rule(image, RULE_SOFTDEP, file->path, softdeps.v[i].pattern,
			 strings_join(&softdeps.v[i].pre, " "));
	for (size_t i = 0; i < settings.n; i++)
		add_rule(image, kinds[settings.v[i].command], settings.v[i].where,
			 settings.v[i].module, xstrdup(settings.v[i].text));
	settings_free(&settings);
}

static void read_rules(struct boot_image *image)
{
	size_t n;
	const struct image_file **files cleanup_free =
		list_modprobe_files(&image->image, &n);

	for (size_t i = 0; i < n; i++)
		read_rules_of(image, files[i]);
}

void boot_image_read(const struct root *root, const struct strings *paths,
		     struct boot_image *image)
{
	struct parts parts = { .n = 0 };

	image->path = strings_join(paths, " + ");
	for (size_t i = 0; i < paths->n && !image->error; i++)
		open_part(root, paths->v[i], image, &parts);
	if (!image->error)
		image->error = image_read(parts.v, parts.n, &image->image);
	parts_close(&parts);
	if (!image->error)
		read_rules(image);
}
