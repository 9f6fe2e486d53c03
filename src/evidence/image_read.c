/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libarchive only decompresses here. Its own reader of cpio ends at the first trailer,
 * and a microcode archive comes before the real one.
 */
#include "evidence/image_cpio.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_SIZE = 128 * 1024 };

/* The kernel's table (lib/decompress.c), with the words of libarchive for it. */
static const struct method {
	unsigned char magic[2];
	const char *name;
	int (*enable)(struct archive *archive);
} methods[] = {
	{ { 0x1f, 0x8b }, "gzip", archive_read_support_filter_gzip },
	{ { 0x1f, 0x9e }, "gzip", archive_read_support_filter_gzip },
	{ { 0x42, 0x5a }, "bzip2", archive_read_support_filter_bzip2 },
	{ { 0x5d, 0x00 }, "lzma", archive_read_support_filter_lzma },
	{ { 0xfd, 0x37 }, "xz", archive_read_support_filter_xz },
	{ { 0x89, 0x4c }, "lzo", archive_read_support_filter_lzop },
	{ { 0x02, 0x21 }, "lz4", archive_read_support_filter_lz4 },
	{ { 0x28, 0xb5 }, "zstd", archive_read_support_filter_zstd },
};

/* The parts behind one another, and how far they were read. */
struct reading {
	const struct image_part *parts;
	size_t n;
	uint64_t size;	   /* of all parts */
	uint64_t position; /* of what is read next */
	uint64_t unpacked;
	int error; /* of a stream, a negative errno */
	struct image_builder builder;
	struct cpio cpio;
	char buffer[BUFFER_SIZE];
};

static bool seek(struct reading *reading, uint64_t position)
{
	uint64_t start = 0;

	reading->position = position;
	for (size_t i = 0; i < reading->n; i++) {
		const struct image_part *part = &reading->parts[i];

		if (position - start < part->size) {
			if (fseeko(part->file, (off_t)(part->offset + position - start),
				   SEEK_SET) == 0)
				return true;
			reading->error = -errno;
			return false;
		}
		start += part->size;
	}
	return true;
}

/* Bytes of one part into the buffer: 0 at the end of all, and after an error. */
static size_t read_on(struct reading *reading, size_t most)
{
	uint64_t start = 0;

	for (size_t i = 0; i < reading->n && !reading->error; i++) {
		const struct image_part *part = &reading->parts[i];
		uint64_t done = reading->position - start;
		size_t n = most;

		if (done >= part->size) {
			start += part->size;
			continue;
		}
		if (done == 0 && !seek(reading, reading->position))
			return 0;
		if (part->size - done < n)
			n = (size_t)(part->size - done);
		n = fread(reading->buffer, 1, n, part->file);
		if (!n)
			reading->error = ferror(part->file) ? -EIO : -ENODATA;
		reading->position += n;
		return n;
	}
	return 0;
}

static la_ssize_t hand_over(struct archive *archive, void *client, const void **ret)
{
	struct reading *reading = client;
	size_t n = read_on(reading, sizeof reading->buffer);

	*ret = reading->buffer;
	if (!reading->error)
		return (la_ssize_t)n;
	archive_set_error(archive, -reading->error, "%s", "the stream ended");
	return -1;
}

static bool is_stopped(const struct reading *reading)
{
	return reading->error || reading->builder.image->problem;
}

/* What a compressed part unpacks to: archives, and nothing but zeros between. */
static void feed_unpacked(struct reading *reading, const char *bytes, size_t n)
{
	struct image *image = reading->builder.image;

	reading->unpacked += n;
	if (reading->unpacked > IMAGE_SIZE_MAX)
		image_fail(image, IMAGE_UNREAD, "it unpacks to more than %llu bytes",
			   IMAGE_SIZE_MAX);
	else if (cpio_feed(&reading->cpio, bytes, n) < n)
		image_fail(image, IMAGE_BROKEN,
			   "what is compressed in it is no cpio archive");
}

static bool has_rest(const struct reading *reading)
{
	return reading->cpio.state == CPIO_REST && reading->cpio.is_over;
}

/*
 * Where a part ends and something else than a part of its kind follows, some filters of
 * libarchive fail (padding behind zstd) instead of ending: all is well where an archive
 * has just ended. How much it has consumed is exact even then, but for xz.
 */
static void end_unpacking(struct reading *reading, const struct method *method,
			  struct archive *archive, int r)
{
	struct image *image = reading->builder.image;
	const char *reason = archive_error_string(archive);

	if (is_stopped(reading) || has_rest(reading))
		return;
	if (r == ARCHIVE_EOF)
		image_fail(image, IMAGE_BROKEN,
			   "its part that %s compresses ends within an archive",
			   method->name);
	else
		image_fail(image, IMAGE_BROKEN, "%s cannot unpack it: %s", method->name,
			   reason ? reason : "no reason was given");
}

