/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of an image behind one another, read by position. Private. */
#pragma once

#include "evidence/image.h"

enum { IMAGE_BUFFER_SIZE = 128 * 1024 };

struct image_stream {
	const struct image_part *parts;
	size_t n;
	uint64_t end;	   /* of what may be read */
	uint64_t position; /* of what is read next */
	int error;	   /* a negative errno, after which nothing more is read */
	char buffer[IMAGE_BUFFER_SIZE];
};

void image_stream_seek(struct image_stream *stream, uint64_t position);

/* Up to `most` bytes into the buffer; 0 at the end and after an error. */
size_t image_stream_read(struct image_stream *stream, size_t most);

/* Bytes at a position, copied; false where there are not so many. */
bool image_stream_peek(struct image_stream *stream, uint64_t position,
		       unsigned char *bytes, size_t n);
