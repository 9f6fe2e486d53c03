/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an initramfs image holds, as far as it decides who gets a device. It is read as
 * the kernel unpacks it (init/initramfs.c, unpack_to_rootfs): cpio archives, plain or
 * compressed, one behind another, with zeros between; a later file replaces an earlier.
 */
#pragma once

#include "base/memory.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	IMAGE_FILES_MAX = 65536,	   /* modules, and files that matter */
	IMAGE_FILE_MAX = 1024 * 1024,	   /* bytes of one that is kept */
	IMAGE_KEPT_MAX = 64 * 1024 * 1024, /* bytes of all that is kept */
};
/* Bytes of an image, and of what it unpacks to. */
#define IMAGE_SIZE_MAX (4ull << 30)

struct image_module {
	char *release; /* of the kernel whose folder it is in; "" where it is in none */
	char *name;    /* with underscores */
};

/* Paths are without 'usr/', which images have or not for one and the same place. */
struct image_file {
	char *path;  /* 'etc/modprobe.d/00-vfio-bootcfg.conf' */
	char *bytes; /* NUL-terminated; NULL where only the name matters */
	size_t size;
};

enum image_state {
	IMAGE_WHOLE,
	IMAGE_BROKEN, /* the kernel could not unpack it either */
	IMAGE_UNREAD, /* there is more in it than could be read here */
};

enum image_generator {
	IMAGE_BY_OTHER,
	IMAGE_BY_DRACUT,
	IMAGE_BY_MKINITCPIO,
	IMAGE_BY_INITRAMFS_TOOLS,
};

struct image {
	struct image_module *modules; /* sorted by release, then by name */
	size_t n_modules;
	struct image_file *files; /* those that matter, sorted by path */
	size_t n_files;
	size_t n_entries;	 /* of all archives */
	const char *compression; /* of its last compressed part: 'zstd'; or NULL */
	enum image_state state;
	char *problem; /* why it is not whole, or NULL */
};

/* A part of an open file: an image, or a section of a unified kernel image. */
struct image_part {
	FILE *file;
	uint64_t offset, size;
};

/*
 * Reads the parts as one image, as a boot loader hands them over, in the memory of what
 * is kept. 0 or a negative errno of a stream; what is wrong with the content is in
 * ret->problem, and *ret has what came before it.
 */
int image_read(const struct image_part *parts, size_t n, struct image *ret);
void image_free(struct image *image);

/* Names may be spelt with dashes. */
bool image_has_module(const struct image *image, const char *release, const char *name);

/* How many modules it has for that kernel. */
size_t image_count_modules(const struct image *image, const char *release);

/* The modules that one needs, by the image's own index; false where it has none. */
bool image_dependencies(const struct image *image, const char *release, const char *name,
			struct strings *ret);

/* NULL where there is none. Borrowed. */
const struct image_file *image_file(const struct image *image, const char *path);

/* The files of one folder, 'etc/modprobe.d/', sorted by name. Borrowed. */
const struct image_file *image_folder(const struct image *image, const char *folder,
				      size_t *ret_n);

/* Told by what each generator alone leaves in its images. */
enum image_generator image_made_by(const struct image *image);

#define cleanup_image cleanup(image_free)
