/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libarchive only decompresses here. Its own reader of cpio ends at the first trailer,
 * and a microcode archive comes before the real one.
 */
#include "evidence/image_cpio.h"
#include "evidence/image_extent.h"

#include <archive.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's table (lib/decompress.c), with what libarchive has for it. */
static const struct method {
	unsigned char magic[2];
	const char *name;
	int (*enable)(struct archive *archive);
	uint64_t (*extent)(struct image_stream *stream, uint64_t start);
} methods[] = {
	{ { 0x1f, 0x8b }, "gzip", archive_read_support_filter_gzip, NULL },
	{ { 0x1f, 0x9e }, "gzip", archive_read_support_filter_gzip, NULL },
	{ { 0x42, 0x5a }, "bzip2", archive_read_support_filter_bzip2, NULL },
	{ { 0x5d, 0x00 }, "lzma", archive_read_support_filter_lzma, NULL },
	{ { 0xfd, 0x37 }, "xz", archive_read_support_filter_xz, image_extent_xz },
	/* That filter of libarchive would run a program. */
	{ { 0x89, 0x4c }, "lzo", NULL, NULL },
	{ { 0x02, 0x21 }, "lz4", archive_read_support_filter_lz4, image_extent_lz4 },
	{ { 0x28, 0xb5 }, "zstd", archive_read_support_filter_zstd, image_extent_zstd },
};

struct reading {
	struct image_stream stream;
	uint64_t unpacked;
	struct image_builder builder;
	struct cpio cpio;
};

static la_ssize_t hand_over(struct archive *archive, void *client, const void **ret)
{
	struct image_stream *stream = client;
	size_t n = image_stream_read(stream, sizeof stream->buffer);

	*ret = stream->buffer;
	if (!stream->error)
		return (la_ssize_t)n;
	archive_set_error(archive, -stream->error, "%s", "it cannot be read");
	return -1;
}

static bool is_stopped(const struct reading *reading)
{
	return reading->stream.error || reading->builder.image->problem;
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

static void end_unpacking(struct reading *reading, const struct method *method,
			  struct archive *archive, int r)
{
	struct image *image = reading->builder.image;
	const char *reason = archive_error_string(archive);

	if (is_stopped(reading))
		return;
	if (r != ARCHIVE_EOF)
		image_fail(image, IMAGE_BROKEN, "%s cannot unpack it: %s", method->name,
			   reason ? reason : "no reason was given");
	else if (!has_rest(reading))
		image_fail(image, IMAGE_BROKEN,
			   "its part that %s compresses ends within an archive",
			   method->name);
}

static int unpack(struct reading *reading, const struct method *method,
		  struct archive *archive)
{
	struct archive_entry *entry;
	int r = archive_read_open(archive, &reading->stream, NULL, hand_over, NULL);

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
	struct image_stream *stream = &reading->stream;
	uint64_t start = stream->position, end = stream->end, taken;
	struct archive *archive = archive_read_new();

	if (!archive)
		abort(); /* out of memory */
	image->compression = method->name;
	if (method->extent)
		stream->end = method->extent(stream, start);
	image_stream_seek(stream, start);
	archive_read_support_format_raw(archive);
	/* A warning says that it would run a program. */
	if (!method->enable || method->enable(archive) != ARCHIVE_OK)
		image_fail(image, IMAGE_UNREAD, "this build cannot unpack %s",
			   method->name);
	else
		end_unpacking(reading, method, archive, unpack(reading, method, archive));
	/* Where its end was not known, its filter takes no more than it needs. */
	taken = (uint64_t)archive_filter_bytes(archive, -1);
	if (!is_stopped(reading))
		image_stream_seek(stream,
				  stream->end < end ? stream->end : start + taken);
	stream->end = end;
	archive_read_free(archive);
}

/* A plain archive, up to where something else begins. */
static void read_plain(struct reading *reading)
{
	uint64_t end = reading->stream.position;
	size_t n;

	while (!is_stopped(reading) &&
	       (n = image_stream_read(&reading->stream, IMAGE_BUFFER_SIZE))) {
		size_t taken = cpio_feed(&reading->cpio, reading->stream.buffer, n);

		end += taken;
		if (taken < n)
			break;
	}
	if (is_stopped(reading))
		return;
	if (!has_rest(reading))
		image_fail(reading->builder.image, IMAGE_BROKEN,
			   "it ends within an archive");
	image_stream_seek(&reading->stream, end);
}

static const struct method *method_of(const char *magic)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (memcmp(methods[i].magic, magic, 2) == 0)
			return &methods[i];
	return NULL;
}

/* One part of the image, or the zeros before it. */
static void read_next(struct reading *reading)
{
	struct image_stream *stream = &reading->stream;
	uint64_t start = stream->position;
	size_t n = image_stream_read(stream, IMAGE_BUFFER_SIZE), zeros = 0;
	const struct method *method = n > 1 ? method_of(stream->buffer) : NULL;
	bool is_plain = n && stream->buffer[0] == '0' && start % 4 == 0;

	while (zeros < n && !stream->buffer[zeros])
		zeros++;
	image_stream_seek(stream, start + zeros);
	if (zeros || stream->error)
		return;
	if (is_plain)
		read_plain(reading);
	else if (method)
		read_compressed(reading, method);
	else
		image_fail(
			reading->builder.image, IMAGE_BROKEN,
			"what stands at byte %llu of it is neither an archive nor compressed in a way that the kernel knows",
			(unsigned long long)start);
}

int image_read(const struct image_part *parts, size_t n, struct image *ret)
{
	struct image image = { 0 };
	struct reading *reading = xcalloc(1, sizeof *reading);
	struct image_stream *stream = &reading->stream;
	int error;

	stream->parts = parts;
	stream->n = n;
	reading->builder.image = &image;
	reading->cpio.builder = &reading->builder;
	for (size_t i = 0; i < n; i++)
		stream->end += parts[i].size;
	if (stream->end > IMAGE_SIZE_MAX)
		image_fail(&image, IMAGE_UNREAD, "it has more than %llu bytes",
			   IMAGE_SIZE_MAX);
	while (stream->position < stream->end && !is_stopped(reading))
		read_next(reading);
	if (!image.n_entries)
		image_fail(&image, IMAGE_BROKEN, "it holds no archive");
	image_finish(&reading->builder);
	error = stream->error;
	free(reading);
	if (error)
		image_free(&image);
	else
		*ret = image;
	return error;
}
