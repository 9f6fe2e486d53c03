/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An image in the making: which entries of its archives are kept. Private. */
#pragma once

#include "evidence/image.h"

enum { IMAGE_LINKS_MAX = 64 };

struct cpio_entry {
	uint32_t inode, mode, links, major, minor;
	uint64_t size;
};

/* A file without a body that shares one with an entry to come: in this format it stands
 * at the last of several names (gen_init_cpio.c: 'data goes on last link'). */
struct image_link {
	struct cpio_entry entry;
	size_t file; /* in image->files */
};

struct image_builder {
	struct image *image;
	size_t kept; /* bytes, of names and of content */
	struct image_link links[IMAGE_LINKS_MAX];
	size_t n_links;
	/* The entry whose body comes now. */
	struct cpio_entry entry;
	size_t file; /* in image->files, or SIZE_MAX: only links want the body */
	char *body;
	size_t n_body;
};

/* The first problem stays. */
void image_fail(struct image *image, enum image_state state, const char *problem, ...)
	__attribute__((format(printf, 3, 4)));

/* Takes an entry: whether its body is wanted, which is then given in pieces and ended. */
bool image_begin_entry(struct image_builder *builder, const char *path,
		       const struct cpio_entry *entry);
void image_add_body(struct image_builder *builder, const char *bytes, size_t n);
void image_end_entry(struct image_builder *builder);

/* Sorts what was kept; of files with one path the last stays. */
void image_finish(struct image_builder *builder);
