/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_order(const struct image *image)
{
	for (size_t i = 1; i < image->n_files; i++)
		assert(strcmp(image->files[i - 1].path, image->files[i].path) < 0);
	for (size_t i = 0; i < image->n_files; i++) {
		const struct image_file *file = &image->files[i];

		assert(image_file(image, file->path) == file);
		assert(!file->bytes || !file->bytes[file->size]);
	}
	for (size_t i = 0; i < image->n_modules; i++)
		assert(image_has_module(image, image->modules[i].release,
					image->modules[i].name));
}

/* Once whole, and once as two parts, as a loader hands over the microcode. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	FILE *file = n ? fmemopen((void *)bytes, n, "r") : NULL;
	struct image_part parts[] = { { file, 0, n / 2 }, { file, n / 2, n - n / 2 } };
	struct image_part whole = { file, 0, n };
	struct strings needed = { 0 };
	struct image image;

	if (!file)
		return 0;
	assert(image_read(&whole, 1, &image) == 0);
	assert((image.state == IMAGE_WHOLE) == !image.problem);
	check_order(&image);
	image_made_by(&image);
	image_dependencies(&image, "6.1", "vfio-pci", &needed);
	strings_free(&needed);
	image_free(&image);
	assert(image_read(parts, 2, &image) == 0);
	check_order(&image);
	image_free(&image);
	fclose(file);
	return 0;
}
