/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives of the format that the kernel takes (cpio -H newc), given piece by piece: the
 * state machine of init/initramfs.c, write_buffer(). Private. */
#pragma once

#include "evidence/image_build.h"

#include <limits.h>

enum { CPIO_HEADER_SIZE = 110 };

enum cpio_state {
	CPIO_REST,   /* before an archive, or behind its trailer */
	CPIO_HEADER, /* what is gathered is a header */
	CPIO_NAME,
	CPIO_BODY,
	CPIO_SKIP, /* what nobody wants, and padding */
};

struct cpio {
	struct image_builder *builder;
	enum cpio_state state;
	uint64_t left; /* of what the state takes */
	uint64_t body; /* bytes that follow the name, and their padding */
	uint64_t padding;
	size_t n_gathered;
	struct cpio_entry entry;
	char gathered[PATH_MAX + 4]; /* a header, or a name */
	bool is_over;		     /* the trailer was read */
	bool is_broken;		     /* image->problem says why */
};

/*
 * Takes bytes as long as they belong to an archive, and zeros between archives. Fewer
 * are taken than were given where one is broken, or where something else begins.
 */
size_t cpio_feed(struct cpio *cpio, const char *bytes, size_t n);
