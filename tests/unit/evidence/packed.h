/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives as generators of images make them, in memory: plain, compressed, joined. */
#pragma once

#include "evidence/image.h"
#include "unit/check.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

struct packed {
	char *bytes;
	size_t n;
};

static inline void packed_free(struct packed *packed)
{
	free(packed->bytes);
	*packed = (struct packed){ 0 };
}
#define cleanup_packed cleanup(packed_free)

static inline void packed_add(struct packed *packed, const void *bytes, size_t n)
{
	packed->bytes = xreallocarray(packed->bytes, packed->n + n + 1, 1);
	if (n)
		memcpy(packed->bytes + packed->n, bytes, n);
	packed->n += n;
}

static inline void packed_zeros(struct packed *packed, size_t n)
{
	cleanup_free char *zeros = xcalloc(n + 1, 1);

	packed_add(packed, zeros, n);
}

/* An entry of an archive; `inode` joins entries that have `links` names. */
static inline void packed_link(struct packed *packed, const char *path, unsigned mode,
			       const char *body, unsigned inode, unsigned links)
{
	size_t name = strlen(path) + 1, n = strlen(body);
	cleanup_free char *header =
		xasprintf("070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X",
			  inode, mode, 0u, 0u, links, 0u, n, 0u, 0u, 0u, 0u, name, 0u);

	packed_add(packed, header, 110);
	packed_add(packed, path, name);
	packed_zeros(packed, -(110 + name) & 3);
	packed_add(packed, body, n);
	packed_zeros(packed, -n & 3);
}

static inline void packed_file(struct packed *packed, const char *path, const char *body)
{
	packed_link(packed, path, 0100644, body, 0, 1);
}

static inline void packed_end(struct packed *packed)
{
	packed_link(packed, "TRAILER!!!", 0, "", 0, 1);
}

/* The legacy form of lz4, which the kernel takes and libarchive does not write: one
 * block of literals (lz4_Block_format.md). */
static inline void packed_lz4(struct packed *packed, const char *bytes, size_t n)
{
	unsigned char length[4];
	struct packed block = { 0 };
	size_t left = n - 15;

	assert_true(n > 15);
	packed_add(&block, "\xf0", 1);
	for (; left >= 255; left -= 255)
		packed_add(&block, "\xff", 1);
	packed_add(&block, (char[]){ (char)left }, 1);
	packed_add(&block, bytes, n);
	for (int i = 0; i < 4; i++)
		length[i] = (unsigned char)(block.n >> 8 * i);
	packed_add(packed, "\x02\x21\x4c\x18", 4);
	packed_add(packed, length, 4);
	packed_add(packed, block.bytes, block.n);
	packed_free(&block);
}

/* The same bytes compressed, by the name that image->compression has for it. */
static inline struct packed packed_by(const char *method, const struct packed *plain)
{
	size_t room = 2 * plain->n + 4096, n = 0;
	struct packed packed = { 0 };
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	if (strcmp(method, "lz4") == 0) {
		packed_lz4(&packed, plain->bytes, plain->n);
	} else {
		packed.bytes = xcalloc(room, 1);
		assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
		assert_int_equal(archive_write_add_filter_by_name(archive, method),
				 ARCHIVE_OK);
		archive_write_set_bytes_in_last_block(archive, 1);
		archive_write_open_memory(archive, packed.bytes, room, &n);
		archive_entry_set_pathname(entry, "x");
		archive_entry_set_filetype(entry, AE_IFREG);
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		assert_int_equal(archive_write_data(archive, plain->bytes, plain->n),
				 plain->n);
		assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
		packed.n = n;
	}
	archive_entry_free(entry);
	archive_write_free(archive);
	return packed;
}

/* Takes the second over. */
static inline void packed_join(struct packed *packed, struct packed more)
{
	packed_add(packed, more.bytes, more.n);
	packed_free(&more);
}

static inline int packed_read(const struct packed *packed, struct image *ret)
{
	FILE *file = fmemopen(packed->bytes, packed->n ? packed->n : 1, "r");
	const struct image_part part = { file, 0, packed->n };
	int r = image_read(&part, 1, ret);

	fclose(file);
	return r;
}
