/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image.h"
#include "evidence/loader_entry.h"
#include "evidence/uki.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_text(const char *text)
{
	assert(!text || strlen(text) <= UKI_TEXT_MAX);
}

/* A section that the file does not have is found when it is read: behind its end a stream
 * in memory fails, and one of a disk does not. */
static void read_image(FILE *file, const struct uki *uki)
{
	const struct image_part parts[] = {
		{ file, uki->microcode.offset, uki->microcode.size },
		{ file, uki->initrd.offset, uki->initrd.size },
	};
	struct image image;

	if (image_read(parts, 2, &image) == 0)
		image_free(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	FILE *file = n ? fmemopen((void *)bytes, n, "r") : NULL;
	struct boot_entry entry = { 0 };
	struct uki uki = { 0 };
	int r;

	if (!file)
		return 0;
	r = uki_read(file, &uki);
	assert(r == 0 || r == -EINVAL);
	if (r == 0) {
		read_image(file, &uki);
		check_text(uki.cmdline);
		check_text(uki.uname);
		check_text(uki.osrel);
		loader_entry_of_uki("/efi/EFI/Linux/a.efi", &uki, &entry);
		boot_entry_free(&entry);
	}
	uki_free(&uki);
	fclose(file);
	return 0;
}