static int unpack(struct reading *reading, const struct method *method,
		  struct archive *archive)
{
	struct archive_entry *entry;
	int r = archive_read_open(archive, reading, NULL, hand_over, NULL);

	if (r == ARCHIVE_OK)
		r = archive_read_next_header(archive, &entry);
	while (r == ARCHIVE_OK && !is_stopped(reading)) {
		const void *block;
		la_int64_t offset;
		size_t n;

		r = archive_read_data_block(archive, &block, &n, &offset);
		if (r == ARCHIVE_OK)
			feed_unpacked(reading, block, n);
	}
	return r;
}

static void read_compressed(struct reading *reading, const struct method *method)
{
	struct image *image = reading->builder.image;
	struct archive *archive = archive_read_new();
	uint64_t start = reading->position, consumed;

	if (!archive)
		abort(); /* out of memory */
	image->compression = method->name;
	archive_read_support_format_raw(archive);
	/* A warning says that it would run a program. */
	if (method->enable(archive) != ARCHIVE_OK) {
		image_fail(image, IMAGE_UNREAD, "this build cannot unpack %s",
			   method->name);
	} else {
		int r = unpack(reading, method, archive);

		end_unpacking(reading, method, archive, r);
		consumed = (uint64_t)archive_filter_bytes(archive, -1);
		if (!is_stopped(reading) && !consumed)
			image_fail(image, IMAGE_BROKEN, "%s cannot unpack it",
				   method->name);
		else if (!is_stopped(reading))
			seek(reading, start + consumed);
	}
	archive_read_free(archive);
}

/* A plain archive, up to where something else begins. */
static void read_plain(struct reading *reading)
{
	uint64_t start = reading->position;
	size_t n;

	while (!is_stopped(reading) && (n = read_on(reading, BUFFER_SIZE))) {
		size_t taken = cpio_feed(&reading->cpio, reading->buffer, n);

		start += taken;
		if (taken < n)
			break;
	}
	if (is_stopped(reading))
		return;
	if (reading->cpio.state != CPIO_REST)
		image_fail(reading->builder.image, IMAGE_BROKEN,
			   "it ends within an archive");
	seek(reading, start);
}

static const struct method *method_of(const unsigned char *magic)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (memcmp(methods[i].magic, magic, 2) == 0)
			return &methods[i];
	return NULL;
}

/* What neither an archive nor a compression begins with. Behind xz it may be that only
 * libarchive lost its place. */
static void give_up(struct reading *reading)
{
	struct image *image = reading->builder.image;
	bool is_lost = image->compression && strcmp(image->compression, "xz") == 0;

	image_fail(
		image, is_lost ? IMAGE_UNREAD : IMAGE_BROKEN,
		"what stands at byte %llu is no archive and not compressed in a way that the kernel knows",
		(unsigned long long)reading->position);
}

/* One part of the image, or the zeros before it. */
static void read_next(struct reading *reading)
{
	uint64_t start = reading->position;
	size_t n = read_on(reading, BUFFER_SIZE), zeros = 0;
	const struct method *method;
	unsigned char magic[2] = { 0 };

	while (zeros < n && !reading->buffer[zeros])
		zeros++;
	if (zeros || reading->error) {
		if (!reading->error)
			seek(reading, start + zeros);
		return;
	}
	memcpy(magic, reading->buffer, n < 2 ? n : 2);
	seek(reading, start);
	method = method_of(magic);
	if (magic[0] == '0' && start % 4 == 0)
		read_plain(reading);
	else if (method)
		read_compressed(reading, method);
	else
		give_up(reading);
}

int image_read(const struct image_part *parts, size_t n, struct image *ret)
{
	struct image image = { 0 };
	struct reading *reading = xcalloc(1, sizeof *reading);
	int error;

	reading->parts = parts;
	reading->n = n;
	reading->builder.image = &image;
	reading->cpio.builder = &reading->builder;
	for (size_t i = 0; i < n; i++)
		reading->size += parts[i].size;
	if (reading->size > IMAGE_SIZE_MAX)
		image_fail(&image, IMAGE_UNREAD, "it has more than %llu bytes",
			   IMAGE_SIZE_MAX);
	while (reading->position < reading->size && !is_stopped(reading))
		read_next(reading);
	if (!image.n_entries)
		image_fail(&image, IMAGE_BROKEN, "it holds no archive");
	image_finish(&reading->builder);
	error = reading->error;
	free(reading);
	if (error)
		image_free(&image);
	else
		*ret = image;
	return error;
}
