/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image.h"

#include "base/search.h"

#include <stdlib.h>
#include <string.h>

static int compare_spelling(const char *a, const char *b)
{
	for (;; a++, b++) {
		unsigned char x = *a == '-' ? '_' : (unsigned char)*a;
		unsigned char y = *b == '-' ? '_' : (unsigned char)*b;

		if (x != y || !x)
			return x - y;
	}
}

static int compare_module(const void *key, const void *element)
{
	const struct image_module *x = key, *y = element;
	int order = strcmp(x->release, y->release);

	return order ? order : compare_spelling(x->name, y->name);
}

static bool has_module_in(const struct image *image, const char *release,
			  const char *name)
{
	const struct image_module key = { (char *)release, (char *)name };

	return image->n_modules && bsearch(&key, image->modules, image->n_modules,
					   sizeof key, compare_module);
}

bool image_has_module(const struct image *image, const char *release, const char *name)
{
	return has_module_in(image, release, name) || has_module_in(image, "", name);
}

size_t image_count_modules(const struct image *image, const char *release)
{
	size_t n = 0;

	for (size_t i = 0; i < image->n_modules; i++)
		n += strcmp(image->modules[i].release, release) == 0;
	return n;
}

static int compare_file(const void *key, const void *element)
{
	return strcmp(key, ((const struct image_file *)element)->path);
}

const struct image_file *image_file(const struct image *image, const char *path)
{
	if (!image->n_files)
		return NULL;
	return bsearch(path, image->files, image->n_files, sizeof *image->files,
		       compare_file);
}

static int compare_to_path(const void *key, const void *element)
{
	const struct image_file *file = element;

	return strcmp(key, file->path);
}

const struct image_file *image_folder(const struct image *image, const char *folder,
				      size_t *ret_n)
{
	size_t first = search_first(folder, image->files, image->n_files,
				    sizeof *image->files, compare_to_path);
	size_t length = strlen(folder), n = 0;

	while (first + n < image->n_files &&
	       strncmp(image->files[first + n].path, folder, length) == 0)
		n++;
	*ret_n = n;
	return n ? &image->files[first] : NULL;
}

/* The name of the module in 'kernel/drivers/vfio/pci/vfio-pci.ko.xz', within `n`. */
static char *module_in(const char *path, size_t n)
{
	const char *base = memrchr(path, '/', n);
	size_t length;

	base = base ? base + 1 : path;
	length = (size_t)(path + n - base);
	return xstrndup(base, strcspn(base, ".") < length ? strcspn(base, ".") : length);
}

static void take_dependencies(const char *line, struct strings *ret)
{
	while (*line && *line != '\n') {
		size_t n = strcspn(line, " \n");

		if (n)
			strings_take(ret, module_in(line, n));
		line += n + (line[n] == ' ');
	}
}

bool image_dependencies(const struct image *image, const char *release, const char *name,
			struct strings *ret)
{
	cleanup_free char *path = xasprintf("lib/modules/%s/modules.dep", release);
	const struct image_file *file = image_file(image, path);
	const char *line = file ? file->bytes : NULL;

	for (; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t n = strcspn(line, ":\n");
		cleanup_free char *module = line[n] == ':' ? module_in(line, n) : NULL;

		if (!module || compare_spelling(module, name) != 0)
			continue;
		take_dependencies(line + n + 1, ret);
		return true;
	}
	return false;
}

enum image_generator image_made_by(const struct image *image)
{
	static const struct {
		const char *path;
		enum image_generator generator;
	} marks[] = {
		{ "lib/dracut/modules.txt", IMAGE_BY_DRACUT },
		{ "lib/dracut/build-parameter.txt", IMAGE_BY_DRACUT },
		{ "buildconfig", IMAGE_BY_MKINITCPIO },
		{ "conf/initramfs.conf", IMAGE_BY_INITRAMFS_TOOLS },
		{ "scripts/init-top/ORDER", IMAGE_BY_INITRAMFS_TOOLS },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (image_file(image, marks[i].path))
			return marks[i].generator;
	return IMAGE_BY_OTHER;
}

void image_free(struct image *image)
{
	for (size_t i = 0; i < image->n_modules; i++) {
		free(image->modules[i].release);
		free(image->modules[i].name);
	}
	for (size_t i = 0; i < image->n_files; i++) {
		free(image->files[i].path);
		free(image->files[i].bytes);
	}
	free(image->modules);
	free(image->files);
	free(image->problem);
	*image = (struct image){ 0 };
}
