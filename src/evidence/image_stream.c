/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evidence/image_stream.h"

#include <errno.h>
#include <string.h>

/* The part that holds the position, and where in the stream it begins; NULL past all. */
static const struct image_part *part_at(const struct image_stream *stream,
					uint64_t *ret_start)
{
	uint64_t start = 0;

	for (size_t i = 0; i < stream->n; i++) {
		if (stream->position - start < stream->parts[i].size) {
			*ret_start = start;
			return &stream->parts[i];
		}
		start += stream->parts[i].size;
	}
	return NULL;
}

void image_stream_seek(struct image_stream *stream, uint64_t position)
{
	const struct image_part *part;
	uint64_t start;

	stream->position = position;
	part = part_at(stream, &start);
	if (part &&
	    fseeko(part->file, (off_t)(part->offset + position - start), SEEK_SET) < 0)
		stream->error = -errno;
}

size_t image_stream_read(struct image_stream *stream, size_t most)
{
	uint64_t start, left;
	const struct image_part *part = part_at(stream, &start);
	size_t n;

	if (!part || stream->error || stream->position >= stream->end)
		return 0;
	if (stream->position == start)
		image_stream_seek(stream, start);
	left = start + part->size - stream->position;
	if (stream->end - stream->position < left)
		left = stream->end - stream->position;
	n = fread(stream->buffer, 1, left < most ? (size_t)left : most, part->file);
	/* A file that has become shorter is no reason to read it again and again. */
	if (!n)
		stream->error = -EIO;
	stream->position += n;
	return n;
}

bool image_stream_peek(struct image_stream *stream, uint64_t position,
		       unsigned char *bytes, size_t n)
{
	size_t done = 0;

	if (position > stream->end || stream->end - position < n)
		return false;
	image_stream_seek(stream, position);
	while (done < n) {
		size_t more = image_stream_read(stream, n - done);

		if (!more)
			return false;
		memcpy(bytes + done, stream->buffer, more);
		done += more;
	}
	return true;
}
