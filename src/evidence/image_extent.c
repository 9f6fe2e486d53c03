/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image_extent.h"

#include <string.h>

enum {
	BLOCKS_MAX = 1 << 20,
	XZ_FOOTER = 12,
	LZ4_BLOCK = 8 * 1024 * 1024, /* unpacked: lib/decompress_unlz4.c */
};

static uint32_t little_endian(const unsigned char *bytes, int n)
{
	uint32_t value = 0;

	for (int i = n - 1; i >= 0; i--)
		value = value << 8 | bytes[i];
	return value;
}

/* The blocks of a frame (RFC 8878, 3.1.1.2): behind the last one, or 0. */
static uint64_t zstd_blocks(struct image_stream *stream, uint64_t at)
{
	unsigned char bytes[3];

	for (int i = 0; i < BLOCKS_MAX; i++) {
		uint32_t header, type;

		if (!image_stream_peek(stream, at, bytes, sizeof bytes))
			return 0;
		header = little_endian(bytes, 3);
		type = header >> 1 & 3;
		at += 3 + (type == 1 ? 1 : header >> 3); /* 1: one byte, repeated */
		if (header & 1)
			return at;
	}
	return 0;
}

/* Behind one frame, or 0 where none begins. */
static uint64_t zstd_frame(struct image_stream *stream, uint64_t at)
{
	static const unsigned char sizes[] = { 0, 2, 4, 8 }, ids[] = { 0, 1, 2, 4 };
	unsigned char bytes[9];
	unsigned descriptor;
	bool is_single;

	if (!image_stream_peek(stream, at, bytes, 8))
		return 0;
	if (little_endian(bytes, 4) >> 4 == 0x184d2a5) /* skippable */
		return at + 8 + little_endian(bytes + 4, 4);
	if (little_endian(bytes, 4) != 0xfd2fb528)
		return 0;
	descriptor = bytes[4];
	is_single = descriptor >> 5 & 1;
	at += 5 + !is_single + ids[descriptor & 3] + sizes[descriptor >> 6];
	at += is_single && descriptor >> 6 == 0;
	at = zstd_blocks(stream, at);
	return at && descriptor >> 2 & 1 ? at + 4 : at; /* a checksum */
}

uint64_t image_extent_zstd(struct image_stream *stream, uint64_t start)
{
	uint64_t end = start, next;

	/* One archive may be spread over frames. */
	for (int i = 0; i < BLOCKS_MAX && (next = zstd_frame(stream, end)); i++)
		end = next;
	return end > start && end < stream->end ? end : stream->end;
}

/* The legacy format: blocks with their sizes, and nothing that ends them. */
uint64_t image_extent_lz4(struct image_stream *stream, uint64_t start)
{
	const uint32_t most = LZ4_BLOCK + LZ4_BLOCK / 255 + 16;
	uint64_t end = start;
	unsigned char bytes[4];

	for (int i = 0; i < BLOCKS_MAX && image_stream_peek(stream, end, bytes, 4); i++) {
		uint32_t size = little_endian(bytes, 4);

		if (size == 0x184c2102) /* its magic: one more stream */
			size = 0;
		else if (size == 0 || size > most)
			return end;
		end += 4 + (uint64_t)size;
	}
	return end < stream->end && stream->end - end < 4 ? end : stream->end;
}

static uint32_t crc32_of(const unsigned char *bytes, size_t n)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* Whether the 12 bytes end a stream (The .xz File Format, 2.1.2). */
static bool is_xz_footer(const unsigned char *bytes)
{
	return memcmp(bytes + 10, "YZ", 2) == 0 &&
	       little_endian(bytes, 4) == crc32_of(bytes + 4, 6);
}

static bool is_xz_at(struct image_stream *stream, uint64_t position)
{
	static const unsigned char magic[] = { 0xfd, '7', 'z', 'X', 'Z', '\0' };
	unsigned char bytes[sizeof magic];

	return image_stream_peek(stream, position, bytes, sizeof bytes) &&
	       memcmp(bytes, magic, sizeof magic) == 0;
}

/* Whether a footer ends at the position. */
static bool is_xz_end(struct image_stream *stream, uint64_t position)
{
	unsigned char bytes[XZ_FOOTER];

	return position >= XZ_FOOTER &&
	       image_stream_peek(stream, position - XZ_FOOTER, bytes, XZ_FOOTER) &&
	       is_xz_footer(bytes);
}

/* Behind the next footer, or 0; the sizes of a stream are multiples of four. */
static uint64_t xz_stream(struct image_stream *stream, uint64_t start)
{
	uint64_t at = start;
	char before = '\0';
	size_t n;

	image_stream_seek(stream, start);
	while ((n = image_stream_read(stream, IMAGE_BUFFER_SIZE))) {
		for (size_t i = 0; i < n; i++) {
			bool is_mark = before == 'Y' && stream->buffer[i] == 'Z';

			before = stream->buffer[i];
			at++;
			if (!is_mark || (at - start) % 4 != 0)
				continue;
			if (is_xz_end(stream, at))
				return at;
			image_stream_seek(stream, at); /* the buffer is lost */
			break;
		}
	}
	return 0;
}

uint64_t image_extent_xz(struct image_stream *stream, uint64_t start)
{
	uint64_t end = start, next;

	for (int i = 0; i < BLOCKS_MAX && is_xz_at(stream, end); i++) {
		next = xz_stream(stream, end);
		if (!next)
			break;
		end = next;
	}
	return end > start ? end : stream->end;
}
